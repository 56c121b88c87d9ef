"""How what photos say of themselves comes into a library, and the names of their places."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from store.ledger_writer import LedgerWriter
from store.metadata import Metadata
from store.sql import metadata_rows, place_names


class FactsWriter(LedgerWriter):
    """The part of ``store.writer.LibraryWriter`` that keeps what is known of contents."""

    def set_embedded(self, told: Mapping[int, Metadata]) -> None:
        """Write what the files of contents say beside their pixels, by the contents' ids."""
        self._change(
            lambda connection: metadata_rows.set_embedded(connection, told),
            searched=True,
            together=True,
        )

    def set_places(self, places: Mapping[int, str]) -> None:
        """Write the names of the places where contents were taken, by id."""
        self._change(
            lambda connection: place_names.set_places(connection, places),
            searched=True,
            together=True,
        )

    def forget_places(self, ids: Collection[int]) -> None:
        """Let contents be named anew, by their ids; names that their files give stay."""
        self._change(
            lambda connection: place_names.forget_places(connection, ids),
            searched=True,
            together=True,
        )

    def set_place_edition(self, number: int) -> None:
        """Say that all places are named in one way; see ``indexer.places.EDITION``."""
        self._change(lambda connection: place_names.set_edition(connection, number))

"""How what photos say of themselves comes into a library, and the names of their places."""

from __future__ import annotations

from collections.abc import Mapping

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

    def rename_places(self, places: Mapping[int, tuple[str, str]], edition: int, last: int) -> None:
        """Write new names of places, which files and sidecars do not give, over those there are.

        Args:
            places: the name so far and the new one, by contents' ids.
            edition: how they are named now.
            last: the id of the last content that is named so.
        """
        self._change(
            lambda connection: place_names.rename_places(connection, places, edition, last),
            searched=bool(places),
            together=True,
        )

    def set_place_edition(self, number: int) -> None:
        """Say that all places are named in one way; see ``indexer.places.EDITION``."""
        self._change(lambda connection: place_names.set_edition(connection, number))

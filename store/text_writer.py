"""How the text in pictures comes into a library."""

from __future__ import annotations

from collections.abc import Mapping

from store.ledger_writer import LedgerWriter
from store.picture_text import ReadText
from store.sql import key_values, picture_texts
from store.sql.key_values import READ_TEXT


class TextWriter(LedgerWriter):
    """The part of ``store.writer.LibraryWriter`` that keeps the text in pictures."""

    def set_texts(self, texts: Mapping[int, ReadText]) -> None:
        """Write what was read in contents, by id, in one transaction.

        Contents that are not there any more are left out.
        """
        self._change(
            lambda connection: picture_texts.put(connection, texts), searched=True, together=True
        )

    def forget_texts(self, *, problems_only: bool = False) -> int:
        """Let every picture be read again, or those that could not be; returns how many."""
        return self._change(
            lambda connection: picture_texts.forget(connection, problems_only=problems_only),
            searched=True,
        )

    def read_text_of_new_photos(self, wanted: bool) -> None:
        """Let runs of ``clipsearch index`` read the text in new photos from now on, or not."""
        self._change(lambda connection: key_values.put(connection, READ_TEXT, wanted))

"""Queries as people type them, read with the names that one library has."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import datetime

from app.query.library_names import LibraryNames
from app.query.model import Query
from app.query.parsed_text import EMPTY, ParsedText
from app.query.parser import parse_text
from app.query.understanding import Surroundings, understood
from app.query.unknown_words import ENGLISH, Reads, readable
from store.errors import LibraryError, QueryError
from store.library import Library


class QueryReader:
    """Reads queries for one library; safe to share by threads.

    Args:
        now: gives the local time, to which words like "yesterday" refer.
        reads: the languages that can be read; None: those of the library's model.
    """

    def __init__(
        self,
        library: Library,
        now: Callable[[], datetime] = datetime.now,
        reads: Reads | None = None,
    ) -> None:
        self._library, self._now, self._reads = library, now, reads
        self._names: tuple[str, LibraryNames] | None = None

    def read(self, text: str) -> ParsedText:
        """A query's text, which may be blank, and its meaning.

        Raises:
            QueryError: it can't be understood.
        """
        names = functools.cache(self._names_now)  # asked for once, if at all
        around = Surroundings(names, self._now(), self._reads or self._reads_now())
        return understood(parse_text(text), around)

    def query(self, text: str) -> Query:
        """The query that ``text`` asks for.

        Raises:
            QueryError: it can't be understood, or is empty.
        """
        query = self.read(text).query()
        if not query.terms and query.filter is None:
            raise QueryError(EMPTY)
        return query

    def _reads_now(self) -> Reads:
        try:
            model = self._library.model()
        except LibraryError:
            return ENGLISH
        return ENGLISH if model is None else readable(model.name)

    def _names_now(self) -> LibraryNames:
        """The names; none where the library can't be asked: then the words are only words."""
        try:
            return self._library_names()
        except LibraryError:
            return LibraryNames()

    def _library_names(self) -> LibraryNames:
        state = self._library.names_state()
        kept = self._names
        if kept is not None and kept[0] == state:
            return kept[1]
        stored, data = self._library.names(state), self._library.user_data
        names = LibraryNames(
            stored.places,
            stored.cameras,
            stored.folders,
            tuple(data.tag_names()),
            tuple(data.concepts()),
        )
        self._names = state, names
        return names

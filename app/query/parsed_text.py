"""A query's text with the meaning of each part: parsed once, then read and edited."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.query.model import Query, Term
from store.errors import QueryError
from store.filters import PhotoFilter, all_of

EMPTY = 'The query is empty. Say what the photo shows, as in: "a dog on a beach"'


@dataclass(frozen=True)
class KeyedPart:
    """``key:value`` in a query's text, from ``start`` to ``end``; ``-`` before it if negative."""

    key: str
    values: tuple[str, ...]
    negative: bool
    start: int
    end: int


@dataclass(frozen=True)
class FilterPart:
    """One filter of a query and its reading in plain words; a year among words has no ``key``."""

    key: str | None
    filter: PhotoFilter
    reading: str


@dataclass(frozen=True)
class ParsedText:
    """A query's text and its meaning, so that nothing has to parse the text again.

    Attributes:
        terms: what to look for, negatives last.
        keyed: the filters and pictures, with their places in the text.
    """

    text: str
    terms: tuple[Term, ...]
    filters: tuple[FilterPart, ...]
    keyed: tuple[KeyedPart, ...]

    def query(self, *, without: Collection[str] = ()) -> Query:
        """What the text asks for, without the filters whose key is in ``without``.

        Raises:
            QueryError: the text is not blank, but asks for nothing.
        """
        if self.text.strip() and not (self.terms or self.filters):
            raise QueryError(EMPTY)
        kept = [part for part in self.filters if part.key not in without]
        reading = tuple(part.reading for part in kept)
        return Query(self.terms, all_of([part.filter for part in kept]), reading)

"""A query's text with the meaning of each part: parsed once, then read and edited."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.languages.asked import ANY, Asked
from app.query.model import Query, Term, TypedChange
from app.query.phrases import Phrase, chunks, split_negatives, written
from app.query.values import read_filter
from store.errors import QueryError
from store.filters import PhotoFilter, all_of

EMPTY = 'The query is empty. Say what the photo shows, as in: "a dog on a beach"'
_YEAR = re.compile(r"(?:19|20)\d\d")


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
    """One filter of a query and its reading in plain words; one of plain words has no ``key``."""

    key: str | None
    filter: PhotoFilter
    reading: str


Meaning = tuple[Term | FilterPart, ...]
"""What a part of a query asks for."""


@dataclass(frozen=True)
class ParsedText:
    """A query's text and its meaning, so that nothing has to parse the text again.

    Attributes:
        items: the parts of the query: phrases, and what has one meaning only.
        meanings: of each item.
        keyed: the filters and pictures, with their places in the text.
        changes, unread, asked: see ``Query``; of a text that was read as the words that it has,
            there are none.
    """

    text: str
    items: tuple[Phrase | Term | FilterPart, ...]
    meanings: tuple[Meaning, ...]
    keyed: tuple[KeyedPart, ...]
    changes: tuple[TypedChange, ...] = ()
    unread: str | None = None
    asked: Asked = ANY

    @property
    def terms(self) -> tuple[Term, ...]:
        """What to look for, negatives last."""
        terms = [one for meaning in self.meanings for one in meaning if isinstance(one, Term)]
        return tuple(sorted(terms, key=lambda term: term.negative))

    @property
    def filters(self) -> tuple[FilterPart, ...]:
        meanings = self.meanings
        return tuple(one for each in meanings for one in each if isinstance(one, FilterPart))

    def query(self, *, without: Collection[str] = ()) -> Query:
        """What the text asks for, without the filters whose key is in ``without``.

        Raises:
            QueryError: the text is not blank, but asks for nothing.
        """
        terms, filters = self.terms, self.filters
        if self.text.strip() and not (terms or filters):
            raise QueryError(EMPTY)
        kept = [part for part in filters if part.key not in without]
        return Query(
            terms,
            all_of([part.filter for part in kept]),
            tuple(part.reading for part in kept),
            self.changes,
            self.unread,
            self.asked,
        )


def literal(item: Phrase | Term | FilterPart) -> Meaning:
    """What an item asks for if each word of it means itself; a year between commas is a filter."""
    if not isinstance(item, Phrase):
        return (item,)
    if item.negative:
        return (Term("text", written(item.words), item.weight, True),)
    positive, negatives = split_negatives(item.words)
    shown: list[str] = []
    years: list[FilterPart] = []
    for chunk in chunks(positive):
        if len(chunk) == 1 and _YEAR.fullmatch(chunk[0].plain):
            years.append(FilterPart(None, *read_filter("year", [chunk[0].plain], False)))
        else:
            shown.append(written(chunk))
    return meaning_of(shown, [written(words) for words in negatives], years, item.weight)


def meaning_of(
    shown: Sequence[str], negatives: Sequence[str], filters: Sequence[FilterPart], weight: float
) -> Meaning:
    """The meaning of a phrase: what stands between its commas, negatives, and filters."""
    words = [Term("text", ", ".join(shown), weight)] if shown else []
    without = [Term("text", text, negative=True) for text in negatives]
    return (*words, *without, *filters)

"""A query's text with the meaning of each part: parsed once, then read and edited."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.languages.asked import ANY, Asked
from app.query.groups import Group, Item, Meaning
from app.query.model import Query, Term, TypedChange
from app.query.negatives import split_negatives
from app.query.phrases import Phrase, chunks, written
from app.query.values import FilterPart, read_filter
from store.errors import QueryError
from store.filters import all_of

EMPTY = 'The query is empty. Say what the photo shows, as in: "a dog on a beach"'
MOST = 16
"""Queries without an OR that one query may stand for: each is searched for by itself."""
_TOO_MANY = f"The ORs between words make too many combinations: at most {MOST} are searched for."
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
class ParsedText:
    """A query's text and its meaning, so that nothing has to parse the text again.

    Attributes:
        items: the parts of the query.
        meanings: of each item.
        keyed: the filters and pictures, with their places in the text, but for those in groups.
        changes, unread, asked: see ``Query``; of a text that was read as the words that it has,
            there are none.
    """

    text: str
    items: tuple[Item, ...]
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

    @property
    def groups(self) -> tuple[tuple[Group, Meaning], ...]:
        """The groups, and what each asks for."""
        both = zip(self.items, self.meanings, strict=True)
        return tuple((item, meaning) for item, meaning in both if isinstance(item, Group))

    def query(self, *, without: Collection[str] = ()) -> Query:
        """What the text asks for, without the filters whose key is in ``without``.

        Raises:
            QueryError: the text is not blank, but asks for nothing, or for too much at once.
        """
        terms, filters = self.terms, self.filters
        if self.text.strip() and not (terms or filters):
            raise QueryError(EMPTY)
        if Query(terms).alternative_count > MOST:
            raise QueryError(_TOO_MANY)
        kept = [part for part in filters if part.key not in without]
        return Query(
            terms,
            all_of([part.filter for part in kept]),
            tuple(part.reading for part in kept),
            self.changes,
            self.unread,
            self.asked,
        )


def literal(phrase: Phrase) -> Meaning:
    """What a phrase asks for if each word means itself; a year between commas is a filter."""
    if phrase.negative:
        return (Term("text", written(phrase.words), phrase.weight, True),)
    positive, negatives = split_negatives(phrase.words)
    shown: list[str] = []
    years: list[FilterPart] = []
    for chunk in chunks(positive):
        if len(chunk) == 1 and _YEAR.fullmatch(chunk[0].plain):
            years.append(FilterPart(None, *read_filter("year", [chunk[0].plain], False)))
        else:
            shown.append(written(chunk))
    return phrase_meaning(shown, [written(words) for words in negatives], years, phrase.weight)


def phrase_meaning(
    shown: Sequence[str], negatives: Sequence[str], filters: Sequence[FilterPart], weight: float
) -> Meaning:
    """The meaning of a phrase: what stands between its commas, negatives, and filters."""
    words = [Term("text", ", ".join(shown), weight)] if shown else []
    without = [Term("text", text, negative=True) for text in negatives]
    return (*words, *without, *filters)

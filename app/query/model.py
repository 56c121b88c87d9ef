"""What a person asks for, as plain values; ``app.query.parser`` reads it from text."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import Any, Literal, NamedTuple

from app.languages.asked import ANY, Asked
from store.filters import Any as AnyFilter
from store.filters import PhotoFilter, all_of, parts

Kind = Literal["text", "image", "like", "concept", "any"]
ChangeKind = Literal[
    "phrase",
    "spelling",
    "plural",
    "date",
    "place",
    "camera",
    "folder",
    "name",
    "screenshot",
    "favourite",
    "video",
]


@dataclass(frozen=True)
class Term:
    """One thing to look for, or (``negative``) to do without.

    Attributes:
        kind: what ``value`` is: words, the path of any picture, an indexed photo by path or id,
            or the name of a concept; "any" for ``alternatives``, of which one is enough.
        weight: how much the term counts against other terms; for a negative one, how strictly it
            is meant.
    """

    kind: Kind
    value: str
    weight: float = 1.0
    negative: bool = False
    alternatives: tuple[Alternative, ...] = ()

    def __str__(self) -> str:
        if self.kind == "any":
            return _said(self, str, IN_ENGLISH)
        shown = self.value if self.kind == "text" else f"{self.kind}:{self.value}"
        return shown if self.weight == 1 else f"{self.weight:g}*{shown}"


@dataclass(frozen=True)
class Alternative:
    """One side of an OR: what it looks for, and what restricts it alone; see ``Query``."""

    terms: tuple[Term, ...]
    filter: PhotoFilter | None = None
    reading: tuple[str, ...] = ()


@dataclass(frozen=True)
class TypedChange:
    """Words of a query that were taken as something else than they are.

    Attributes:
        kind: "phrase" for words like "show me" that say nothing of the photo, "spelling", "plural",
            or the kind of filter that the words became.
        became: the words in their place, or the filter in plain words; empty for a "phrase".
        start, end: the place of ``typed`` in the query's text.
    """

    kind: ChangeKind
    typed: str
    became: str
    start: int
    end: int

    @property
    def of_words(self) -> bool:
        """Whether words became other words, and no filter."""
        return self.kind in ("phrase", "spelling", "plural")


@dataclass(frozen=True)
class Query:
    """A search: terms, negatives last.

    Attributes:
        filter: restricts it; ``reading`` says each part of that in plain words.
        changes: the words that were taken as something else, in order.
        unread: what to say where the words can't be read, so that no match means anything.
        asked: which language its texts are in, if somebody said so.
    """

    terms: tuple[Term, ...] = ()
    filter: PhotoFilter | None = None
    reading: tuple[str, ...] = ()
    changes: tuple[TypedChange, ...] = ()
    unread: str | None = None
    asked: Asked = ANY

    @property
    def every_term(self) -> tuple[Term, ...]:
        """All terms, with those of alternatives in the place of these."""
        return tuple(_singles(self.terms))

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts among all terms."""
        return tuple(term.value for term in self.every_term if term.kind == "text")

    @property
    def every_filter(self) -> tuple[PhotoFilter, ...]:
        """The filter of all, and those of alternatives."""
        return (*(() if self.filter is None else (self.filter,)), *filters_within(self.terms))

    @property
    def alternative_count(self) -> int:
        """How many ``alternatives`` are, without making them."""
        return _count(self.terms)

    @cached_property
    def alternatives(self) -> tuple[Query, ...]:
        """The queries without an OR of which a photo has to answer one; the query itself if it has
        none."""
        place = next((n for n, term in enumerate(self.terms) if term.kind == "any"), None)
        if place is None:
            return (self,)
        return tuple(
            query
            for one in self.terms[place].alternatives
            for query in self._with(place, one).alternatives
        )

    @cached_property
    def widest(self) -> PhotoFilter | None:
        """What every photo meets that answers some alternative."""
        filters = tuple(dict.fromkeys(one.filter for one in self.alternatives))
        met = tuple(one for one in filters if one is not None)
        if len(met) < len(filters):
            return None
        return met[0] if len(met) == 1 else AnyFilter(met)

    def _with(self, place: int, one: Alternative) -> Query:
        """The query with one alternative in the place of all."""
        weight = self.terms[place].weight
        chosen = [replace(t, weight=t.weight * (1 if t.negative else weight)) for t in one.terms]
        terms = [*self.terms[:place], *chosen, *self.terms[place + 1 :]]
        return replace(
            self,
            terms=tuple(sorted(terms, key=lambda term: term.negative)),
            filter=all_of([*parts(self.filter), *parts(one.filter)]),
            reading=(*self.reading, *one.reading),
        )

    @property
    def positives(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if not term.negative)

    @property
    def negatives(self) -> tuple[Term, ...]:
        return tuple(term for term in self.terms if term.negative)

    def plain(self) -> dict[str, Any]:
        """How it was understood, as plain values for JSON."""
        return {
            "searched": str(self),
            "changes": [
                {"kind": one.kind, "typed": one.typed, "became": one.became} for one in self.changes
            ],
            "note": self.unread,
        }

    def __str__(self) -> str:
        """How the query was understood: "dogs, without people, 2019, in Trips"."""
        return described(self, str)


class Wording(NamedTuple):
    """The words between the parts of a query that is described, in the language of its reader."""

    without: Callable[[str], str] = "without {}".format
    all_photos: Callable[[str], str] = "all photos {}".format
    either: Callable[[str, str], str] = "{} or {}".format
    filter: Callable[[str], str] = str


IN_ENGLISH = Wording()


def described(query: Query, name: Callable[[Term], str], words: Wording = IN_ENGLISH) -> str:
    """How a query was understood, each term by its ``name``."""
    positives = [_said(term, name, words) for term in query.positives]
    if len(positives) == 1 and query.positives[0].kind == "any" and query.positives[0].weight == 1:
        positives = [_joined(query.positives[0], name, words)]
    negatives = [words.without(name(term)) for term in query.negatives]
    if negatives and not positives:
        negatives[0] = words.all_photos(negatives[0])
    filters = map(words.filter, query.reading)
    return ", ".join([*([" + ".join(positives)] if positives else []), *negatives, *filters])


def _said(term: Term, name: Callable[[Term], str], words: Wording) -> str:
    if term.kind != "any":
        return name(term)
    shown = f"({_joined(term, name, words)})"
    return shown if term.weight == 1 else f"{term.weight:g}*{shown}"


def _joined(term: Term, name: Callable[[Term], str], words: Wording) -> str:
    """What each alternative says, with "or" between them."""
    either = words.either("", "")
    said = []
    for one in term.alternatives:
        shown = described(Query(one.terms, one.filter, one.reading), name, words)
        several = len(one.terms) + len(one.reading) > 1 or either in shown
        said.append(f"({shown})" if several else shown)
    return functools.reduce(words.either, said)


def _singles(terms: tuple[Term, ...]) -> Iterator[Term]:
    for term in terms:
        if term.kind == "any":
            for one in term.alternatives:
                yield from _singles(one.terms)
        else:
            yield term


def filters_within(terms: Iterable[Term]) -> Iterator[PhotoFilter]:
    """The filters of all alternatives in ``terms``, at any depth."""
    for term in terms:
        for one in term.alternatives:
            if one.filter is not None:
                yield one.filter
            yield from filters_within(one.terms)


def _count(terms: tuple[Term, ...]) -> int:
    of_any = [term.alternatives for term in terms if term.kind == "any"]
    return prod(sum(_count(one.terms) for one in each) for each in of_any)

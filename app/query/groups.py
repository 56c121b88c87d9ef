"""Groups of a query: what an OR stands between, or brackets around, and what that asks for.

An alternative is words, a filter, a picture, or what brackets hold. Where all alternatives only
restrict, the group is one filter; else it is a term of which a photo answers one alternative.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.query.model import Alternative, Term
from app.query.phrases import Phrase
from app.query.text_reader import unreadable
from app.query.values import FilterPart
from store.errors import QueryError
from store.filters import Not, all_of, any_of


@dataclass(frozen=True)
class Group:
    """Alternatives, of which one has to be met, from ``start`` to ``end`` of a query's text.

    Attributes:
        alternatives: the items of each; of a single one, as of ``(dog + beach)``, all are meant.
    """

    alternatives: tuple[tuple[Item, ...], ...]
    start: int
    end: int
    weight: float = 1.0
    negative: bool = False


Item = Phrase | Term | FilterPart | Group
"""A part of a query's text: a phrase, what has one meaning only, or a group of these."""

Meaning = tuple[Term | FilterPart, ...]
"""What a part of a query asks for."""


def meaning_of(item: Item, read: Callable[[Phrase], Meaning]) -> Meaning:
    """What an item asks for.

    Args:
        read: gives what a phrase asks for.

    Raises:
        QueryError: a group asks for what can't be searched for.
    """
    if isinstance(item, Phrase):
        return read(item)
    if not isinstance(item, Group):
        return (item,)
    meant = [
        tuple(one for part in alternative for one in meaning_of(part, read))
        for alternative in item.alternatives
    ]
    if not all(meant):
        raise _error(item, "something to look for in each alternative of OR")
    if all(isinstance(one, FilterPart) for meaning in meant for one in meaning):
        return _restricting(item, meant)
    if item.negative:
        return _without(item, meant)
    if len(meant) == 1:
        return tuple(_weighted(one, item.weight) for one in meant[0])
    made = tuple(_alternative(item, meaning) for meaning in meant)
    return (Term("any", "", item.weight, alternatives=made),)


def _restricting(group: Group, meant: list[Meaning]) -> Meaning:
    """One filter for a group of nothing but filters."""
    if group.weight != 1:
        raise _error(group, "a term behind the weight; a filter is met or not")
    if len(meant) == 1 and not group.negative:
        return meant[0]
    every, said = [], []
    for meaning in meant:
        parts = [part for part in meaning if isinstance(part, FilterPart)]
        met = all_of([part.filter for part in parts])
        assert met is not None
        every.append(met)
        reading = ", ".join(part.reading for part in parts)
        said.append(f"({reading})" if len(parts) > 1 and len(meant) > 1 else reading)
    filter, reading = any_of(every), " or ".join(said)
    if group.negative:
        filter, reading = Not(filter), f"not ({reading})"
    return (FilterPart(None, filter, reading),)


def _without(group: Group, meant: list[Meaning]) -> Meaning:
    """Without any of several things is without each of them."""
    terms = []
    for meaning in meant:
        one = meaning[0]
        if len(meaning) > 1 or not isinstance(one, Term) or one.negative or one.kind == "any":
            raise _error(group, "one thing in each alternative behind NOT, as in NOT (dog OR cat)")
        terms.append(replace(one, weight=one.weight * group.weight, negative=True))
    return tuple(terms)


def _weighted(one: Term | FilterPart, weight: float) -> Term | FilterPart:
    return replace(one, weight=one.weight * weight) if isinstance(one, Term) else one


def _alternative(group: Group, meaning: Meaning) -> Alternative:
    terms = [one for one in meaning if isinstance(one, Term)]
    filters = [one for one in meaning if isinstance(one, FilterPart)]
    if not filters and not any(not term.negative for term in terms):
        raise _error(group, "something to look for in each alternative of OR")
    return Alternative(
        tuple(sorted(terms, key=lambda term: term.negative)),
        all_of([part.filter for part in filters]),
        tuple(part.reading for part in filters),
    )


def _error(group: Group, expected: str) -> QueryError:
    return unreadable(group.start, expected)

"""Places right behind one that is left out: "not in Rome, Italy", "not Rome, Paris"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.query.phrases import Word
from app.query.plain_names import NamePart, denied, not_denied
from app.query.several_places import TypedFilter, all_of, where_in
from app.query.values import FilterPart
from store.filters import Not
from store.folding import fold


def has_no_in(words: Sequence[Word], part: NamePart) -> bool:
    """Whether the words of a part begin with its place's name."""
    return bool(part.place) and fold(words[0].text) == fold(part.place.split()[0])


def left_out_before(
    filters: Sequence[TypedFilter], words: Sequence[Word], text: str
) -> TypedFilter | None:
    """The place that is left out by the words right before these; None if there is none.

    Args:
        filters: those of the phrase so far.
        text: of the query.
    """
    for one in filters:
        leaves_out = one.kind == "place" and isinstance(one.part.filter, Not) and not one.several
        if leaves_out and text[one.words[-1].end : words[0].start].strip() == ",":
            return one
    return None


def left_out_too(
    before: FilterPart, part: NamePart, places: Sequence[str]
) -> tuple[NamePart, bool]:
    """A place with no "in" behind one that is left out: it is left out too ("not Rome, Paris").

    Args:
        before: what is left out.

    Returns:
        What is left out, and whether that is both in one: where the second says where the first
        is ("not in Rome, Italy"), as one of the library's ``places`` does.
    """
    assert isinstance(before.filter, Not)
    first = FilterPart(None, before.filter.inner, not_denied(before.reading))
    second = FilterPart(None, part.filter, part.reading)
    for place in () if part.several else places:
        one, other = where_in(place, first.filter), where_in(place, second.filter)
        if one is not None and other is not None and one < other:
            both = all_of([first, second], places)
            return replace(part, filter=Not(both.filter), reading=denied(both.reading)), True
    return replace(part, filter=Not(part.filter), reading=denied(part.reading)), False

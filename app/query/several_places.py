"""Several places of which one is enough: photos "in Rome and Paris" are from one of them each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from app.query.cities import PEOPLE
from app.query.library_names import GetNames
from app.query.model import ChangeKind
from app.query.negative_words import CHINESE, ENGLISH, FRENCH, GERMAN, SPANISH, is_denial
from app.query.phrases import Word
from app.query.plain_names import NamePart, shown_words
from app.query.values import FilterPart
from store.filters import Any, Contains, Not, PhotoFilter, all_of
from store.folding import fold, whole_words

_NameIn = Callable[[Sequence[Word]], NamePart | None]
_ANDS = frozenset[str]().union(
    *(one.ands for one in (ENGLISH, GERMAN, FRENCH, SPANISH, CHINESE)), ("&",)
)


def with_others(chunk: Sequence[Word], name_in: _NameIn) -> NamePart | None:
    """What ``name_in`` knows in a chunk, with the places that "and" or "or" joins to it."""
    part = name_in(chunk)
    if part is None:
        return _only_places(chunk, name_in)
    lead = chunk[part.first : part.last - len(part.place.split())]  # "close to"
    while part.kind == "place" and (longer := _with_next(chunk, part, lead, name_in)):
        part = longer
    return part


def _with_next(
    chunk: Sequence[Word], part: NamePart, lead: Sequence[Word], name_in: _NameIn
) -> NamePart | None:
    """A part with the place behind its "or"; None if there is none.

    Args:
        lead: the "in" of the first, which leads to the others too.
    """
    start = part.last + 1
    if start >= len(chunk) or chunk[part.last].plain not in _ANDS or chunk[part.last - 1].comma:
        return None
    for before in ([], lead):
        other = name_in([*before, *chunk[start:]])
        if other and other.kind == "place" and other.first == 0 and other.last > len(before):
            return replace(_either(part, other), last=start + other.last - len(before))
    return None


def _only_places(chunk: Sequence[Word], name_in: _NameIn) -> NamePart | None:
    """A chunk of nothing but places, or what is behind its "except": "Rome or Paris".

    Names that people have are none of these.
    """
    denials = (n for n in range(len(chunk)) if is_denial([word.plain for word in chunk[:n]]))
    begin = next(denials, 0)
    pieces: list[list[Word]] = [[]]
    for word in chunk[begin:]:
        if word.plain in _ANDS:
            pieces.append([])
        else:
            pieces[-1].append(word)
    if len(pieces) == 1 or any(fold(shown_words(piece)) in PEOPLE for piece in pieces):
        return None
    whole: NamePart | None = None
    for piece in pieces:
        part = name_in(piece) if piece else None
        if part is None or part.kind != "place" or part.last - part.first < len(piece):
            return None
        whole = _either(whole, part) if whole else part
    return replace(whole, first=begin, last=len(chunk)) if whole else None


def _either(one: NamePart, other: NamePart) -> NamePart:
    """The photos of one or the other."""
    filters: tuple[PhotoFilter, ...] = ()
    for part in (one, other):
        filters += part.filter.inner if isinstance(part.filter, Any) else (part.filter,)
    return replace(one, filter=Any(filters), reading=f"{one.reading} or {other.reading}")


class TypedFilter(NamedTuple):
    """A filter of plain words, and where in the query these begin."""

    start: int
    kind: ChangeKind
    part: FilterPart


def joined_places(typed: Sequence[TypedFilter], names: GetNames) -> list[FilterPart]:
    """The filters of a phrase in the order of their words.

    Of places, a photo has to be from each of those that one place of the library can meet together
    ("Rome, Italy"), and else from one or the other ("Rome, Paris").
    """
    ordered = sorted(typed, key=lambda one: one.start)
    places = [one.part for one in ordered if one.kind == "place" and not _is_denied(one.part)]
    clauses = _together(places, names().places) if len(places) > 1 else []
    if len(clauses) < 2:
        return [one.part for one in ordered]
    filters = (all_of([part.filter for part in each]) for each in clauses)
    any_of_them = Any(tuple(one for one in filters if one is not None))
    said = [_all_said([part.reading for part in each]) for each in clauses]
    either = FilterPart(None, any_of_them, " or ".join(said))
    return [either, *(one.part for one in ordered if one.part not in places)]


def _is_denied(part: FilterPart) -> bool:
    return isinstance(part.filter, Not)


def _together(parts: Sequence[FilterPart], places: Sequence[str]) -> list[list[FilterPart]]:
    """Parts side by side that one of ``places`` meets, as a list each."""
    clauses: list[list[FilterPart]] = []
    meeting: list[str] = []  # all parts of the last of them
    for part in parts:
        still = [place for place in meeting if _meets(place, part.filter)]
        if not still:
            clauses.append([])
            still = [place for place in places if _meets(place, part.filter)]
        clauses[-1].append(part)
        meeting = still
    return clauses


def _all_said(readings: Sequence[str]) -> str:
    return readings[0] if len(readings) == 1 else f"({', '.join(readings)})"


def _meets(place: str, filter: PhotoFilter) -> bool:
    """Whether a photo of ``place`` passes a filter of places."""
    if isinstance(filter, Any):
        return any(_meets(place, one) for one in filter.inner)
    if not isinstance(filter, Contains):
        return False
    match = whole_words(filter.text).search(fold(place))
    return match is not None

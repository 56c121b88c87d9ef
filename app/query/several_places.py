"""Several places with "or" between them: photos "in Rome and Paris" are from one of them each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from app.query.cities import PEOPLE
from app.query.negative_words import CHINESE, ENGLISH, FRENCH, GERMAN, SPANISH, is_denial
from app.query.phrases import Word
from app.query.plain_names import NamePart, shown_words
from store.filters import Any, PhotoFilter
from store.folding import fold

_NameIn = Callable[[Sequence[Word]], NamePart | None]
_ANDS = frozenset[str]().union(
    *(one.ands for one in (ENGLISH, GERMAN, FRENCH, SPANISH, CHINESE)), ("&",)
)


def with_others(chunk: Sequence[Word], name_in: _NameIn) -> NamePart | None:
    """What ``name_in`` knows in a chunk, with the places that "and" or "or" joins to it."""
    part = name_in(chunk)
    if part is None:
        return _only_places(chunk, name_in)
    while part.kind == "place" and (longer := _with_next(chunk, part, name_in)):
        part = longer
    return part


def _with_next(chunk: Sequence[Word], part: NamePart, name_in: _NameIn) -> NamePart | None:
    """A part with the place behind its "or"; None if there is none."""
    start = part.last + 1
    if start >= len(chunk) or chunk[part.last].plain not in _ANDS or chunk[part.last - 1].comma:
        return None
    for lead in ([], [chunk[part.first]]):  # the "in" of the first leads to the others, too
        other = name_in([*lead, *chunk[start:]])
        if other and other.kind == "place" and other.first == 0 and other.last > len(lead):
            return replace(_either(part, other), last=start + other.last - len(lead))
    return None


def _only_places(chunk: Sequence[Word], name_in: _NameIn) -> NamePart | None:
    """A chunk of nothing but places, or what is behind its "except": "Rome or Paris".

    Names that people have are none of these.
    """
    denials = (n for n in range(len(chunk)) if is_denial([word.plain for word in chunk[:n]]))
    begin = next(denials, 0)  # "everything except Rome and Paris"
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
    reading = f"{one.reading} or {other.reading.removeprefix('in ')}"
    return replace(one, filter=Any(filters), reading=reading)

"""Several places of which one is enough: photos "in Rome and Paris" are from one of them each."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from app.query.cities import PEOPLE
from app.query.library_names import GetNames
from app.query.model import ChangeKind
from app.query.negative_words import ANDS, is_denial
from app.query.phrases import Word
from app.query.plain_names import NamePart, shown_words
from app.query.several_times import either_of, is_of_dates, joined_dates
from app.query.values import FilterPart
from store.filters import (
    All,
    Any,
    Contains,
    InFolder,
    Not,
    PhotoFilter,
    alternatives,
    any_of,
)
from store.folding import fold, whole_words

OR_IN = " or in "
"""Between a place and the folders that have its name."""

_NameIn = Callable[[Sequence[Word]], NamePart | None]
_ANDS = ANDS | {"&"}


def with_others(chunk: Sequence[Word], name_in: _NameIn) -> NamePart | None:
    """What ``name_in`` knows in a chunk, with the places that "and" or "or" joins to it."""
    part = name_in(chunk) or _before_and(chunk, name_in)
    if part is None:
        return _only_places(chunk, name_in)
    lead = chunk[part.first : part.last - len(part.place.split())]  # "close to"
    while part.kind == "place" and (longer := _with_next(chunk, part, lead, name_in)):
        part = longer
    return part


def _before_and(chunk: Sequence[Word], name_in: _NameIn) -> NamePart | None:
    """The place that ends before an "and" to which another belongs: "beach Rome or Prague"."""
    for at in range(1, len(chunk)):
        part = name_in(chunk[:at]) if chunk[at].plain in _ANDS else None
        if part and part.kind == "place" and part.last == at and fold(part.place) not in PEOPLE:
            return part if _with_next(chunk, part, [], name_in) else None
    return None


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
    filter = any_of(alternatives(one.filter) + alternatives(other.filter))
    reading = f"{one.reading} or {other.reading}"
    return replace(one, filter=filter, reading=reading, several=True)


class TypedFilter(NamedTuple):
    """A filter of plain ``words``.

    Attributes:
        several: whether it is several places, of which one is enough.
    """

    words: Sequence[Word]
    kind: ChangeKind
    part: FilterPart
    several: bool = False

    @property
    def start(self) -> int:
        """Where in the query its words begin."""
        return self.words[0].start


def joined_filters(typed: Sequence[TypedFilter], names: GetNames) -> list[FilterPart]:
    """The filters of a phrase in the order of their words, those that no photo can meet together
    as one of which either is enough.

    So it is with places ("Rome, Paris"), but for those that one place of the library meets together
    ("Rome, Italy"), with times ("2018, 2020", not "since 2018, until 2020"), and with days of any
    year.
    """
    ordered = sorted(typed, key=lambda one: one.start)
    places = [one for one in ordered if one.kind == "place" and not _is_denied(one.part)]
    dated = [one for one in ordered if is_of_dates(one.part.filter)]
    dates, is_one = [one.part for one in dated], all(map(_follows, dated[1:], dated))
    joined: list[FilterPart] = []
    if len(places) > 1:
        clauses = _together(places, names().places)
        whole = [all_of(clause, names().places) for clause in clauses]
        if len(clauses) > 1 or isinstance(whole[0].filter, Any):
            joined.append(either_of(whole))
            ordered = [one for one in ordered if one not in places]
    if len(together := joined_dates(dates, is_one=is_one)) < len(dates):
        joined += together
        ordered = [one for one in ordered if one.part not in dates]
    return [*joined, *(one.part for one in ordered)]


def _follows(later: TypedFilter, earlier: TypedFilter) -> bool:
    """Whether no word stands between two filters, and no comma or "or": Chinese has a space for
    these too."""
    last, first = earlier.words[-1], later.words[0]
    is_beside = later.start == last.end + first.text.isascii()
    return is_beside and not last.comma and first.plain not in _ANDS


def _is_denied(part: FilterPart) -> bool:
    return isinstance(part.filter, Not)


def _together(typed: Sequence[TypedFilter], places: Sequence[str]) -> list[list[FilterPart]]:
    """Lists of places side by side that one of the library's ``places`` meets; what an "and" joins
    is a list by itself."""
    clauses: list[list[FilterPart]] = []
    meeting: list[str] = []  # all places of the last clause
    for one in typed:
        still = [place for place in meeting if _meets(place, one.part.filter)]
        if one.several or not still:
            clauses.append([])
            still = [place for place in places if _meets(place, one.part.filter)]
        clauses[-1].append(one.part)
        meeting = [] if one.several else still
    return clauses


def all_of(parts: Sequence[FilterPart], places: Sequence[str]) -> FilterPart:
    """What is from all of these places at once, or in a folder that has the name of the smallest,
    which the library's ``places`` have first."""
    if len(parts) == 1:
        return parts[0]
    within = [_without_folders(part) for part in parts]
    filters = (part.filter for part in within)
    filter = All(tuple(one for every in filters for one in _members(every)))
    readings = (re.sub(r"^\((.*)\)$", r"\1", part.reading) for part in within)
    reading = f"({', '.join(readings)})"
    place = next(one for one in places if all(_meets(one, part.filter) for part in parts))
    smallest = min(parts, key=lambda part: where_in(place, part.filter) or 0)
    folders = _folders_in(smallest.filter)
    if not folders:
        return FilterPart(None, filter, reading)
    rest = smallest.reading.removeprefix(_without_folders(smallest).reading)
    return FilterPart(None, Any((filter, *folders)), reading + rest)


def _members(filter: PhotoFilter) -> Sequence[PhotoFilter]:
    return filter.inner if isinstance(filter, All) else (filter,)


def _folders_in(filter: PhotoFilter) -> list[PhotoFilter]:
    return [one for one in alternatives(filter) if isinstance(one, InFolder)]


def _without_folders(part: FilterPart) -> FilterPart:
    """A place without the folders that have its name."""
    folders = _folders_in(part.filter)
    if not folders:
        return part
    places = [one for one in alternatives(part.filter) if one not in folders]
    return FilterPart(part.key, any_of(places), part.reading.split(OR_IN, 1)[0])


def _meets(place: str, filter: PhotoFilter) -> bool:
    """Whether a photo of ``place`` passes a filter of places."""
    return where_in(place, filter) is not None


def where_in(place: str, filter: PhotoFilter) -> int | None:
    """Where in ``place`` the name begins that a filter of places asks for, the last one of several
    that it has to meet; None if nowhere."""
    if isinstance(filter, All):
        all_of_them = [where_in(place, one) for one in filter.inner]
        known = [one for one in all_of_them if one is not None]
        return max(known) if len(known) == len(all_of_them) else None
    if isinstance(filter, Any):
        every = (where_in(place, one) for one in filter.inner)
        return min((one for one in every if one is not None), default=None)
    if not isinstance(filter, Contains):
        return None
    match = whole_words(filter.text).search(fold(place))
    return match.start() if match else None

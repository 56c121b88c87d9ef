"""Several times of which one is enough: no photo is from "2018, 2020", but one may be from "since
2018, until 2020"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from app.query.values import FilterPart
from store.filters import All, InMonth, PhotoFilter, Taken, alternatives, any_of


def is_of_dates(filter: PhotoFilter) -> bool:
    """Whether it asks for spans of time, or for days or months of any year."""
    return bool(_spans(filter) or _days(filter))


def joined_dates(parts: Sequence[FilterPart], *, is_one: bool = False) -> list[FilterPart]:
    """The dates, those that no photo can meet together as one of which either is enough.

    Args:
        is_one: whether nothing stands between them. "Last summer in December" is a mistake, and
            never the last summer or any December.
    """
    times = [part for part in parts if _spans(part.filter)]
    days = [part for part in parts if _days(part.filter)]
    clauses = _together(times)
    if len(clauses) > 1:
        times = [either_of([_all_of(clause) for clause in clauses])]
    if len(days) > 1:
        days = [either_of(days)]
    if times and days and not is_one and not _may_meet(times, days[0]):  # "june 2018, july"
        return [either_of([_all_of(times), *days])]
    return [*times, *days]


def either_of(parts: Sequence[FilterPart]) -> FilterPart:
    """What one of the parts asks for."""
    every = [one for part in parts for one in alternatives(part.filter)]
    return FilterPart(None, any_of(every), " or ".join(part.reading for part in parts))


def _spans(filter: PhotoFilter) -> list[Taken]:
    """The spans of time of which a filter asks for one; none if it asks for something else too."""
    every = alternatives(filter)
    taken = [one for one in every if isinstance(one, Taken)]
    return taken if len(taken) == len(every) else []


def _days(filter: PhotoFilter) -> list[InMonth]:
    """The days or months of any year of which a filter asks for one; none if it asks for
    something else too."""
    every = alternatives(filter)
    days = [one for one in every if isinstance(one, InMonth)]
    return days if len(days) == len(every) else []


def _may_meet(times: Sequence[FilterPart], days: FilterPart) -> bool:
    """Whether one of some days of any year is within any of these times."""
    spans = [span for part in times for span in _spans(part.filter)]
    return any(_is_within(day, span) for day in _days(days.filter) for span in spans)


def _is_within(day: InMonth, span: Taken) -> bool:
    if span.start is None or span.end is None or (span.end - span.start).days > 365:
        return True
    every = [span.start + timedelta(days=n) for n in range((span.end - span.start).days)]
    return any(one.month == day.month and day.day in (None, one.day) for one in every)


def _together(parts: Sequence[FilterPart]) -> list[list[FilterPart]]:
    """Lists of times side by side that one photo can meet."""
    clauses: list[list[FilterPart]] = []
    common: list[Taken] = []  # what is within all times of the last clause
    for part in parts:
        own = _spans(part.filter)
        within = [span for one in common for other in own if (span := _overlap(one, other))]
        if not within:
            clauses.append([])
        clauses[-1].append(part)
        common = within or own
    return clauses


def _overlap(one: Taken, other: Taken) -> Taken | None:
    """The time that is within both; None if there is none."""
    start = max((each for each in (one.start, other.start) if each), default=None)
    end = min((each for each in (one.end, other.end) if each), default=None)
    return Taken(start, end) if start is None or end is None or start < end else None


def _all_of(parts: Sequence[FilterPart]) -> FilterPart:
    """What was taken at all of these times at once."""
    if len(parts) == 1:
        return parts[0]
    reading = f"({', '.join(part.reading for part in parts)})"
    return FilterPart(None, All(tuple(part.filter for part in parts)), reading)

"""Dates and numbers in filters, alone or as ranges: ``2018..2020``, ``2018..``, ``>2000``.

Each function here gets one value and raises ``ValueError`` with what it expected.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import MAXYEAR, datetime, timedelta
from typing import Literal

from store import filters
from store.filters import PhotoFilter

Read = tuple[PhotoFilter, str]
"""A filter and how it reads: "width over 2000"."""
Form = tuple[str, Callable[[re.Match[str], datetime, int], Read | None]]
"""A pattern for plain words, and what reads its matches, given the local time and how many other
words there are; None where the words mean something else."""

_UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9}
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)", re.IGNORECASE)
_TIMES = {
    **dict.fromkeys(("", "s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hour", "hours"), 3_600),
}
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d\d)")
_PARTS = re.compile(r"(?:(\d+)h)?\s*(?:(\d+)m)?\s*(?:(\d+)s)?")
_DAY = re.compile(r"(\d\d?)-(\d\d?)")
_DAYS = re.compile(rf"{_DAY.pattern}\.\.{_DAY.pattern}")
_LEAP_YEAR = 2000
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")


def period(value: str) -> tuple[datetime, datetime]:
    """The first moment of a year, month or day, and the first moment after it.

    Raises:
        ValueError: ``value`` is no such date.
    """
    match = _DATE.fullmatch(value)
    if not match:
        raise ValueError("a date like 2019, 2019-07 or 2019-07-14")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        start = datetime(year, month or 1, day or 1)
        if day:
            return start, start + timedelta(days=1)
        following = (year, month + 1) if month and month < 12 else (year + 1, 1)
        return start, datetime(*following, 1)
    except (ValueError, OverflowError):
        raise ValueError(f"a date that exists, between 0001 and {MAXYEAR - 1}") from None


def after(value: str) -> Read:
    """Photos taken at or after the first moment of a date."""
    return filters.Taken(start=period(value)[0]), f"from {value} on"


def before(value: str) -> Read:
    """Photos taken before the first moment of a date."""
    return filters.Taken(end=period(value)[0]), f"before {value}"


def day_of_any_year(month: int, day: int) -> Read:
    """Photos taken on a day of a month (1 to 12) in any year.

    Raises:
        ValueError: no month has such a day.
    """
    return filters.InMonth(month, day), f"{_shown_day(_in_any_year(month, day))} of any year"


def days_of_any_year(first: tuple[int, int], last: tuple[int, int]) -> Read:
    """Photos taken from one day to another, each a month (1 to 12) and a day, in any year.

    Raises:
        ValueError: no month has such a day.
    """
    if first == last:
        return day_of_any_year(*first)
    start, end = (_in_any_year(*each) for each in (first, last))
    new_year, last_day = _in_any_year(1, 1), _in_any_year(12, 31)
    days = _every_day(start, end) or [*_every_day(start, last_day), *_every_day(new_year, end)]
    every: list[PhotoFilter] = []
    for month in dict.fromkeys(day.month for day in days):
        numbers = [day.day for day in days if day.month == month]
        is_whole = len(numbers) == last_day_of(month)
        every += [filters.InMonth(month, n) for n in ([None] if is_whole else numbers)]
    beginning = f"{start.day}" if start.month == end.month and start < end else _shown_day(start)
    return filters.any_of(every), f"{beginning} to {_shown_day(end)} of any year"


def last_day_of(month: int) -> int:
    """The last day that a month (1 to 12) has in any year."""
    return monthrange(_LEAP_YEAR, month)[1]


def _in_any_year(month: int, day: int) -> datetime:
    try:
        return datetime(_LEAP_YEAR, month, day)
    except ValueError:
        raise ValueError("a day that exists, like 07-14") from None


def _every_day(start: datetime, end: datetime) -> list[datetime]:
    return [start + timedelta(days=number) for number in range((end - start).days + 1)]


def _shown_day(day: datetime) -> str:
    return f"{day.day} {day:%B}"


def on(value: str) -> Read:
    """Photos taken within a date or a range of dates, or on days of any year (``07-14``)."""
    if of_any_year := _DAY.fullmatch(value):
        return day_of_any_year(*map(int, of_any_year.groups()))
    if several := _DAYS.fullmatch(value):
        month, day, last_month, last_day = map(int, several.groups())
        return days_of_any_year((month, day), (last_month, last_day))
    if comparison := re.fullmatch(r"([<>]=?)(.+)", value):
        sign, date = comparison.groups()
        start, end = period(date)
        bounds = {
            ">": filters.Taken(start=end),
            ">=": filters.Taken(start=start),
            "<": filters.Taken(end=start),
            "<=": filters.Taken(end=end),
        }
        return bounds[sign], f"taken {sign} {date}"
    first, dots, last = value.partition("..")
    if not dots:
        return filters.Taken(*period(value)), value
    if not (first or last):
        raise ValueError("a range with at least one end, like 2018..2020 or 2018..")
    if not first:
        return filters.Taken(end=period(last)[1]), f"until {last}"
    if not last:
        return filters.Taken(start=period(first)[0]), f"from {first} on"
    start, end = period(first)[0], period(last)[1]
    if start >= end:
        raise ValueError("a range whose end is not before its beginning")
    return filters.Taken(start, end), f"{first} to {last}"


def year(value: str) -> Read:
    """Photos taken within a year or a range of years."""
    if not re.fullmatch(r"(\d{4})?(\.\.)?(\d{4})?|[<>]=?\d{4}", value):
        raise ValueError("a year like 2019, or a range like 2018..2020")
    return on(value)


def measure(what: Literal["width", "height", "size"], *, units: bool) -> Callable[[str], Read]:
    """A function that reads a number of pixels, or with ``units`` a size in bytes, kb, mb or gb."""

    def number(text: str) -> int:
        match = _NUMBER.fullmatch(text.strip())
        unit = match[2].lower() if match else ""
        if not match or unit not in (_UNITS if units else ("", "px")):
            raise ValueError(
                "a size like >5mb or 100kb..2mb" if units else "a number like >2000 or 800..1200"
            )
        return round(float(match[1]) * (_UNITS[unit] if units else 1))

    def read(value: str) -> Read:
        low, high, reading = _bounds(value, number)
        return filters.Measure(what, low, high), f"{what} {reading}"

    return read


def duration(value: str) -> Read:
    """Videos of so many seconds, of which parts do not count: 42, 90s, 2m, 1m30s, 1.5h, 1:30."""

    def seconds(text: str) -> int:
        text = text.strip().lower()
        if text and (match := _CLOCK.fullmatch(text) or _PARTS.fullmatch(text)):
            hours, minutes, rest = (int(part or 0) for part in match.groups())
            return 3_600 * hours + 60 * minutes + rest
        match = _NUMBER.fullmatch(text)
        if not match or match[2] not in _TIMES:
            raise ValueError("a time like >60, <2m, 1h or 1:30..5:00")
        return round(float(match[1]) * _TIMES[match[2]])

    low, high, reading = _bounds(value, seconds)
    least = None if low is None else 1_000 * low
    most = None if high is None else 1_000 * high + 999
    return filters.Measure("duration", least, most), f"duration {reading}"


def rating(value: str) -> Read:
    """Photos with so many stars; 0 for none, -1 for those that were rejected."""

    def stars(text: str) -> int:
        if not re.fullmatch(r"-1|[0-5]", text.strip()):
            raise ValueError("0 to 5 stars, like 3, >=4 or 2..4")
        return int(text)

    low, high, reading = _bounds(value, stars)
    return filters.Rated(low, high), f"rating {reading}"


def _bounds(value: str, number: Callable[[str], int]) -> tuple[int | None, int | None, str]:
    """The least and the greatest number that is meant, and how that reads."""
    if comparison := re.fullmatch(r"([<>]=?)(.+)", value):
        sign, limit = comparison[1], number(comparison[2])
        reading = f"{sign} {comparison[2]}"
        if sign[0] == ">":
            return limit + (sign == ">"), None, reading
        return None, limit - (sign == "<"), reading
    if ".." in value:
        first, last = value.split("..", 1)
        if not first and not last:
            raise ValueError("a range with at least one end")
        low = number(first) if first else None
        high = number(last) if last else None
        if low is not None and high is not None and high < low:
            raise ValueError("a range whose end is not before its beginning")
        return low, high, value
    exact = number(value)
    return exact, exact, value

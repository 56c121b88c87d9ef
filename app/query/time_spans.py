"""Seasons, holidays and other spans of time that have a name."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.query.moon_holidays import MOON_HOLIDAYS, moon_holidays

Span = tuple[datetime, datetime]
"""The first moment of a span of time, and the first moment after it; local time."""

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""The first month of each, as north of the equator; each has three."""

_FIXED = {
    "christmas eve": (12, 24, 1), "xmas eve": (12, 24, 1),
    "christmas day": (12, 25, 1), "xmas day": (12, 25, 1),
    "christmas": (12, 24, 3), "xmas": (12, 24, 3), "boxing day": (12, 26, 1),
    "new year's eve": (12, 31, 1), "new years eve": (12, 31, 1), "nye": (12, 31, 1),
    "new year's day": (1, 1, 1), "new years day": (1, 1, 1),
    "new year's": (1, 1, 1), "new years": (1, 1, 1), "new year": (1, 1, 1),
    "epiphany": (1, 6, 1), "valentine's day": (2, 14, 1), "valentines day": (2, 14, 1),
    "st patrick's day": (3, 17, 1), "st patricks day": (3, 17, 1), "may day": (5, 1, 1),
    "fourth of july": (7, 4, 1), "independence day": (7, 4, 1), "bastille day": (7, 14, 1),
    "st nicholas' day": (12, 6, 1), "china's national day": (10, 1, 7), "halloween": (10, 31, 1),
    "all saints' day": (11, 1, 1), "all saints day": (11, 1, 1), "day of the dead": (11, 1, 2),
}  # fmt: skip
_FROM_EASTER = {
    "carnival season": (-52, 6), "mardi gras": (-47, 1), "good friday": (-2, 1), "easter": (-2, 4),
    "mothering sunday": (-21, 1), "easter sunday": (0, 1), "easter monday": (1, 1),
    "pentecost": (48, 3), "whitsun": (48, 3),
}  # fmt: skip
"""The first day of each, counted from Easter Sunday, and how many there are."""
_WEEKDAYS = {
    "thanksgiving": (11, 3, 22), "black friday": (11, 4, 23), "labor day": (9, 0, 1),
    "memorial day": (5, 0, 25), "second sunday of may": (5, 6, 8),
    "father's day": (6, 6, 15), "fathers day": (6, 6, 15),
}  # fmt: skip
"""The month of each, its weekday (Monday is 0), and the first day of the month that it may be. The
second Sunday of May is that of mothers in many countries, and of none in others."""
_FRENCH_MOTHERS = "french mother's day"
HOLIDAYS = (*_FIXED, *_FROM_EASTER, *_WEEKDAYS, _FRENCH_MOTHERS, *MOON_HOLIDAYS)


def days(first: date, count: int = 1) -> Span:
    """``count`` days from ``first`` on."""
    start = datetime(first.year, first.month, first.day)
    return start, start + timedelta(days=count)


def month(year: int, number: int, count: int = 1) -> Span:
    """``count`` months from a month (1 to 12) on."""
    last = year * 12 + number - 1 + count
    return datetime(year, number, 1), datetime(last // 12, last % 12 + 1, 1)


def season(name: str, year: int) -> Span:
    """A season; the winter of a year begins in its December."""
    return month(year, SEASONS[name], 3)


def holiday(name: str, year: int) -> Span:
    """A holiday: Easter from Good Friday to Monday, Christmas from its eve on three days.

    Raises:
        ValueError: it does not begin in that year, or nobody knows when.
    """
    if not (spans := _holidays(name, year)):
        raise ValueError(f"{name} of {year}")
    return spans[0]


def _holidays(name: str, year: int) -> list[Span]:
    """Those that begin in a year; the moon's may twice, or not at all."""
    if name in MOON_HOLIDAYS:
        return [days(first, count) for first, count in moon_holidays(name, year)]
    return [_holiday(name, year)]


def _holiday(name: str, year: int) -> Span:
    if name == _FRENCH_MOTHERS:
        return _french_mothers(year)
    if name in _FROM_EASTER:
        from dateutil.easter import easter

        offset, count = _FROM_EASTER[name]
        return days(easter(year) + timedelta(days=offset), count)
    if name in _WEEKDAYS:
        number, weekday, least = _WEEKDAYS[name]
        first = date(year, number, least)
        return days(first + timedelta(days=(weekday - first.weekday()) % 7))
    number, day, count = _FIXED[name]
    return days(date(year, number, day), count)


def _french_mothers(year: int) -> Span:
    """The last Sunday of May, or the one behind it if that is Pentecost."""
    from dateutil.easter import easter

    sunday = date(year, 5, 31)
    sunday -= timedelta(days=(sunday.weekday() - 6) % 7)
    return days(sunday + timedelta(days=7 * (sunday == easter(year) + timedelta(days=49))))


def last(name: str, now: datetime) -> Span:
    """The last season or holiday that was over at ``now``.

    Raises:
        ValueError: nobody knows when it was.
    """
    for year in range(now.year, max(0, now.year - 3), -1):
        spans = [season(name, year)] if name in SEASONS else _holidays(name, year)
        for span in reversed(spans):
            if span[1] <= now:
                return span
    raise ValueError(name)


def current(unit: str, now: datetime, back: int = 0) -> Span:
    """The day, week (from Monday), weekend, month or year of ``now``, or that ``back`` before."""
    today = now.date()
    if unit == "day":
        return days(today - timedelta(days=back))
    if unit == "year":
        return month(now.year - back, 1, 12)
    if unit == "month":
        number = now.year * 12 + now.month - 1 - back
        return month(number // 12, number % 12 + 1)
    monday = today - timedelta(days=today.weekday() + 7 * back)
    return days(monday, 7) if unit == "week" else days(monday + timedelta(days=5), 2)


def shown(span: Span) -> str:
    """A span in plain words: "14 July 2018", "July 2018", "June to August 2018", "2016 to 2018"."""
    start, last_day = span[0], span[1] - timedelta(days=1)
    if start.date() == last_day.date():
        return _day(start)
    if start.day == 1 and span[1].day == 1:
        if start.month == 1 and span[1].month == 1:
            one = str(start.year)
            return one if start.year == last_day.year else f"{one} to {last_day.year}"
        if (start.year, start.month) == (last_day.year, last_day.month):
            return f"{start:%B} {start.year}"
        beginning = f"{start:%B}" if start.year == last_day.year else f"{start:%B} {start.year}"
        return f"{beginning} to {last_day:%B} {last_day.year}"
    return f"{_day(start)} to {_day(last_day)}"


def _day(day: datetime) -> str:
    return f"{day.day} {day:%B} {day.year}"

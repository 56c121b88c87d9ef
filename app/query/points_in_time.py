"""Points of time in plain words: a day, month, season or year, or one before today.

``dateparser`` reads days, and takes a quarter of a second to import: only what has a day's shape
gets to it.
"""

from __future__ import annotations

import re
from datetime import MAXYEAR, datetime, timedelta

from app.query import time_spans
from app.query.moon_holidays import MOON_HOLIDAYS, PATTERN
from app.query.time_spans import HOLIDAYS, MONTHS, SEASONS, Span

YEAR = r"(?:19|20)\d\d"
MONTH = f"(?:{'|'.join(MONTHS)})"
_ABBREVIATED = "|".join((*(month[:3] for month in MONTHS), "sept"))
ANY_MONTH = rf"(?:{'|'.join(MONTHS)}|(?:{_ABBREVIATED})\.?)"
SEASON = f"(?:{'|'.join(SEASONS)})"
_TWO_YEARS = rf"{YEAR} ?[/\u2013-] ?(?:19|20)?\d\d"
WINTER = (  # which is in two years, and so is the night between them
    rf"(?:(?:winter|new year'?s eve|nye) (?:of )?{_TWO_YEARS}|{_TWO_YEARS} winter(?=$|,))"
)
_OTHER_HOLIDAYS = sorted({*HOLIDAYS} - {*MOON_HOLIDAYS}, key=len, reverse=True)
HOLIDAY = f"(?:{'|'.join(_OTHER_HOLIDAYS)}|{PATTERN})"
WEEKDAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_ISO = rf"{YEAR}(?:[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])|[-/.](?:0[1-9]|1[0-2]))"
DAY = r"\d{1,2}(?:st|nd|rd|th)?\.?"
_SHORT_YEAR = r"'\d\d"
SHORT_DAY = r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.\d\d"
"""Such a number may be that of a version too, or a time of day."""
_DATE_OF_DAY = (
    rf"(?:the )?{DAY} (?:of )?{ANY_MONTH},? (?:{YEAR}|{_SHORT_YEAR})|{ANY_MONTH} {DAY},? {YEAR}"
    rf"|\d{{1,2}}[./-]\d{{1,2}}[./-]{YEAR}|{SHORT_DAY}(?=$|[\s,\u2013-])"
)
WITHOUT_YEAR = (
    rf"(?:(?:the )?{DAY} (?:of )?{ANY_MONTH}|{ANY_MONTH}(?: {DAY})?|\d{{1,2}}\.\d{{1,2}}\.?)"
)
NUMBER = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
UNITS = "days|weeks|months|years"
POINT = (
    rf"(?:{_DATE_OF_DAY}|{_ISO}|{ANY_MONTH},? (?:of )?(?:{YEAR}|{_SHORT_YEAR})|{WINTER}"
    rf"|(?:{SEASON}|{HOLIDAY}) (?:of |in )?(?:{YEAR}|{_SHORT_YEAR}|\d\d(?=$|,))"
    rf"|(?:0?[1-9]|1[0-2])[/.]{YEAR}|{YEAR} (?:{SEASON}|{HOLIDAY}|{MONTH})(?=$|,)|{YEAR})"
)
NOW = ("now", "present", "the present")
"""These are times only where something lasts until then."""
_LAST = rf"(?:last|this|past) (?:{SEASON}|{HOLIDAY}|{MONTH}|{WEEKDAY}|weekend|week|month|year)"
_AGO = rf"{NUMBER} (?:day|week|month|year)s? ago"
_SAME_DAY = (  # "today a year ago", "this day last year"
    rf"(?:(?:today|(?:on )?this day|(?:around )?this time),? (?:last year|{_AGO})"
    rf"|(?:last year|{_AGO}),? (?:today|on this day))"
)
_DAYTIMES = ("morning", "afternoon", "evening", "night")
_DAYTIME = f"(?:{'|'.join(_DAYTIMES)})"
_NAMED = f"(?:{SEASON}|{HOLIDAY}|{MONTH})"
_OF_YEAR = (  # "christmas last year", "last year in summer"
    rf"(?:{_NAMED} (?:of |in )?(?:last|this) year"
    rf"|(?:last|this) year,? (?:in |at |on )?(?:the )?{_NAMED})"
)
RELATIVE = (
    rf"(?:{_SAME_DAY}|(?:the )?day before yesterday|yesterday(?: {_DAYTIME})?|today|last night"
    rf"|this {_DAYTIME}(?=$|,| \()|{_OF_YEAR}|{_LAST}|{_AGO})"
)
PART = r"(?:(?:the )?(?:beginning|start|middle|end) of |early |late |mid[- ])"
"""What is a part of a month, season or year is read as all of it."""


def with_year(first: str, last: str, before: int = 0) -> str:
    """The first time of a range with the year of the last one, if it has none itself.

    Args:
        before: how many years before that.
    """
    year = re.search(rf"(?P<short>'?)(?P<number>(?:{YEAR}|(?<=')\d\d))$", last)
    if year is None or not re.fullmatch(WITHOUT_YEAR, first):
        return first
    said = f"{year['short']}{int(year['number']) - before:02}"
    return f"{first.rstrip('.')}.{said}" if re.search(r"\d[./]\d", first) else f"{first} {said}"


def span_of(text: str, now: datetime) -> Span:
    """The time that a point of time names.

    Raises:
        ValueError: there is no such day.
    """
    if re.fullmatch(_SAME_DAY, text):
        ago = re.search(_AGO, text)
        day = day_of(ago[0] if ago else "a year ago", now)
        is_about = "this time" in text
        return time_spans.days(day - timedelta(days=14 * is_about), 29 if is_about else 1)
    if text in ("today", *NOW):
        return time_spans.current("day", now)
    if text.endswith("day before yesterday"):
        return time_spans.current("day", now, 2)
    if text.startswith("yesterday") or text.endswith(_DAYTIMES):
        return time_spans.current("day", now, 0 if text.startswith("this") else 1)
    if text.endswith(" ago"):
        return _ago(text, now)
    if re.fullmatch(_OF_YEAR, text):
        named = re.search(_NAMED, text)
        assert named is not None
        year = now.year - 1 if "last" in text else _this_year(named[0], now)
        return named_span(f"{named[0]} {year}", now)
    way, _, name = text.partition(" ")
    if way in ("last", "past", "this") and name:
        return _last(way, name, now)
    return named_span(text, now)


def _ago(text: str, now: datetime) -> Span:
    """A day; of "two months ago" the month, of "a year ago" the year."""
    day = day_of(text, now)
    unit = next(unit for unit in ("day", "week", "month", "year") if f" {unit}" in text)
    return time_spans.current(unit, day)


def _last(way: str, name: str, now: datetime) -> Span:
    if name in ("week", "weekend", "month", "year"):
        return time_spans.current(name, now, int(way != "this"))
    if name in MONTHS:
        number, year = MONTHS.index(name) + 1, now.year
        over = time_spans.month(year, number)[1] <= now
        return time_spans.month(year - (way != "this" and not over), number)
    if name.endswith("day") and name not in HOLIDAYS:
        return time_spans.days(day_of(name, now))
    if way == "this":
        year = _this_year(name, now)
        return (time_spans.season if name in SEASONS else time_spans.holiday)(name, year)
    return time_spans.last(name, now)


def _this_year(name: str, now: datetime) -> int:
    """The year of this season or holiday: until March, this winter is the one of the last year."""
    return now.year - (name == "winter" and now.month <= 2)


def named_span(text: str, now: datetime) -> Span:
    """The time that a day, month, season, holiday or year with its number names.

    Raises:
        ValueError: there is no such day.
    """
    if re.fullmatch(YEAR, text):
        return time_spans.month(int(text), 1, 12)
    if re.fullmatch(_ISO, text):
        year, number, *day = (int(part) for part in re.split(r"[-/.]", text))
        if not day:
            return time_spans.month(year, number)
        return time_spans.days(datetime(year, number, day[0]))
    if numbered := re.fullmatch(rf"(\d\d?)[/.]({YEAR})", text):
        return time_spans.month(int(numbered[2]), int(numbered[1]))
    if re.fullmatch(WINTER, text):
        return _over_new_year(text)
    text = _with_year_last(text, now)
    year = int(text[-4:])
    if numbers := re.fullmatch(r"(\d+)([./-])(\d+)[./-]\d{4}", text):
        return _numbered(int(numbers[1]), int(numbers[3]), year, has_dots=numbers[2] == ".")
    if not 1 <= year < MAXYEAR:
        raise ValueError
    name = re.sub(r"[,. ]*(?: (?:of|in))? *\d{4}$", "", text)
    if name in SEASONS:
        return time_spans.season(name, year)
    if name in HOLIDAYS:
        return time_spans.holiday(name, year)
    if re.fullmatch(ANY_MONTH, name):
        number = next(n for n, month in enumerate(MONTHS, 1) if month.startswith(name[:3]))
        return time_spans.month(year, number)
    return time_spans.days(day_of(text, now))


def _numbered(first: int, second: int, year: int, *, has_dots: bool) -> Span:
    """A day of two numbers and a year; with dots, the month is the second one.

    Raises:
        ValueError: there is no such day, or there are two.
    """
    day, month = max(first, second), min(first, second)
    if day <= 12 and has_dots:
        day, month = first, second
    elif day <= 12 and day != month:
        raise ValueError("it may be one of two days")
    return time_spans.days(datetime(year, month, day))


def _over_new_year(text: str) -> Span:
    """A winter, or the night that begins a year, of two years that follow each other."""
    years = re.search(rf"(?P<first>{YEAR})\D+(?P<last>\d+)", text)
    assert years is not None
    year = int(years["first"])
    if not f"{year + 1}".endswith(years["last"]):
        raise ValueError(f"{text} is of years that do not follow each other")
    if "winter" in text:
        return time_spans.season("winter", year)
    return time_spans.holiday("new year's eve", year)


def _with_year_last(text: str, now: datetime) -> str:
    """A point of time with its year in full at its end: "summer '22", "2022 summer"."""
    if re.match(rf"{YEAR} ", text):
        return f"{text[5:]} {text[:4]}"
    if short := re.search(r"(?<!\d)'?(\d\d)$", text):
        century = now.year // 100 - (int(short[1]) > now.year % 100)
        return f"{text[: short.start()]}{century}{short[1]}"
    return text


def day_of(text: str, now: datetime) -> datetime:
    """The day that ``dateparser`` reads.

    Raises:
        ValueError: it reads none.
    """
    import dateparser

    settings = {
        "RELATIVE_BASE": now,
        "PREFER_DATES_FROM": "past",
        "DATE_ORDER": "DMY",
        "PARSERS": ["relative-time", "absolute-time"],
    }
    day: datetime | None = dateparser.parse(text, languages=["en"], settings=settings)
    if day is None:
        raise ValueError(text)
    return day


def said(point: str, span: Span) -> str:
    """A point of time in plain words, with the days that are meant where it does not say them."""
    when = time_spans.shown(span)
    if re.match(rf"{SEASON}|{HOLIDAY}|{RELATIVE}", point):
        return f"{point} ({when})"
    return when

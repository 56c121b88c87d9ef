"""Dates from one time to another in plain words: "2016-2018", "10 to 14 july 2018", "july 2018 to
now", and those at an end of a longer time: "the last week of july 2019"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.query import time_spans
from app.query.points_in_time import (
    ANY_MONTH,
    DAY,
    HOLIDAY,
    MONTH,
    NOW,
    PART,
    POINT,
    RELATIVE,
    SEASON,
    WITHOUT_YEAR,
    YEAR,
    named_span,
    said,
    span_of,
    with_year,
)
from app.query.ranges import Form, Read, days_of_any_year, last_day_of
from app.query.time_spans import MONTHS, Span
from store.filters import Taken, any_of

_MOST = 4  # other words: in a longer text, "2012 or 2018" may be a part of a description


def _range(match: re.Match[str], now: datetime, _words: int) -> Read | None:
    first, last = match["first"], match["last"]
    has_year = re.search(rf"(?:{YEAR}|'\d\d)$", last)
    year = last if has_year else f"{now.year}"  # "june to today"
    if span := _from_to(with_year(first, year), last, now):  # "june to august 2018"
        return span
    return _from_to(with_year(first, year, 1), last, now)  # "24.12. to 2.1.2019"


def _from_to(first: str, last: str, now: datetime) -> Read | None:
    """From the beginning of one time to the end of another."""
    start, end = span_of(first, now)[0], span_of(last, now)[1]
    return _between((start, end)) if start < end else None


def _between(span: Span) -> Read | None:
    return Taken(*span), time_spans.shown(span)


def _days(match: re.Match[str], now: datetime, _words: int) -> Read | None:
    """Days of one month: "10 to 14 july 2018", "july 10-14, 2018"."""
    groups = match.groupdict()
    month = groups.get("month") or f"{groups['name']} {groups['year']}"
    return _from_to(f"{match['first']} {month}", f"{match['last']} {month}", now)


def _both(match: re.Match[str], now: datetime, words: int) -> Read | None:
    """ "2018 and 2019" is a range where one follows the other, else one of the two is enough: no
    photo is of both."""
    first, last = match["first"], match["last"]
    first += "" if re.search(r"\d\d$", first) else f" {last.split()[-1]}"
    one, other = named_span(first, now), named_span(last, now)
    if one[1] == other[0]:
        return _between((one[0], other[1]))
    if re.fullmatch(YEAR, first) and not match["in"]:  # these may be numbers
        before, behind = match.string[: match.start()].rstrip(), match.string[match.end() :]
        is_at_end = before[-1:] in ("", ",") or behind.lstrip()[:1] in ("", ",")
        if words > _MOST or not is_at_end or max(one[0], other[0]) > now:
            return None
    return _either([first, last], now)


def _of_both(match: re.Match[str], now: datetime, _words: int) -> Read | None:
    """ "summer 2018 and 2020" is either of the two summers."""
    return _either([f"{match['name']} {match[year]}" for year in ("first", "last")], now)


def _listed(match: re.Match[str], now: datetime, _words: int) -> Read | None:
    """ "June, July and September 2018" is one of these months."""
    months = re.findall(ANY_MONTH, match["every"])
    return _either([f"{month} {match['year']}" for month in months], now)


def _either(points: Sequence[str], now: datetime) -> Read:
    """One of some times, of which one is enough."""
    named = [(point, named_span(point, now)) for point in points]
    filter = any_of([Taken(*span) for _, span in named])
    return filter, " or ".join(said(point, span) for point, span in named)


def _end_of(match: re.Match[str], now: datetime, _words: int) -> Read | None:
    """The first or last day, week, weekend or month of a longer time; of a month without its year,
    it is of any year."""
    is_last, unit = match["which"] == "last", match["unit"]
    if match["month"]:
        number = MONTHS.index(match["month"]) + 1
        last = last_day_of(number)
        # All days that the weekend can have in some year; February mostly ends a day earlier.
        count = {"day": 1, "week": 7, "weekend": 8, "month": last}[unit]
        if not is_last:
            return days_of_any_year((number, 1), (number, count))
        return days_of_any_year((number, max(1, last - count + (number != 2))), (number, last))
    start, end = span_of(match["whole"], now)
    match unit:
        case "month":
            one = end - timedelta(days=1) if is_last else start
            return _between(time_spans.month(one.year, one.month))
        case "weekend":  # the whole of it lies within
            days = -end.weekday() - 2 if is_last else (5 - start.weekday()) % 7
            start = (end if is_last else start) + timedelta(days=days)
            return _between((start, start + timedelta(days=2)))
    count = 1 if unit == "day" else 7
    start = max(start, end - timedelta(days=count)) if is_last else start
    return _between((start, min(end, start + timedelta(days=count))))


_TO = r" ?(?:-|\u2013|to|until) ?"
_UNTIL = r" ?(?:-|\u2013|\.\.|to|until|till|up to|al?|à|au|到|至) ?"
"""Those of other languages stand where nothing else of them is known: "2010 a 2015"."""
_AND = r"(?: and | or | ?/ ?)"
_NOW = rf"(?:{'|'.join(NOW)})(?=$|,)"
_FIRST = rf"(?P<first>{POINT}|{RELATIVE}|{WITHOUT_YEAR})"
_LAST = rf"(?P<last>{POINT}|{RELATIVE}|{_NOW})"

FORMS: Sequence[Form] = (
    (
        rf"(?:from )?(?:the )?(?P<first>{DAY}){_TO}(?:the )?(?P<last>{DAY}) (?:of )?"
        rf"(?P<month>{ANY_MONTH},? {YEAR})",
        _days,
    ),
    (
        rf"(?:from )?(?P<name>{ANY_MONTH}) (?P<first>{DAY}){_TO}(?P<last>{DAY}),? "
        rf"(?P<year>{YEAR})",
        _days,
    ),
    (
        r"(?:(?:from|in|on|during|taken in|taken on|taken) )?(?:the )?(?P<which>first|last) "
        r"(?P<unit>day|week|weekend|month) (?:of|in|from) (?:the )?"
        rf"(?:(?P<whole>{POINT}|(?:last|this) (?:year|month|{SEASON}|{MONTH}))"
        rf"|(?P<month>{MONTH}))",
        _end_of,
    ),
    (
        rf"(?:(?P<between>between )|from |since )?(?:in )?(?:{PART})?{_FIRST}"
        rf"(?(between) and |{_UNTIL})(?:in )?(?:{PART})?{_LAST}",
        _range,
    ),
    (
        rf"(?:(?:from|in|of|on|at|during) )?(?:the )?"
        rf"(?P<name>{SEASON}|{HOLIDAY}|(?:{DAY} )?{MONTH}) (?:of )?"
        rf"(?P<first>{YEAR}) (?:and|or) (?P<last>{YEAR})",
        _of_both,
    ),
    (
        rf"(?<!\d )(?:(?:from|in) )?(?P<every>{ANY_MONTH}(?:, {ANY_MONTH})+"
        rf",? (?:and|or) {ANY_MONTH}),? (?P<year>{YEAR})",
        _listed,
    ),
    (rf"(?P<in>from |in )?(?P<first>{YEAR}){_AND}(?P<last>{YEAR})", _both),
    (
        rf"(?P<in>from |in )?(?P<first>{ANY_MONTH}(?:,? {YEAR})?){_AND}"
        rf"(?P<last>{ANY_MONTH},? {YEAR})",
        _both,
    ),
)

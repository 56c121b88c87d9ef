"""Dates that lower layers say in English, in the language of the page's reader: "14 July 2018",
"June to August 2018", "last summer (June to August 2025)"."""

from __future__ import annotations

import re
from typing import Literal

from app.languages.asked import ENGLISH
from app.locales.texts import Texts
from app.query.points_in_time import HOLIDAY, NUMBER, RELATIVE, SEASON, UNITS, WINTER
from app.query.time_spans import MONTHS

MONTH = "|".join(month.capitalize() for month in MONTHS)
DATE = rf"[\d-]+|(?:\d+ )?(?:{MONTH})(?: \d+)?"
"""A year, month or day, or one as it was typed: 2018-07."""
_SPAN = rf"(?:{DATE})(?: to (?:{DATE}))?"
_NAME = (
    rf"(?:{SEASON}|{HOLIDAY}) (?:(?:of|in) )?(?:\d{{4}}|'?\d\d)|{WINTER}|{RELATIVE}"
    rf"|(?:the )?(?:last|past) (?:{NUMBER} )?(?:{UNITS})"
)
TIME = rf"(?:{_NAME}) \({_SPAN}\)|{_SPAN}"
"""A date, a span of time, or one with its English name."""
_PARTS = re.compile(rf"(?:(?:{_NAME}) \()?(?P<first>{DATE})(?: to (?P<last>{DATE}))?\)?")
_DATE = re.compile(rf"(?:(?P<day>\d+) )?(?P<month>{MONTH})(?: (?P<year>\d+))?")
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>0[1-9]|1[0-2])(?:-(?P<day>\d\d))?")

Side = Literal["first", "last"]


def time_in(said: str, texts: Texts, side: Side | None = None) -> str | None:
    """A time as ``texts`` has it; of one with a name ("last summer"), which whoever asks has typed,
    the dates only, but in English. None for what is no time.

    Args:
        side: which end of a span is meant, but in English; None for both.
    """
    if not re.fullmatch(TIME, said):
        return None
    if texts.language == ENGLISH:
        return said
    parts = _PARTS.fullmatch(said)
    assert parts is not None
    first, last = parts["first"], parts["last"]
    if last is None:
        return _date_in(first, texts)
    if side == "first" and not first[-1].isdigit():  # "June to August 2025"
        first = f"{first} {last[-4:]}"
    if side:
        return _date_in(first if side == "first" else last, texts)
    return texts("below.range", first=_date_in(first, texts), last=_date_in(last, texts))


def month_in(month: str, texts: Texts) -> str:
    """The name of a month, from its English one."""
    return texts(f"month.{month.lower()}")


def _date_in(date: str, texts: Texts) -> str:
    match = _DATE.fullmatch(date) or _ISO.fullmatch(date)
    if match is None:  # a year alone
        return date
    name = match["month"]
    month = month_in(MONTHS[int(name) - 1] if name.isdigit() else name, texts)
    if match["day"]:
        return texts("month.day", day=match["day"].lstrip("0"), month=month, year=match["year"])
    return f"{month} {match['year']}" if match["year"] else month

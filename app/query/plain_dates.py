"""Dates in plain words: "july 2018", "2016-2018", "last summer", "christmas 2019", "3 days ago".

Only what is clearly a date is one: "march" alone is a word, and so are "summer" and "christmas"
without a year, which the model knows by sight. Days are read by ``dateparser``, which takes a
quarter of a second to import, and so only where the words have a day's shape.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.query import time_spans
from app.query.date_ranges import FORMS as RANGES
from app.query.date_translation import translations
from app.query.negative_words import PHOTOS
from app.query.points_in_time import (
    ANY_MONTH,
    NUMBER,
    PART,
    POINT,
    RELATIVE,
    SHORT_DAY,
    UNITS,
    WEEKDAY,
    WINTER,
    YEAR,
    day_of,
    said,
    span_of,
)
from app.query.ranges import Form, Read
from app.query.time_spans import MONTHS
from app.query.yearless_days import FORMS as DAYS_OF_ANY_YEAR
from app.query.yearless_days import MONTHS_OF_ANY_YEAR
from store.filters import InHours, PhotoFilter, Taken

_SHORT = 4  # other words: in a longer text, "in the morning" or a year is part of a description


@dataclass(frozen=True)
class DatePart:
    """A date in a text, from ``start`` to ``end``, as a filter and in plain words."""

    start: int
    end: int
    filter: PhotoFilter
    reading: str


_DAYTIMES = {"morning": (5, 12), "afternoon": (12, 18), "evening": (18, 23)}
_HINTS = frozenset(("ago", "last", "past", "this", "today", "yesterday", *_DAYTIMES))
_BEGINNINGS = frozenset(month[:3] for month in MONTHS)
_NEXT = "in|on|at|of|with|without|from|during|by|near"  # "in the morning light" is a light
_PREPOSITION = r"(?:(?:from|in|on|at|of|during|taken in|taken on|taken) (?:the )?)?"
_THE_LAST = r"(?:(?:in|on|at|during) )?(?:the )?last "
_MEDIA = PHOTOS | {"pic", "pics", "video", "videos"}
_TIME = re.compile(r" ?(?:uhr|[ap]\.?m)\b")
"""What stands behind a time of day."""
_YEAR_SAID = rf"(?:{PART})?(?:(?:the )?year (?={YEAR})|(?:the )?month of (?={ANY_MONTH}))?"


def dates(text: str, now: datetime, language: str = "") -> list[DatePart]:
    """The dates in ``text``, which is in lower case with a comma or space between words, in order.

    They are read in English, German, French, Spanish and Chinese.

    Args:
        now: local time, to which "yesterday" refers.
        language: the code of the one that the query is asked in; empty if nobody said so.
    """
    text = text.replace("\u2019", "'")
    parts = _dates(text, now)
    for translation in translations(text, now, language):
        for part in _dates(translation.text, now):
            if translation.is_date(part.start, part.end):
                start, end = translation.place(part.start, part.end)
                parts.append(replace(part, start=start, end=end))
    apart: list[DatePart] = []
    for part in sorted(parts, key=lambda one: one.start - one.end):  # "seit 2019" before "2019"
        if all(part.end <= other.start or other.end <= part.start for other in apart):
            apart.append(part)
    return sorted(apart, key=lambda part: part.start)


def _dates(text: str, now: datetime) -> list[DatePart]:
    """The dates that are in English."""
    if not _may_have_one(text):
        return []
    parts: list[DatePart] = []
    others = len(re.findall(r"[^\s,]+", text))
    for pattern, read in _FORMS:
        for match in re.finditer(rf"(?<![^\s,]){pattern}(?=[\s,.;!?]|$)", text):
            if any(match.start() < part.end and part.start < match.end() for part in parts):
                continue
            try:
                meant = read(match, now, others - len(re.findall(r"[^\s,]+", match[0])))
            except (ValueError, OverflowError):
                continue
            if meant:
                parts.append(DatePart(match.start(), match.end(), *meant))
    return parts


def _may_have_one(text: str) -> bool:
    """Whether a look is worth while: most queries have no date, and the patterns are long."""
    words = re.findall(r"[a-z]+", text)
    return any(character.isdigit() for character in text) or any(
        word in _HINTS or word[:3] in _BEGINNINGS or word.endswith("day") for word in words
    )


def _open(match: re.Match[str], now: datetime, _words: int) -> Read | None:
    span = span_of(match["point"], now)
    named = said(match["point"], span)
    way = match["way"]
    part = match.groupdict().get("part") or ""
    if way == "before" and re.search("mid|end|late", part):  # the whole of it may be meant
        way = "until"
    if way == "after" and re.search("mid|beginning|start|early", part):
        way = "since"
    match way:
        case "before":
            return Taken(end=span[0]), f"before {named}"
        case "until" | "till" | "up to":
            return Taken(end=span[1]), f"until {named}"
        case "after":
            return Taken(start=span[1]), f"after {named}"
    return Taken(start=span[0]), f"from {named} on"


def _one(match: re.Match[str], now: datetime, words: int) -> Read | None:
    point = match["point"]
    if re.fullmatch(YEAR, point) and not _is_year(match, words, now):
        return None
    if re.fullmatch(SHORT_DAY, point) and not _is_day(match):
        return None
    is_of = match.string[match.end() :].startswith(" of ")
    if is_of and re.match(_THE_LAST, match[0]) and not _is_behind_photos(match):
        return None  # "the last week of school", but "photos last week of the dogs"
    span = span_of(point, now)
    return Taken(*span), said(point, span)


def _is_year(match: re.Match[str], words: int, now: datetime) -> bool:
    """Whether a number like 2019 is a year: of the past, after "in", or at an end of few words."""
    if not 1900 <= int(match["point"]) <= now.year:
        return False
    named = match[0] != match["point"] and not match[0].startswith(("on ", "at "))
    before, after = _around(match)
    at_end = before in ("", ",") or after in ("", ",")
    return named or (at_end and words <= _SHORT) or _is_alone(match)


def _is_day(match: re.Match[str]) -> bool:
    """Whether a number like 1.2.19 is a day, and not that of a version or a time of day."""
    if match[0].startswith("at "):
        return False
    if match[0] != match["point"] or _is_alone(match):
        return True
    if re.fullmatch(r"\d\d\.\d\d\.\d\d", match["point"]) is None:
        return False
    before, after = _around(match)
    if before in ("", ","):
        return _TIME.match(match.string, match.end()) is None
    # Any other word may say what the number is of: "clock 10.10.10", "ubuntu 22.04.01".
    return after in ("", ",") and _is_behind_photos(match)


def _is_behind_photos(match: re.Match[str]) -> bool:
    """Whether the word before it says no more than that photos are looked for."""
    return not _MEDIA.isdisjoint(re.findall(r"[^\s,]+", match.string[: match.start()])[-1:])


def _is_alone(match: re.Match[str]) -> bool:
    """Whether it is all that stands between two commas."""
    return all(beside in ("", ",") for beside in _around(match))


def _around(match: re.Match[str]) -> tuple[str, str]:
    """The characters beside a match, spaces left out; empty at an end."""
    before, after = match.string[: match.start()].rstrip(), match.string[match.end() :].lstrip()
    return before[-1:], after[:1]


def _decade(match: re.Match[str], _now: datetime, _words: int) -> Read | None:
    first = int(match["decade"])
    first += 0 if first > 99 else 1900 if first >= 30 else 2000
    span = time_spans.month(first, 1, 120)
    return Taken(*span), time_spans.shown(span)


def _past(match: re.Match[str], now: datetime, _words: int) -> Read | None:
    count = day_of(f"{match['number'] or 'a'} {match['unit']} ago", now)
    start = time_spans.days(count)[0]
    end = time_spans.current("day", now)[1]
    return Taken(start, end), f"{match[0].removeprefix('in ')} ({time_spans.shown((start, end))})"


def _weekday(match: re.Match[str], now: datetime, words: int) -> Read | None:
    if words > _SHORT and not _is_alone(match):
        return None
    point = f"last {match['weekday']}"
    span = span_of(point, now)
    return Taken(*span), said(point, span)


def _daytime(match: re.Match[str], _now: datetime, words: int) -> Read | None:
    start, end = _DAYTIMES[match["daytime"]]
    if words > _SHORT and not _is_alone(match):
        return None
    return InHours(start, end), f"in the {match['daytime']} ({start} to {end} o'clock)"


_FORMS: Sequence[Form] = (
    (rf"{_PREPOSITION}(?P<point>{WINTER})(?! (?:to|until)\b)", _one),
    *RANGES,
    (rf"(?:in )?(?:the )?(?:last|past) (?:(?P<number>{NUMBER}) )?(?P<unit>{UNITS})", _past),
    (rf"(?P<way>since|after|(?<!day )before|until|till|up to) "
     rf"(?P<part>{PART})?(?P<point>{POINT}|{RELATIVE})", _open),
    (rf"(?P<way>from) (?P<point>{POINT}) on(?:wards?)?", _open),
    (rf"{_PREPOSITION}{_YEAR_SAID}(?P<point>{RELATIVE}|{POINT})(?:'s)?", _one),
    *DAYS_OF_ANY_YEAR,
    (rf"(?:from|on) (?P<weekday>{WEEKDAY})", _weekday),
    (r"(?:from|in|of|during) (?:the )?(?P<decade>(?:19|20)?\d0)'?s", _decade),
    (r"(?:^|(?<=, ))(?:the )?(?P<decade>(?:19|20)\d0|(?<=the )\d0)'?s(?=$|,)", _decade),
    (rf"in the (?P<daytime>morning|afternoon|evening)(?=$|,| (?:{_NEXT})\b)", _daytime),
    *MONTHS_OF_ANY_YEAR,
)  # fmt: skip

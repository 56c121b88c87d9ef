"""Days and months without a year in plain words, which are of any year: "14 July", "on July 3rd",
"24.12.", "24-26 December", "in July", "June to August".

A number before or behind "may" or "march" counts things as often as days: these are days only where
something else says so ("on 3 May", "3rd of May"), or with nothing beside them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from app.query.points_in_time import ANY_MONTH, MONTH, PART
from app.query.ranges import Form, Read, day_of_any_year, days_of_any_year, last_day_of
from app.query.time_spans import MONTHS
from store.filters import InMonth, any_of

_MOST = 4  # other words: "14 july" among more needs something that says that it is a day
_WORDS = ("may", "mar")
_WORD_MONTHS = {3, 5, 8}
"""March, May and August are words of English."""
_ON = r"(?P<on>(?:taken on |taken |on |every )?)(?:from )?(?:the )?"
_NUMBER = r"(?P<day>\d{1,2})(?P<mark>st|nd|rd|th|\.)?"
_TIES = "to|until|and|or|bis(?: zum)?|und|oder|au|et|ou|al|y|o"
"""Words between two days; those of other languages stand where nothing else of them is known."""
_RANGE_BEFORE = (
    rf"(?:(?:\d|\b{ANY_MONTH})(?:st|nd|rd|th|\.)?(?: ?[-\u2013]| (?:{_TIES}|in))"
    r"|\d(?:st|nd|rd|th|\.)?|\b(?:since|after|before|until|till|up to|between|to)"
    r"|\b(?:seit|ab|bis|vor|nach|zwischen)(?: zum| dem)?|[至到](?: ?on)?)$"
)
_OPEN = (
    r"\b(?:since|after|before|until|till|to|from|between|(?:seit|ab|bis|vor|nach|zwischen)"
    r"(?: zum| dem)?)$"
)
"""Before a month: it is the beginning or the end of a time, and not that by itself."""
_RANGE_BEHIND = rf"(?:[-\u2013至到]|{_TIES})? ?(?:on )?'?\d"


def _several(match: re.Match[str], _now: datetime, words: int) -> Read | None:
    """From one day to another: "24 to 26 December", "24 December to 2 January"."""
    names = [match[name][:3] for name in ("month", "other") if match.groupdict().get(name)]
    is_word = len(names) == 1 and names[0] in _WORDS
    if not _is_day(match, words, is_word=is_word):
        return None
    return _from_to(match, _number(names[0]), _number(names[-1]))


def _several_numbered(match: re.Match[str], _now: datetime, _words: int) -> Read | None:
    """ "24.12. to 2.1.", "24.-26.12."."""
    if not (match["on"] or _is_alone(match) or max(int(match["first"]), int(match["last"])) > 12):
        return None  # of versions
    month = int(match["number"])
    return _from_to(match, int(match.groupdict().get("before") or month), month)


def _from_to(match: re.Match[str], month: int, last_month: int) -> Read | None:
    """Days of these months; "and" stands between two of them, but for "between" before it."""
    first, last = int(match["first"]), int(match["last"])
    if _is_of_range(match) or (month == last_month and first >= last):
        return None
    if match["and"] and "between" not in match["on"] and (month, first + 1) != (last_month, last):
        return None
    return days_of_any_year((month, first), (last_month, last))


def _named(match: re.Match[str], _now: datetime, words: int) -> Read | None:
    month = match["month"][:3]
    if _is_of_range(match) or not _is_day(match, words, is_word=month in _WORDS):
        return None
    return day_of_any_year(_number(month), int(match["day"]))


def _numbered(match: re.Match[str], _now: datetime, _words: int) -> Read | None:
    day, month = int(match["day"]), int(match["number"])
    if _is_of_range(match):
        return None
    if match["between"] == "/":
        if not match["on"] or (day <= 12 and day != month):  # in the US it is the month
            return None
    elif not match["on"] and not (match["end"] and (_is_alone(match) or day > 12)):
        return None  # a number, or that of a version
    return day_of_any_year(month, day)


def _month(match: re.Match[str], _now: datetime, words: int) -> Read | None:
    number = _number(match["month"])
    before, behind = _beside(match)
    if re.search(_OPEN, before) or re.match(r"(?:until|till|up to)\b", behind):
        return None
    if match[0].startswith("from ") and re.match(r"to\b", behind):
        return None
    if not _is_month(match, words, match["month"] != match[0], {number}):
        return None
    return InMonth(number), _said_month(number)


def _listed(match: re.Match[str], _now: datetime, words: int) -> Read | None:
    """Three or more months, which need no "in": "beach June, July and August"."""
    names = re.findall(ANY_MONTH, match["every"])
    numbers = [_number(name[:3]) for name in names]
    if words > _MOST or {*numbers} <= _WORD_MONTHS or re.search(_OPEN, _beside(match)[0]):
        return None
    if not match["on"] and (_is_of_range(match) or not {*names} <= {*MONTHS}):
        return None
    months = [InMonth(number) for number in dict.fromkeys(numbers)]
    return any_of(months), " or ".join(_said_month(month.month) for month in months)


def _months(match: re.Match[str], _now: datetime, words: int) -> Read | None:
    """ "June to August" is each of these months, and so is "between June and August"."""
    first, last = _number(match["first"][:3]), _number(match["last"][:3])
    said = match["on"]
    if first == last or _is_of_range(match):
        return None
    if not _is_month(match, words, bool(said), {first, last}):
        return None
    if match["and"] and "between" not in said:
        if said == "since " or (not said and not {match["first"], match["last"]} <= {*MONTHS}):
            return None  # "since June or July"; of people: "Jan and Mar"
        both = [InMonth(number) for number in (first, last)]
        return any_of(both), f"{_said_month(first)} or {_said_month(last)}"
    return days_of_any_year((first, 1), (last, last_day_of(last)))


def _is_month(match: re.Match[str], words: int, is_said: bool, months: set[int]) -> bool:
    """Whether months are meant: "march" and "may" are words, and June is a name, but not alone."""
    if is_said:
        return words <= _MOST or _is_alone(match)
    return _is_alone(match) and not months <= _WORD_MONTHS


def _said_month(number: int) -> str:
    return f"in {MONTHS[number - 1].capitalize()} of any year"


def _today(_match: re.Match[str], now: datetime, _words: int) -> Read:
    return day_of_any_year(now.month, now.day)


def _number(month: str) -> int:
    """The number of a month, by the first letters of its name."""
    return next(n for n, name in enumerate(MONTHS, 1) if name.startswith(month))


def _is_day(match: re.Match[str], words: int, *, is_word: bool) -> bool:
    if match["on"] or any(match.groupdict().get(name) for name in ("mark", "of")):
        return True
    return _is_alone(match) if is_word else words <= _MOST


def _is_alone(match: re.Match[str]) -> bool:
    """Whether it is all that stands between two commas."""
    before, behind = _beside(match)
    return before[-1:] in ("", ",") and behind[:1] in ("", ",")


def _is_of_range(match: re.Match[str]) -> bool:
    """Whether another day or a year stands beside it, or "since": it is no day by itself."""
    before, behind = _beside(match)
    return bool(re.search(_RANGE_BEFORE, before) or re.match(_RANGE_BEHIND, behind))


def _beside(match: re.Match[str]) -> tuple[str, str]:
    return match.string[: match.start()].rstrip(), match.string[match.end() :].lstrip()


_LEAD = r"(?P<on>(?:taken |every )?(?:on |from |between )?)(?:the )?"
_TO = r"(?: ?(?:-|\u2013|to|until|thru|through) ?|(?P<and> and ))(?:the )?"
_FIRST, _LAST = (
    r"(?P<first>\d{1,2})(?:st|nd|rd|th|\.)?",
    r"(?P<last>\d{1,2})(?P<mark>st|nd|rd|th|\.)?",
)
_MONTH, _OTHER = (rf"(?P<{name}>{ANY_MONTH})" for name in ("month", "other"))
_OF = "(?P<of>of )?"

FORMS: Sequence[Form] = (
    (
        r"on this day(?:(?: in)? (?:history|(?:other|previous|all) years|any year|every year))?"
        r"(?=$|[,.!?]|,? (?:in|at|with|please|(?:19|20)\d\d)\b)",
        _today,
    ),
    (rf"{_LEAD}{_FIRST}{_TO}{_LAST} {_OF}{_MONTH}", _several),
    (rf"{_LEAD}{_MONTH} {_FIRST}{_TO}{_LAST}", _several),
    (rf"{_LEAD}{_FIRST} (?:of )?{_MONTH}{_TO}{_LAST} {_OF}{_OTHER}", _several),
    (rf"{_LEAD}{_MONTH} {_FIRST}{_TO}{_OTHER} {_LAST}", _several),
    (
        rf"{_LEAD}{_FIRST}\.(?P<before>\d{{1,2}})\.{_TO}{_LAST}\.(?P<number>\d{{1,2}})\.",
        _several_numbered,
    ),
    (rf"{_LEAD}{_FIRST}{_TO}{_LAST}\.(?P<number>\d{{1,2}})\.", _several_numbered),
    (rf"{_ON}{_NUMBER} (?P<of>of )?(?P<month>{ANY_MONTH})", _named),
    (rf"{_ON}(?P<month>{ANY_MONTH}) (?:the )?{_NUMBER}", _named),
    (rf"{_ON}(?P<day>\d{{1,2}})(?P<between>[./])(?P<number>\d{{1,2}})(?P<end>\.?)", _numbered),
)
_LEAD_OF_MONTHS = r"(?P<on>(?:(?:taken )?(?:in|from|between|during|since) )?(?:the months of )?)"
MONTHS_OF_ANY_YEAR: Sequence[Form] = (
    (
        rf"{_LEAD_OF_MONTHS}(?P<every>{ANY_MONTH}(?:, {ANY_MONTH})+(?:,? (?:and|or) |, )"
        rf"{ANY_MONTH})",
        _listed,
    ),
    (
        rf"{_LEAD_OF_MONTHS}(?:in )?(?:{PART})?(?P<first>{ANY_MONTH})"
        r"(?: ?(?:-|\u2013|to|until|thru|through) ?|(?P<and> and | or | ?/ ?))"
        rf"(?:in )?(?:{PART})?(?P<last>{ANY_MONTH})",
        _months,
    ),
    # "De début juin à fin août", "de principios de junio a finales de agosto".
    (rf"(?P<on>from )in (?P<first>{MONTH}) (?:at? )?in (?P<last>{MONTH})(?P<and>)", _months),
    (rf"(?:(?:from|in|at|during|taken in|taken) )?{PART}(?P<month>{MONTH})", _month),
    (rf"(?:in |during )?(?:the month of )?(?P<month>{MONTH})", _month),
)

"""Dates in Chinese, which stand between other words without a space: "2018年夏天的海滩"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.query.phrases import Word

_YEARS_BACK = {"今年": 0, "去年": 1, "前年": 2}
_DAYS = {"今天": "today", "昨天": "yesterday", "前天": "the day before yesterday"}
_SEASONS = {"春": "spring", "夏": "summer", "秋": "autumn", "冬": "winter"}
_HOLIDAYS = {"圣诞节": "christmas", "圣诞": "christmas", "元旦": "new year's day",
             "万圣节": "halloween", "复活节": "easter", "情人节": "valentine's day"}  # fmt: skip
_UNITS = {"周": "week", "星期": "week", "月": "month", "周末": "weekend"}
_ORDER = r"上个?|这个?|本"
_DATE = re.compile(
    r"在?(?:"
    rf"(?P<year>(?:19|20)\d\d年|{'|'.join(_YEARS_BACK)})的?"
    r"(?:(?P<month>1[0-2]|0?[1-9])月(?:(?P<day>3[01]|[12]\d|0?[1-9])[日号])?"
    rf"|(?P<season>[春夏秋冬])[天季]|(?P<holiday>{'|'.join(_HOLIDAYS)}))?"
    rf"|(?P<today>{'|'.join(_DAYS)})"
    rf"|(?P<order>{_ORDER})(?P<unit>周末|周|星期|月)"
    r"|(?P<count>\d{1,3})(?P<ago>天|年)前"
    r")(?:的|拍的)?"
)


def split_at_dates(words: Sequence[Word]) -> list[Word]:
    """The words, those that have a Chinese date in them parted at its beginning and end."""
    parted: list[Word] = []
    for word in words:
        if word.quoted or (match := _DATE.search(word.text)) is None:
            parted.append(word)
            continue
        first, last = match.span()
        pieces = [(0, first), (first, last), (last, len(word.text))]
        pieces = [(start, end) for start, end in pieces if start < end]
        for start, end in pieces:
            comma = word.comma and end == len(word.text)
            at = replace(word, text=word.text[start:end], comma=comma)
            parted.append(replace(at, start=word.start + start, end=word.start + end))
    return parted


def in_english(text: str, now: datetime) -> list[tuple[int, int, str]]:
    """The Chinese dates in ``text`` in the English that ``app.query.plain_dates`` reads: the place
    of each, from its start to its end, and what it is.

    Args:
        now: local time, to which "last year" refers.
    """
    return [(*match.span(), _english(match, now)) for match in _DATE.finditer(text)]


def _english(match: re.Match[str], now: datetime) -> str:
    if match["today"]:
        return _DAYS[match["today"]]
    if match["order"]:
        return f"{'last' if match['order'][0] == '上' else 'this'} {_UNITS[match['unit']]}"
    if match["count"]:
        return f"{match['count']} {'days' if match['ago'] == '天' else 'years'} ago"
    named = match["year"]
    year = now.year - _YEARS_BACK[named] if named in _YEARS_BACK else int(named[:4])
    if match["month"]:
        day = f"-{int(match['day']):02}" if match["day"] else ""
        return f"{year}-{int(match['month']):02}{day}"
    if match["season"]:
        return f"{_SEASONS[match['season']]} {year}"
    if match["holiday"]:
        return f"{_HOLIDAYS[match['holiday']]} {year}"
    return {"今年": "this year", "去年": "last year"}.get(named, f"in {year}")

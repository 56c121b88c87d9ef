"""Dates as names: where no photo is from 2017, a folder or file may be called so.

Such queries are only offered: photos in a folder "2017" that were taken in 2018 are not from 2017.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from app.query.date_words import LANGUAGES
from app.query.editing import filter_text, remove_part
from app.query.parsed_text import ParsedText
from app.query.parser import parse_text
from app.query.time_spans import HOLIDAYS, MONTHS, SEASONS
from app.query.values import read_filter
from store.filters import PhotoFilter, all_of

_YEAR = re.compile(r"(?:19|20)\d\d")
_WHOLE_YEAR = re.compile(rf"(?<![^\s,\uff0c]){_YEAR.pattern}(?![^\s,\uff0c])")
_TOKEN = re.compile(r"[a-z\u00df-\u00ff']+|\d{4}|\d{1,2}")
_SAY_NOTHING = frozenset(
    {
        *("in", "from", "of", "on", "the", "taken", "year"),
        *("im", "am", "vom", "von", "aus", "jahr", "en", "de", "du", "le", "la", "el", "del"),
    }
)
_KEYS = ("in", "name")


def called_so(parsed: ParsedText, is_met: Callable[[PhotoFilter], bool]) -> list[str]:
    """The query with the names of folders and files instead of its dates, if some photo meets it.

    Args:
        is_met: whether some photo meets a filter.
    """
    for start, end in _dates(parsed):
        for names in _names(parsed.text[start:end]):
            glob = f"*{'*'.join(names)}*"
            keys = [key for key in _KEYS if is_met(read_filter(key, [glob], False)[0])]
            if not keys:
                continue
            rest = remove_part(parsed.text, start, end)
            text = f"{rest} {' OR '.join(filter_text(key, [glob]) for key in keys)}".strip()
            filters = all_of([part.filter for part in parse_text(text).filters])
            if filters is not None and is_met(filters):
                return [text]
    return []


def _dates(parsed: ParsedText) -> Iterator[tuple[int, int]]:
    """Where the dates are that are said in plain words."""
    for change in parsed.changes:
        if change.kind == "date" and not change.became.startswith("not "):
            yield change.start, change.end
    years = {part.reading for part in parsed.filters if part.key is None}
    for match in _WHOLE_YEAR.finditer(parsed.text):  # alone between commas, it is no change
        if match[0] in years:
            yield match.span()


def _names(date: str) -> Iterator[list[str]]:
    """What something may be called that is called as a date, in parts, in both orders; nothing for
    times without a year, or from one on."""
    parts = [one for one in _TOKEN.findall(date.lower()) if one not in _SAY_NOTHING]
    words = {one for one in parts if not one.isdecimal()}
    if words <= _named_times() and any(map(_YEAR.fullmatch, parts)):
        yield parts
        if len(parts) > 1:
            yield parts[::-1]


def _named_times() -> set[str]:
    """The words for months, seasons and holidays."""
    spans = (name for words in LANGUAGES.values() for name in (*words.months, *words.spans))
    every = (*MONTHS, *(month[:3] for month in MONTHS), *SEASONS, *HOLIDAYS, *spans)
    return {word for name in every for word in name.split()}

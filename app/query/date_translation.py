"""Texts with the words for dates of another language put into English, and back to their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from app.query.chinese_dates import in_english
from app.query.date_words import LANGUAGES, known_words
from app.query.points_in_time import WEEKDAY

_Part = tuple[int, int, str, int]
"""The place of something in a text, from its start to its end, what it is in English, and the
weight of that, as ``_Replaced`` has it."""
_RELATIVE = re.compile(r"\b(?:last|past|this)\b")
_START, _END = r"(?<![^\s,])", r"(?=[\s,.;!?]|$)"


@dataclass(frozen=True)
class _Replaced:
    """A part of a text that became English.

    Attributes:
        start, end: its place in the text; ``to_start``, ``to_end``: in the English one.
        weight: how much it says that a date is meant in this language: 2 surely, 1 if nothing
            speaks against it, 0 not by itself.
    """

    start: int
    end: int
    to_start: int
    to_end: int
    weight: int


@dataclass(frozen=True)
class Translation:
    """A text in which the words for dates are English.

    Attributes:
        pieces: what was put into English, in order.
        is_asked_in: whether it is known that the text was in this language.
    """

    text: str
    pieces: tuple[_Replaced, ...]
    is_asked_in: bool

    def is_date(self, start: int, end: int) -> bool:
        """Whether what is read as a date from ``start`` to ``end`` was one in that language."""
        within = [one for one in self.pieces if one.to_start < end and start < one.to_end]
        for said in _RELATIVE.finditer(self.text, start, end):
            if not any(one.to_start <= said.start() < one.to_end for one in within):
                return False  # English "past" beside "noel"
        weight = sum(one.weight for one in within)
        has_digits = re.search(r"\d", self.text[start:end]) is not None
        return bool(within) and (
            weight > 1 or has_digits or (weight == 1 and (self.is_asked_in or len(within) > 1))
        )

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where in the original that is."""
        return self._back(start, "start"), self._back(end, "end")

    def _back(self, place: int, side: str) -> int:
        shift = 0
        for one in self.pieces:
            if one.to_end < place or (one.to_end == place and side == "start"):
                shift = one.end - one.to_end
            elif one.to_start < place or (one.to_start == place and side == "start"):
                return one.start if side == "start" else one.end
        return place + shift


def translations(text: str, now: datetime, language: str) -> Iterator[Translation]:
    """``text`` with its words for dates in English, for each language that it has any of.

    Args:
        text: in lower case, with a comma or a space between words.
        now: local time, to which "last year" refers.
        language: the code of the one that the query is asked in; empty if nobody said so.
    """
    has_digits = re.search(r"\d", text) is not None
    words = set(re.split(r"[\s,.;!?]+", text))
    words.update(*(re.split(r"[/\u2013-]", word) for word in words))  # "juni/juli", "mi-juillet"
    for code in sorted(LANGUAGES, key=lambda one: one != language):
        clear, common, ties = known_words(code)
        if not words.isdisjoint(clear) or (
            (has_digits or not words.isdisjoint(common)) and not words.isdisjoint(ties)
        ):
            yield _translated(text, _parts(text, code), is_asked_in=code == language)
    if chinese := in_english(text, now):
        parts = [(start, end, said, 2) for start, end, said in chinese]
        yield _translated(text, parts, is_asked_in=True)


def _parts(text: str, code: str) -> list[_Part]:
    """What ``code`` has words for, phrases before words."""
    parts: list[_Part] = []
    for pattern, english, meanings in _rules(code):
        at = 0
        while match := pattern.search(text, at):
            start, end = match.span()
            if any(start < part[1] and part[0] < end for part in parts):
                at = start + 1  # "14 de julio" is read behind a "desde el" that was before
                continue
            at = end
            if english is None:
                said, weight = _word(match[0].rstrip("."), code)
            else:
                groups = (meanings.get(group, group) for group in match.groups(default=""))
                said, weight = " ".join(english.format(*groups).split()), 2
            parts.append((start, end, said, weight))
    return parts


def _translated(text: str, parts: Iterable[_Part], *, is_asked_in: bool) -> Translation:
    pieces, translated, before = [], "", 0
    for start, end, said, weight in sorted(parts):
        translated += text[before:start]
        to_start = len(translated)
        translated += said
        pieces.append(_Replaced(start, end, to_start, len(translated), weight))
        before = end
    return Translation(translated + text[before:], tuple(pieces), is_asked_in)


def _word(word: str, code: str) -> tuple[str, int]:
    """What a word is in English, and its weight."""
    words = LANGUAGES[code]
    weight = 0 if word in words.ties else 1 if word in words.unclear else 2
    return words.every[word], weight


@cache
def _rules(code: str) -> list[tuple[re.Pattern[str], str | None, Mapping[str, str]]]:
    """What to look for, in order; what it means, None for single words; what its groups mean."""
    words = LANGUAGES[code]
    of_units = {**words.months, **words.numbers, **words.units}
    of_spans = {**words.months, **words.numbers, **words.others, **words.spans}
    weekdays = {word: day for word, day in words.spans.items() if re.fullmatch(WEEKDAY, day)}
    any_of = {
        "<month>": _any(words.months),
        "<span>": _any({**words.spans, **words.months}),
        "<weekday>": _any(weekdays),
        "<number>": rf"\d{{1,3}}|{_any(words.numbers)}",
        "<units>": _any(words.units),
    }
    rules: list[tuple[re.Pattern[str], str | None, Mapping[str, str]]] = []
    for pattern, english in words.phrases:
        of_groups = of_units if "<units>" in pattern else of_spans
        for name, every in any_of.items():
            pattern = pattern.replace(name, every)
        rules.append((re.compile(f"{_START}(?:{pattern}){_END}"), english, of_groups))
    month = any_of["<month>"]
    for between, english in (("[-\u2013]", "{0} to {1}"), ("/", "{0} or {1}")):
        two = rf"{_START}({month}) ?{between} ?({month}){_END}"
        rules.insert(0, (re.compile(two), english, of_spans))
    short_year = rf"{_START}({month}) '?(\d\d)(?=$|,)"
    rules.append((re.compile(short_year), "{0} '{1}", of_spans))
    single = _any(words.every)
    rules.append((re.compile(rf"{_START}(?:{single})\.?{_END}"), None, {}))
    return rules


def _any(words: Mapping[str, str]) -> str:
    """A pattern of any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))

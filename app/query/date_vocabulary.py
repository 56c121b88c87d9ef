"""What makes up the words for dates of one language: their kinds, and other ways to spell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.query.points_in_time import YEAR
from app.query.time_spans import HOLIDAYS, MONTHS, SEASONS
from store.folding import fold

DAY = rf"(\d{{1,2}})[/.-](\d{{1,2}})[/.-]({YEAR})"
"""A day in numbers where it stands before the month: its groups are day, month and year."""
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


@dataclass(frozen=True)
class DateWords:
    """What dates are called in one language.

    Attributes:
        phrases: what several words mean; ``{0}`` is what the first group of the pattern means.
            In a pattern, ``<month>``, ``<span>``, ``<number>`` and ``<units>`` are any of these;
            ``<weekday>`` is any of the spans that is one.
        spans: what has a last one: units of time, seasons, holidays, months and days of the week.
        units: of "three days ago" and "the last three days".
        others: other words; of those in ``ties``, none says by itself that a date is meant.
        hints: words of phrases that have no other of these words.
        unclear: words that mean something else in another language.
    """

    months: Mapping[str, str]
    phrases: Sequence[tuple[str, str]]
    spans: Mapping[str, str]
    numbers: Mapping[str, str]
    units: Mapping[str, str]
    others: Mapping[str, str]
    ties: Mapping[str, str]
    hints: frozenset[str]
    unclear: frozenset[str]

    @property
    def every(self) -> dict[str, str]:
        """All single words, and what each means in English.

        "Week" and "Monday" are no date by themselves, and French "an" would make a date of English
        "past an open bus".
        """
        named = {
            word: meant for word, meant in self.spans.items() if meant in (*SEASONS, *HOLIDAYS)
        }
        return {**self.months, **self.others, **named, **self.ties}


def spelt(words: Mapping[str, str]) -> dict[str, str]:
    """Words, those with accents without them too, and with "ae" for "ä"."""
    every: dict[str, str] = {}
    for word, meant in words.items():
        every |= dict.fromkeys((fold(word), fold(word.translate(_UMLAUTS))), meant)
    return {**every, **words}


def months(names: str, **more: str) -> dict[str, str]:
    """By twelve names, and others that are abbreviations or ways to spell them."""
    return spelt(dict(zip(names.split(), MONTHS, strict=True)) | more)


def numbered(words: str) -> dict[str, str]:
    """Words for one (alternatives with a bar) to twelve, in figures."""
    counted = enumerate(words.split(), 1)
    return spelt({word: str(number) for number, each in counted for word in each.split("|")})


def word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())

"""The dates among the words of a query: which words each of them takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from app.query.negative_words import ANDS, is_denial
from app.query.phrases import Word
from app.query.plain_dates import DatePart, dates
from store.filters import Not


def dates_in(
    words: Sequence[Word], text: str, now: datetime, language: str
) -> Iterator[tuple[list[int], DatePart]]:
    """The dates, each with the places of its words; with "nicht" before it, it is inverted, and so
    is the next one if an "or" joins them. The "or" is taken with the second date.

    Args:
        text: what the words were typed in.
        now: local time, to which "yesterday" refers.
        language: the code of the one that the query is asked in; empty if nobody said so.
    """
    starts, spoken, end = [], "", 0
    for word in words:
        # The parser leaves a dash between words out: "2016 - 2018".
        spoken += "- " if text[end : word.start].strip() == "-" else ""
        starts.append(len(spoken))
        end = word.end
        # Quoted words are never a date, nor is what stands around them, nor a part of a word.
        said = re.sub(r"\S+", "\0", word.text) if word.quoted else word.plain.replace(",", "\0")
        spoken += said + (", " if word.comma else " ")
    before_it = -1  # the last place of the date before
    is_denied = False
    for part in dates(spoken.rstrip(), now, language):
        places = [n for n, start in enumerate(starts) if part.start <= start < part.end]
        joins = _joins(words[: places[0]])
        before = words[: places[0] - joins]
        denies = is_denial([word.plain for word in before]) and not before[-1].comma
        is_joined = joins and (denies or len(before) == before_it + 1)
        is_denied = denies or (is_denied and is_joined)
        if denies or is_joined:
            places = [*range(len(before) - denies, places[0]), *places]
        if is_denied:
            part = replace(part, filter=Not(part.filter), reading=f"not {part.reading}")
        before_it = places[-1]
        yield places, part


def _joins(before: Sequence[Word]) -> bool:
    """Whether the last word before a date, if there is one, joins it to another."""
    return any(word.plain in ANDS | {"&"} and not word.comma for word in before[-1:])


def is_year_between_commas(words: Sequence[Word], places: Sequence[int]) -> bool:
    """Whether the word at the one place of ``places`` is a year by itself, which always is one."""
    first, last = places[0], places[-1]
    begins = first == 0 or words[first - 1].comma
    ends = last == len(words) - 1 or words[last].comma
    return begins and ends and first == last and words[first].text.isdigit()

"""The dates among the words of a query: which words each of them takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from app.query.negative_words import is_denial
from app.query.phrases import Word
from app.query.plain_dates import DatePart, dates
from store.filters import Not


def dates_in(
    words: Sequence[Word], text: str, now: datetime, language: str
) -> Iterator[tuple[list[int], DatePart]]:
    """The dates, each with the places of its words; with "nicht" before it, it is inverted.

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
    for part in dates(spoken.rstrip(), now, language):
        places = [n for n, start in enumerate(starts) if part.start <= start < part.end]
        before = [word.plain for word in words[: places[0]]]
        if is_denial(before) and not words[places[0] - 1].comma:
            places.insert(0, places[0] - 1)
            part = replace(part, filter=Not(part.filter), reading=f"not {part.reading}")
        yield places, part


def is_year_between_commas(words: Sequence[Word], places: Sequence[int]) -> bool:
    """Whether the word at the one place of ``places`` is a year by itself, which always is one."""
    first, last = places[0], places[-1]
    begins = first == 0 or words[first - 1].comma
    ends = last == len(words) - 1 or words[last].comma
    return begins and ends and first == last and words[first].text.isdigit()

"""A query as it was typed, beside what became of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from app.query.model import TypedChange

_COMMAS = (",", "\uff0c", "\u3001")
_SPACE = re.compile(r"\s+")


def literal_text(text: str, changes: Sequence[TypedChange]) -> str:
    """``text`` with what was changed in quotes, so that it is searched for as it is.

    Within a word quotes are letters: what is part of one gets a space before it, as in Chinese.
    """
    for change in sorted(changes, key=lambda one: one.start, reverse=True):
        before, after = text[: change.start], text[change.end :]
        space = " " if before[-1:].isalnum() or before[-1:] in _COMMAS else ""
        text = f'{before}{space}"{text[change.start : change.end]}"{after}'
    return text


def typed_words(text: str, changes: Sequence[TypedChange]) -> str:
    """The part of ``text`` whose words became other words; empty if none did."""
    of_words = [one for one in changes if one.of_words]
    if not of_words:
        return ""
    start, end = min(one.start for one in of_words), max(one.end for one in of_words)
    return _SPACE.sub(" ", text[start:end])


def with_change(changes: Sequence[TypedChange], new: TypedChange) -> list[TypedChange]:
    """The changes with one more; one of words that were changed before takes its place."""
    before = [one for one in changes if new.start <= one.start and one.end <= new.end]
    if new.kind == "phrase":  # "die wir in Rom gemacht haben" is around a filter
        before = [one for one in before if one.of_words]
    if before and new.became and new.kind == "plural":
        new = replace(new, kind=before[0].kind)
    return [*(one for one in changes if one not in before), new]

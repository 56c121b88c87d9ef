"""Places in Chinese, which stand between other words without a space: "在罗马的海滩"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from app.query.phrases import Word

_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,}")
_PLACE = re.compile(
    r"(?P<in>(?:(?<!现)在|来自))?(?P<place>[\u4e00-\u9fff]{2,8}?)(?P<of>(?:拍摄?|照)?的|拍摄?$|$)"
)


def split_at_places(words: Sequence[Word], is_place: Callable[[str], bool]) -> list[Word]:
    """The words, those that have the name of a place in them parted there: in 罗马 and 海滩.

    A place begins a word, or stands behind "in", and ends it, or stands before 的.
    """
    parted: list[Word] = []
    for word in words:
        parted += _parts(word, is_place) if _may_have_one(word) else [word]
    return parted


def _may_have_one(word: Word) -> bool:
    return not word.quoted and _CHINESE.fullmatch(word.text) is not None


def _parts(word: Word, is_place: Callable[[str], bool]) -> list[Word]:
    text = word.text
    for begin in _begins(text):
        match = _PLACE.match(text, begin)
        if match is None or not is_place(match["place"]):
            continue
        spans = [(0, begin), match.span("place"), (match.end(), len(text))]
        if match["in"]:
            spans[1] = (begin, match.end("place"))
        kept = [(start, end) for start, end in spans if start < end]
        return [
            word.part(start, end, comma=word.comma and (start, end) == kept[-1])
            for start, end in kept
        ]
    return [word]


def _begins(text: str) -> list[int]:
    """Where a place may begin, with the "in" before it."""
    return [0, *(match.start() for match in re.finditer("在|来自", text) if match.start())]

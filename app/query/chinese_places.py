"""Places in Chinese, which stand between other words without a space: "在罗马的海滩"."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from app.query.phrases import Word

_CHINESE = r"[\u4e00-\u9fff]{2,}"
_PLACE = (
    r"(?P<not>不(?=在|来自)|(?P<except>除了))?(?:(?<!现)在|来自)?"
    r"(?P<place>[\u4e00-\u9fff]{2,8}?)"
    r"(?:(?P<and>[和或与])|(?:(?P<outside>[以之]外))?(?:(?:拍摄?|照)?的|拍摄?$|$))"
)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(_PLACE)


def split_at_places(words: Sequence[Word], is_place: Callable[[str], bool]) -> list[Word]:
    """The words, those that have the name of a place in them parted there: in 罗马 and 海滩.

    A place begins a word, or stands behind "in", and ends it, or stands before 的, or before "and"
    and another place. Outside of it (罗马以外) is as 除了罗马.
    """
    parted: list[Word] = []
    for word in words:
        parted += _parts(word, is_place) if _may_have_one(word) else [word]
    return parted


def _may_have_one(word: Word) -> bool:
    if word.quoted or word.text.isascii():
        return False
    return re.fullmatch(_CHINESE, word.text) is not None


def _split(word: Word, spans: Sequence[tuple[int, int]]) -> list[Word]:
    """Its letters in each of the spans that has some, as words."""
    kept = [(start, end) for start, end in spans if start < end]
    return [word.part(*span, comma=word.comma and span == kept[-1]) for span in kept]


def _parts(word: Word, is_place: Callable[[str], bool]) -> list[Word]:
    text = word.text
    for begin in _begins(text):
        match = _pattern().match(text, begin)
        if match is None or not is_place(match["place"]):
            continue
        named, end = begin + len(match["not"] or ""), match.end("place")
        if match["outside"] and match["not"] and not match["except"]:
            continue  # not outside of it
        if match["outside"] and not match["not"]:
            rest = _split(word, [(match.end(), len(text))])
            denial = replace(word.part(begin, begin + 1, comma=False), text="除了")
            end = match.end("outside")
            place = word.part(begin + 1, end, comma=word.comma and not rest)
            return [
                *_split(word, [(0, begin)]),
                denial,
                replace(place, text=match["place"]),
                *rest,
            ]
        spans = [(0, begin), (begin, named), (named, end)]
        if match["and"] is None:
            return _split(word, [*spans, (match.end(), len(text))])
        rest = _parts(word.part(match.end(), len(text), comma=word.comma), is_place)
        if is_place(rest[0].text):
            joined = replace(word, comma=False)
            return [*_split(joined, [*spans, (end, match.end())]), *rest]
    return [word]


def _begins(text: str) -> list[int]:
    """Where a place may begin, with the "in" before it."""
    return [
        0,
        *(match.start() for match in re.finditer("不?(?:在|来自)|除了", text) if match.start()),
    ]

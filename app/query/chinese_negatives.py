"""What is not to be seen in Chinese, which stands between other words without a space:
"没有人的海滩" is a beach without people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from app.query.phrases import Word

_MARKS = ("没", "不要", "不带", "无")
_COMMAS = "\uff0c\u3001"
_END = rf"\u3002\uff01\uff1f!?.{_COMMAS}"  # of what a sentence says
# 有没有 asks, 淹没 is flooded, 无人机 a drone; what is longer is no thing but a sentence.
_NEGATIVE = (
    r"(?P<before>.*?)(?:但是?|可是|而且|并且|也|还)?"
    r"(?P<negation>(?<!有)没有|(?<![淹沉埋出吞覆])没(?=[人车穿戴])|不要|不带|无(?=[人车]的))"
    r"(?!穿[着上了]?(?:上衣|衣|衬衫|T恤))"  # a look, as in ``app.query.negations``
    rf"(?P<what>[^的没和或与{_END}]{{1,8}})(?:(?P<and>和|或者?|与)(?P<other>[^的没{_END}]{{1,8}}))?"
    rf"(?:的(?P<behind>.+)|的?[{_END}]*)"
)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(_NEGATIVE)


def split_at_negatives(words: Sequence[Word]) -> list[Word]:
    """The words, those that have a Chinese negative in them parted: what is to be seen, the
    negation, and what is not, without the small words between these."""
    parted: list[Word] = []
    for word in words:
        plain = word.plain
        match = _pattern().fullmatch(plain) if any(mark in plain for mark in _MARKS) else None
        if match is None or len(plain) != len(word.text):
            parted.append(word)
            continue
        if rest := (match["before"] + (match["behind"] or "")).rstrip(_COMMAS):
            parted.append(replace(word, text=rest))
        names = ("negation", "what", "and", "other")
        pieces = [word.part(*match.span(name), comma=False) for name in names if match[name]]
        parted += [*pieces[:-1], replace(pieces[-1], comma=word.comma)]
    return parted

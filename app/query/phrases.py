"""Plain words in a query: what the photos are to show, and what they are not to show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

_ENGLISH = frozenset(("any", "the", "a", "an"))
_GERMAN = frozenset(("ein", "eine", "einen", "den", "die", "das"))
_ARTICLES = {
    "without": _ENGLISH, "no": _ENGLISH, "not": _ENGLISH,
    "ohne": _GERMAN, "kein": _GERMAN, "keine": _GERMAN, "keinen": _GERMAN,
    "sans": frozenset(("un", "une", "le", "la", "les", "aucun", "aucune")),
}  # fmt: skip
"""By a word that says what is not to be seen: articles behind it."""
NEGATIONS = frozenset(_ARTICLES)
_ANDS = {"and", "or", "und", "oder", "et", "ou"}
_BUTS = {"but", "aber", "mais"}
# Words that only join a negative to what stands before it: "a street with no people".
_TIES = {*_ANDS, *_BUTS, "with", "there", "is", "are", "mit", "avec"}
_COMMA = ",\uff0c\u3001"  # those of Chinese too
_WITH_COMMAS = re.compile(rf"(?:\w|['\u2019-]|(?<!\d)[{_COMMA}]|[{_COMMA}](?!\d))+")
_BETWEEN_COMMAS = re.compile(rf"[^{_COMMA}]+")


@dataclass(frozen=True)
class Word:
    """A word of a query, or a text in quotes.

    Attributes:
        comma: whether one follows.
        start, end: its place in the query's text, without the comma.
    """

    text: str
    quoted: bool = False
    comma: bool = False
    start: int = 0
    end: int = 0

    @property
    def plain(self) -> str:
        """In lower case; empty for a quoted text, which is never a word of the language."""
        return "" if self.quoted else self.text.lower()


@dataclass(frozen=True)
class Phrase:
    """Words side by side, with the weight before them; ``negative``: with a minus."""

    words: tuple[Word, ...]
    weight: float = 1.0
    negative: bool = False


def split_at_commas(words: Sequence[Word]) -> list[Word]:
    """The words, those that have a comma without a space parted there: "beach,2019".

    Numbers (1,000), addresses and names of files stay whole.
    """
    parted: list[Word] = []
    for word in words:
        if word.quoted or not (_WITH_COMMAS.fullmatch(word.text) and word.text.strip(_COMMA)):
            parted.append(word)
            continue
        if word.text[0] in _COMMA and parted:
            parted[-1] = replace(parted[-1], comma=True)
        for piece in _BETWEEN_COMMAS.finditer(word.text):
            comma = piece.end() < len(word.text) or word.comma
            start, end = word.start + piece.start(), word.start + piece.end()
            parted.append(Word(piece[0], False, comma, start, end))
    return parted


def split_negatives(words: Sequence[Word]) -> tuple[list[Word], list[list[Word]]]:
    """The words to look for, and the things that a phrase says are not to be seen.

    A negative ends at a comma or "but"; "and" and "or" begin a further negative. German and French
    words for these count as well.
    """
    positive: list[Word] = []
    negatives: list[list[Word]] = []
    inside = False
    articles = _ENGLISH
    for number, word in enumerate(words):
        if word.plain in NEGATIONS and not word.comma and number + 1 < len(words):
            while positive and positive[-1].plain in _TIES:
                positive.pop()
            negatives.append([])
            articles = _ARTICLES[word.plain]
            inside = True
        elif not inside:
            positive.append(word)
        elif word.plain in _BUTS:
            inside = False
        else:
            if word.plain in _ANDS:
                negatives.append([])
            elif negatives[-1] or word.plain not in articles:
                negatives[-1].append(word)
            inside = not word.comma
            if word.comma and positive:
                positive[-1] = replace(positive[-1], comma=True)
    while positive and positive[0].plain in _ANDS | _BUTS:
        positive.pop(0)
    return positive, [phrase for phrase in negatives if phrase]


def chunks(words: Sequence[Word]) -> list[list[Word]]:
    """The words between one comma and the next, as a list each."""
    between: list[list[Word]] = [[]]
    for word in words:
        between[-1].append(word)
        if word.comma:
            between.append([])
    return [chunk for chunk in between if chunk]


def written(words: Sequence[Word]) -> str:
    """The words as one text."""
    return " ".join(word.text for word in words)

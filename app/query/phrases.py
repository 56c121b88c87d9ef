"""Plain words in a query: what the photos are to show, and what they are not to show."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class _Small:
    """Small words of one language around what is not to be seen.

    Attributes:
        articles: those right behind a negation.
        ands, buts: what begins a further negative, and what ends one.
        ties: what only joins a negative to what stands before it: "a street with no people".
    """

    articles: frozenset[str]
    ands: frozenset[str]
    buts: frozenset[str]
    ties: frozenset[str]


def _small(articles: str, ands: str, buts: str, ties: str) -> _Small:
    return _Small(*(frozenset(words.split()) for words in (articles, ands, buts, ties)))


_ENGLISH = _small("any the a an", "and or", "but", "with there is are")
_GERMAN = _small("ein eine einen den die das", "und oder", "aber", "mit")
_FRENCH = _small("un une le la les aucun aucune", "et ou", "mais", "avec")
_NEGATIONS = {
    "without": _ENGLISH, "no": _ENGLISH, "not": _ENGLISH,
    "ohne": _GERMAN, "kein": _GERMAN, "keine": _GERMAN, "keinen": _GERMAN,
    "sans": _FRENCH,
}  # fmt: skip
NEGATIONS = frozenset(_NEGATIONS)
_SANS = re.compile(  # typefaces, and a palace
    r"\b(?:comic|noto|open|gill|pt|fira|source|dejavu|droid|work) sans\b"
    r"|\bsans[- ](?:serif|souci)\b"
)
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
        """In lower case and composed (Unicode's NFC); empty for a quoted text, which is never a
        word of the language."""
        return "" if self.quoted else unicodedata.normalize("NFC", self.text.lower())

    def part(self, start: int, end: int, *, comma: bool) -> Word:
        """Its letters from ``start`` to before ``end``, as a word."""
        return Word(self.text[start:end], False, comma, self.start + start, self.start + end)


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
            parted.append(word.part(*piece.span(), comma=comma))
    return parted


def split_negatives(words: Sequence[Word]) -> tuple[list[Word], list[list[Word]]]:
    """The words to look for, and the things that a phrase says are not to be seen.

    A negative ends at a comma or "but"; "and" and "or" begin a further negative. German and French
    words for these count as well, those of the language that the negation is in: German "Mais" is
    no "but", and the river Oder no "or".
    """
    positive: list[Word] = []
    negatives: list[list[Word]] = []
    inside = False
    small = _ENGLISH
    for number, word in enumerate(words):
        if _is_negation(words, number):
            small = _NEGATIONS[word.plain]
            joining = _joining(small)
            while positive and positive[-1].plain in joining | small.ties:
                positive.pop()
            negatives.append([])
            inside = True
        elif not inside:
            positive.append(word)
        elif word.plain in small.buts:
            inside = False
        else:
            if word.plain in small.ands:
                negatives.append([])
            elif negatives[-1] or word.plain not in small.articles:
                negatives[-1].append(word)
            inside = not word.comma
            if word.comma and positive:
                positive[-1] = replace(positive[-1], comma=True)
    while positive and positive[0].plain in _joining(small):
        positive.pop(0)
    return positive, [phrase for phrase in negatives if phrase]


def _joining(small: _Small) -> frozenset[str]:
    """The words for "and", "or" and "but", those of English too."""
    return small.ands | small.buts | _ENGLISH.ands | _ENGLISH.buts


def _is_negation(words: Sequence[Word], number: int) -> bool:
    word = words[number]
    if word.plain not in NEGATIONS or word.comma or number + 1 >= len(words):
        return False
    around = " ".join(near.plain for near in words[max(number - 1, 0) : number + 2])
    return word.plain != "sans" or _SANS.search(around) is None


def chunks(words: Sequence[Word]) -> list[list[Word]]:
    """The words between one comma and the next, as a list each."""
    between: list[list[Word]] = [[]]
    for word in words:
        between[-1].append(word)
        if word.comma:
            between.append([])
    return [chunk for chunk in between if chunk]


def joined(between: Sequence[Sequence[Word]]) -> list[Word]:
    """The words of such lists, with commas between these."""
    words = [word for chunk in between for word in (*chunk[:-1], replace(chunk[-1], comma=True))]
    return [*words[:-1], *between[-1][-1:]] if words else []


def written(words: Sequence[Word]) -> str:
    """The words as one text."""
    return " ".join(word.text for word in words)

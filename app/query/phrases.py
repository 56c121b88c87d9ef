"""Plain words in a query: words side by side, and the commas between them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

_COMMA = ",\uff0c\u3001"  # those of Chinese too
_WITH_COMMAS = rf"(?:\w|['\u2019-]|(?<!\d)[{_COMMA}]|[{_COMMA}](?!\d))+"
_BETWEEN_COMMAS = rf"[^{_COMMA}]+"


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

    @property
    def has_capital(self) -> bool:
        """Whether it begins with a capital."""
        return self.text[:1].isupper()

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
        if word.quoted or set(_COMMA).isdisjoint(word.text) or not _is_parted(word.text):
            parted.append(word)
            continue
        if word.text[0] in _COMMA and parted:
            parted[-1] = replace(parted[-1], comma=True)
        for piece in re.finditer(_BETWEEN_COMMAS, word.text):
            comma = piece.end() < len(word.text) or word.comma
            parted.append(word.part(*piece.span(), comma=comma))
    return parted


def _is_parted(text: str) -> bool:
    return re.fullmatch(_WITH_COMMAS, text) is not None and text.strip(_COMMA) != ""


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

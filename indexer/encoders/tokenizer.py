"""CLIP's tokenizer (Radford et al. 2021), equal to open_clip's but without importing torch.

Byte-pair encoding after Sennrich et al. 2016 (arXiv 1508.07909) on lower-cased, cleaned text. The
merges are open_clip's own file, read without importing the package.
"""

from __future__ import annotations

import functools
import html
import importlib.util
import itertools
import re
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Tokens = NDArray[np.int64]
_STEP = 8

_MERGES = 49152 - 256 - 2
_FIRST_MERGED = 2 * 256
"""The id of what the first merge gives, behind single bytes within words and at their ends."""

_LONGEST = 600_000  # bytes of the merges that count
START, END = "<start_of_text>", "<end_of_text>"
_SPECIAL = rf"{START}|{END}|'s|'t|'re|'ve|'m|'ll|'d"
_PATTERN = rf"{_SPECIAL}|[\p{{L}}]+|[\p{{N}}]|[^\s\p{{L}}\p{{N}}]+"
_ASCII_PATTERN = rf"{_SPECIAL}|[a-z]+|[0-9]|[^\sa-z0-9]+"  # of text in lower case


def trimmed(tokens: Tokens) -> Tokens:
    """Tokens (n, context) without the padding behind the longest text: (n, c).

    c is a multiple of 8, or the context, since engines prepare themselves for each length anew.
    """
    longest = int(used(tokens).max(initial=1))
    return np.ascontiguousarray(tokens[:, : -(-longest // _STEP) * _STEP])


def used(tokens: Tokens) -> NDArray[np.int64]:
    """How many tokens of (n, context) each text has, without the padding behind it: (n,)."""
    backwards = tokens[:, ::-1] != 0
    return np.asarray(tokens.shape[1] - backwards.argmax(axis=1), np.int64)


class Tokenizer(Protocol):
    """Texts to the text tower's input."""

    def __call__(self, texts: Sequence[str]) -> Tokens:
        """Texts to tokens, (n, context) int64, cut to the context and padded as the model needs."""

    def truncates(self, text: str) -> bool:
        """Whether ``text`` is longer than the context, so that its end is cut."""


class ClipTokenizer:
    """The tokenizer of CLIP and of most models after it: 49,408 tokens, padded with zeros."""

    def __init__(self, context_length: int) -> None:
        self.context_length = context_length
        self._ranks = _ranks()
        self._bytes = _byte_characters()
        single = list(self._bytes.values())
        # The ids of single characters, and of what was merged so far: the rest is not needed.
        self._ids = {part: id for id, part in enumerate([*single, *(c + "</w>" for c in single)])}
        self._ids |= {START: _FIRST_MERGED + _MERGES, END: _FIRST_MERGED + _MERGES + 1}
        self._known = {special: [self._ids[special]] for special in (START, END)}  # by word

    def __call__(self, texts: Sequence[str]) -> Tokens:
        rows = np.zeros((len(texts), self.context_length), np.int64)
        for row, text in zip(rows, texts, strict=True):
            tokens = self._encode(text)[: self.context_length]
            tokens[-1] = self._ids[END]
            row[: len(tokens)] = tokens
        return rows

    def truncates(self, text: str) -> bool:
        return len(self._encode(text)) > self.context_length

    def _encode(self, text: str) -> list[int]:
        """All tokens of a text, with the start and end tokens, not cut."""
        tokens = [self._ids[START]]
        for word in _words(_clean(text)):
            if word not in self._known:
                characters = (self._bytes[byte] for byte in word.encode("utf-8"))
                self._known[word] = [self._ids[part] for part in self._merge(characters)]
            tokens += self._known[word]
        return [*tokens, self._ids[END]]

    def _merge(self, characters: Iterable[str]) -> list[str]:
        """Merge neighbours until no known pair is left, always the pair that was learned first."""
        parts = list(characters)
        parts[-1] += "</w>"
        while len(parts) > 1:
            pairs = {f"{one} {next}" for one, next in itertools.pairwise(parts)}
            best = min(pairs, key=lambda pair: self._ranks.get(pair, _MERGES))
            if best not in self._ranks:
                break
            first, second = best.split(" ")
            self._ids[first + second] = _FIRST_MERGED + self._ranks[best]
            joined, i = [], 0
            while i < len(parts):
                if parts[i : i + 2] == [first, second]:
                    joined.append(first + second)
                    i += 2
                else:
                    joined.append(parts[i])
                    i += 1
            parts = joined
        return parts


def _words(text: str) -> list[str]:
    """The words, digits and marks of a clean text."""
    if text.isascii():  # then the classes of Unicode are these, and ``regex`` is not needed
        return re.findall(_ASCII_PATTERN, text)
    import regex

    return regex.findall(_PATTERN, text, regex.IGNORECASE)  # type: ignore[no-any-return]


def _clean(text: str) -> str:
    if text.isascii() and text.isprintable() and "&" not in text:
        return " ".join(text.split()).lower()  # nothing to mend, and ftfy takes time to import
    import ftfy

    return " ".join(html.unescape(html.unescape(ftfy.fix_text(text))).split()).lower()


@functools.cache
def _byte_characters() -> dict[int, str]:
    """A printable character for each byte, so that any text is a string without spaces."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1)]
    printable += range(ord("®"), ord("ÿ") + 1)
    others = [byte for byte in range(256) if byte not in printable]
    return {byte: chr(byte) for byte in printable} | {
        byte: chr(256 + n) for n, byte in enumerate(others)
    }


@functools.cache
def _merges() -> str:
    """The merges in the order that they were learned, "first second", one a line."""
    package = importlib.util.find_spec("open_clip")
    assert package and package.origin  # a dependency
    file = Path(package.origin).parent / "bpe_simple_vocab_16e6.txt.gz"
    # Every first query waits for this. So only the part that counts is unpacked, a fifth of the
    # file, and at once, in half the time that its lines take.
    text = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(file.read_bytes(), _LONGEST)
    lines = text.decode("utf-8", "ignore").split("\n", _MERGES + 1)
    return "\n".join(lines[1 : _MERGES + 1])


@functools.cache
def _ranks() -> dict[str, int]:
    """The rank of each merge, the first learned first."""
    return dict(zip(_merges().split("\n"), range(_MERGES), strict=True))


@functools.cache
def _merged() -> frozenset[str]:
    """What the merges give."""
    return frozenset(_merges().replace(" ", "").split("\n"))


def is_one_token(word: str) -> bool:
    """Whether CLIP's vocabulary has ``word``, in lower case: it was learnt from English texts."""
    token = f"{word}</w>"
    return token in _merged() or (len(word) == 1 and word in _byte_characters().values())

"""CLIP's tokenizer (Radford et al. 2021), equal to open_clip's but without importing torch.

Byte-pair encoding after Sennrich et al. 2016 (arXiv 1508.07909) on lower-cased, cleaned text. The
merges are open_clip's own file, read without importing the package.
"""

from __future__ import annotations

import functools
import gzip
import html
import importlib.util
import itertools
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Tokens = NDArray[np.int64]
_STEP = 8

_MERGES = 49152 - 256 - 2
START, END = "<start_of_text>", "<end_of_text>"
_SPECIAL = rf"{START}|{END}|'s|'t|'re|'ve|'m|'ll|'d"
_PATTERN = rf"{_SPECIAL}|[\p{{L}}]+|[\p{{N}}]|[^\s\p{{L}}\p{{N}}]+"
_ASCII_PATTERN = rf"{_SPECIAL}|[a-z]+|[0-9]|[^\sa-z0-9]+"  # of text in lower case


def trimmed(tokens: Tokens) -> Tokens:
    """Tokens (n, context) without the padding behind the longest text: (n, c).

    c is a multiple of 8, or the context, since engines prepare themselves for each length anew.
    """
    used = int(np.flatnonzero(tokens.any(axis=0)).max(initial=0)) + 1
    return np.ascontiguousarray(tokens[:, : -(-used // _STEP) * _STEP])


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
        self._ids, self._ranks = _vocabulary()
        self._bytes = _byte_characters()
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
def _vocabulary() -> tuple[dict[str, int], dict[str, int]]:
    """(token -> id, "first second" -> rank of the merge)."""
    package = importlib.util.find_spec("open_clip")
    assert package and package.origin  # a dependency
    file = Path(package.origin).parent / "bpe_simple_vocab_16e6.txt.gz"
    # Every first query waits for this. So only the lines that count are read, a fifth of the file,
    # and there are no comprehensions, which take three times as long.
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        merges = "".join(itertools.islice(lines, 1, _MERGES + 1)).rstrip("\n")
    single = list(_byte_characters().values())
    joined = merges.replace(" ", "").split("\n")
    tokens = [*single, *(c + "</w>" for c in single), *joined, START, END]
    ids = dict(zip(tokens, range(len(tokens)), strict=True))
    return ids, dict(zip(merges.split("\n"), range(_MERGES), strict=True))


def is_one_token(word: str) -> bool:
    """Whether CLIP's vocabulary has ``word``, in lower case: it was learnt from English texts."""
    return f"{word}</w>" in _vocabulary()[0]

"""Text in pictures as it is compared: letters that a reader takes for each other are one.

Case and accents make no difference, nor does what looks the same: 0 and O, 1 and l and I, 5 and S,
8 and B, and the letters that Latin, Greek and Cyrillic share. What was read and what is asked for
are folded alike, so that either may have the misread letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from store.folding import fold
from store.words import is_unspaced

_ALIKE = str.maketrans(
    {
        **dict(zip("01i|58", "olllsb", strict=True)),
        **dict(zip("авекмнорстухіѕј", "abekmhopctyxlsj", strict=True)),
        **dict(zip("αβεζηικμνορτυχ", "abezhlkmnoptyx", strict=True)),
    }
)
_BETWEEN = re.compile(r"[\W_]+")
_SHAPES = (("rn", "m"), ("cl", "d"), ("vv", "w"))
"""Letters side by side that look like one."""

_LEAST_FOR_SHAPES, _LEAST_FOR_AN_EDIT = 5, 7
"""Letters from which on a word may have a misread one: many shorter words differ by a letter."""

_MOST_FOR_AN_EDIT = 40
"""Letters up to which it may: no longer one is a word, and each letter is three more patterns."""

_MOST = 150
"""Patterns for what is asked for; databases limit how many conditions there are at once."""


def folded(text: str) -> str:
    """``text`` as it is compared: words, with one space around each; "" if it has no letter."""
    words = _BETWEEN.sub(" ", fold(text).translate(_ALIKE)).strip()
    return f" {words} " if words else ""


def spellings(asked: str) -> Sequence[str]:
    """Patterns of SQL's LIKE, for one word or several in a row, in what ``folded`` gives.

    The first is what is asked for, wherever it begins and ends; the others have one letter misread
    (none of a very long word). There are none without a letter in ``asked``.
    """
    words = folded(asked).strip()
    if not words:
        return []
    patterns = [words]
    if " " in words:
        patterns.append(words.replace(" ", ""))  # readers lose spaces
    elif len(words) >= _LEAST_FOR_SHAPES:
        patterns += _shaped(words)
        if _LEAST_FOR_AN_EDIT <= len(words) <= _MOST_FOR_AN_EDIT and words.isalpha():
            patterns += _edited(words)
    return [f"%{pattern}%" for pattern in [*dict.fromkeys(patterns)][:_MOST]]


def whole_word(word: str, runs: Sequence[str]) -> Sequence[str]:
    """Patterns for ``word`` by itself; none for one of two letters, which signs are full of.

    A character of a script without spaces tells little as well: it counts with those that stand
    beside it in ``runs``.
    """
    if is_unspaced(word):
        return [f"%{folded(run).strip()}%" for run in runs if word in run]
    inner = folded(word).strip()
    return [f"% {inner} %"] if len(inner) > 2 else []


def _shaped(word: str) -> list[str]:
    return [
        word[: match.start()] + other + word[match.end() :]
        for pair in _SHAPES
        for one, other in (pair, pair[::-1])
        for match in re.finditer(one, word)
    ]


def _edited(word: str) -> list[str]:
    """With another letter, one more or one less; the first and last letter are there."""
    inner = range(1, len(word) - 1)
    return [
        *(word[:place] + "_" + word[place + 1 :] for place in inner),
        *(word[:place] + word[place + 1 :] for place in inner),
        *(word[:place] + "_" + word[place:] for place in range(1, len(word))),
    ]


def trigrams(pattern: str) -> Sequence[str]:
    """Every three characters in a row that what fits a pattern has, each once."""
    parts = re.split("[%_]", pattern)
    every = (part[at : at + 3] for part in parts for at in range(len(part) - 2))
    return [*dict.fromkeys(every)]

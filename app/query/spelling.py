"""Words that are misspelt, and what they were meant to be."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping

from app.query.lexicon import Lexicon

_SHORTEST = 3
_LONG = 7  # letters: in a word of so many, two mistakes are looked for
_PER_MISTAKE = 6.0
_OTHER_BEGINNING = 3.0
_OF_LABELS = 2.0


def no_words() -> Collection[str]:
    return ()


def corrected(
    word: str, lexicon: Lexicon, get_names: Callable[[], Collection[str]] = no_words
) -> str | None:
    """What ``word``, in lower case, was meant to be; None if it is known, or like nothing.

    Args:
        get_names: gives further words, in lower case, which may be meant; called only if the
            lexicon does not know ``word``.
    """
    if len(word) < _SHORTEST or not word.isascii() or not word.isalpha():
        return None
    if lexicon.knows(word):
        return None
    names = get_names()
    if word in names:
        return None
    near = _near(word, lexicon.common, names)
    if not near:
        return None
    last = len(lexicon.common)

    def unlikely(candidate: str) -> tuple[float, str]:
        """How unlikely it is that this was meant: by what was typed, and how rare it is."""
        mistakes = _PER_MISTAKE * near[candidate]
        if candidate[0] != word[0]:
            mistakes += _OTHER_BEGINNING
        if candidate in lexicon.labels or candidate in names:
            mistakes -= _OF_LABELS
        return mistakes + math.log(1 + lexicon.common.get(candidate, last)), candidate

    return min(near, key=unlikely)


def _near(word: str, common: Mapping[str, int], names: Collection[str]) -> dict[str, float]:
    """The words that ``word`` is one mistake from, or two if it is long, with their number.

    A mistake is a letter too many, too few or another one, or two that changed places.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    most = 2 if len(word) >= _LONG else 1
    listed = [*common, *(name for name in names if name not in common)]
    matches = process.extract(word, listed, scorer=OSA.distance, score_cutoff=most, limit=None)
    near = {candidate: float(mistakes) for candidate, mistakes, _ in matches}
    return {candidate: n for candidate, n in near.items() if len(candidate) >= _SHORTEST}

"""Words that are misspelt, and what they were meant to be."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping

from app.query.lexicon import Lexicon

_SHORTEST = 3
_LONG = 7  # letters: in a word of so many, two mistakes are looked for
_SHORT = 4
_PER_MISTAKE = 6.0
_OF_SAME_LETTERS = 3.5
_OTHER_BEGINNING = 3.0
_OF_LABELS = 2.0
_ALIKE = 65  # of 100: the likeness of two names from which the one may be meant by the other


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
    for sounds, other in (("f", "ph"), ("ph", "f")):
        if (alike := word.replace(sounds, other)) != word and alike in lexicon.common:
            return alike
    near = _near(word, lexicon.common, names)
    if is_compound(word, lexicon):
        near = {candidate: mistakes for candidate, mistakes in near.items() if mistakes < 2}
    if not near:
        return None
    last = len(lexicon.common)

    def unlikely(candidate: str) -> tuple[float, str]:
        """How unlikely it is that this was meant: by what was typed, and how rare it is."""
        mistakes = _PER_MISTAKE * near[candidate]
        if _same_letters(word, candidate):
            mistakes -= _OF_SAME_LETTERS
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
    return {
        candidate: float(mistakes)
        for candidate, mistakes, _ in matches
        if len(candidate) >= _SHORTEST
        # Of short words nearly all are one letter from each other.
        and (len(word) > _SHORT or _same_letters(word, candidate))
        # Two letters more are an ending: "wheelie" is no "wheel".
        and (mistakes < 2 or not word.startswith(candidate))
    }


def _same_letters(word: str, other: str) -> bool:
    """Whether they have the same letters, however often and in whatever order."""
    return set(word) == set(other)


def is_compound(word: str, lexicon: Lexicon) -> bool:
    """Whether it is two words written as one: "hardhat"."""
    return any(
        word[:place] in lexicon.common and word[place:] in lexicon.common
        for place in range(_SHORTEST, len(word) - _SHORTEST + 1)
    )


def nearest_name(typed: str, known: Iterable[str]) -> str | None:
    """The name that is most like what was typed; None if it is there, or like none."""
    from rapidfuzz import fuzz, process, utils

    best = process.extractOne(
        typed,
        sorted(known),
        scorer=fuzz.ratio,
        processor=utils.default_process,
        score_cutoff=_ALIKE,
    )
    if best is None or best[0].casefold() == typed.casefold():
        return None
    name: str = best[0]
    return name

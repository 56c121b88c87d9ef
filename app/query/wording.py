"""Words of a phrase as the model knows them best: well spelt, in the singular."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from app.languages.small_words import other_words
from app.query.date_words import words_elsewhere
from app.query.lexicon import Lexicon
from app.query.negative_words import DENIALS
from app.query.phrases import Word
from app.query.spelling import corrected

SHORT = 2
"""In phrases of so many words plurals become singulars: more words are a description, in which the
number may matter."""

_CORE = re.compile(r"\W*(?P<core>[^\W\d_]+)\W*")
_MANY = re.compile(r"(?:two|three|four|five|six|seven|eight|nine|ten|several|many|few|both|\d+)")


def spelt(
    words: Sequence[Word], lexicon: Lexicon, names: Callable[[], Collection[str]]
) -> Iterator[Word]:
    """For each word that is misspelt, the one that was meant, at its place.

    Words in quotes are what they are, and so are names: words with a capital, but for the first.
    """
    for place, word in enumerate(words):
        core = _CORE.fullmatch(word.text)
        if word.quoted or core is None or (place and word.text != word.text.lower()):
            continue
        typed = core["core"].lower()
        if typed in DENIALS or typed in other_words() or typed in words_elsewhere():
            continue  # "nicht" is no "night", "bis" no "ibis"
        if meant := corrected(typed, lexicon, names):
            yield _with(word, core, meant)


def singular(words: Sequence[Word], lexicon: Lexicon) -> Iterator[Word]:
    """For each plural of a short phrase, the word for one, at its place."""
    if len(words) > SHORT or any(_MANY.fullmatch(word.plain) for word in words):
        return
    for word in words:
        core = _CORE.fullmatch(word.text)
        if word.quoted or core is None:
            continue
        if one := lexicon.singular(core["core"].lower()):
            yield _with(word, core, one)


def bare(word: Word) -> str:
    """The text of a word without punctuation around it."""
    core = _CORE.fullmatch(word.text)
    return core["core"] if core else word.text


def _with(word: Word, core: re.Match[str], meant: str) -> Word:
    """``word`` with another core, and the case and punctuation that it had."""
    if core["core"][0].isupper():
        meant = meant.capitalize()
    start, end = core.span("core")
    return replace(word, text=f"{word.text[:start]}{meant}{word.text[end:]}")

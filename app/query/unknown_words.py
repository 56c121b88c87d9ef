"""Whether a model can read a query at all, and what to say where it can't."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.languages.small_words import small_words
from app.query.lexicon import Lexicon
from app.query.spelling import corrected, is_compound
from store.folding import fold

_WORD = re.compile(r"[^\W\d_]+")
_WITH_SIN = frozenset(("en", "da", "no", "sv"))
ONLY_ENGLISH = (
    "The model reads English, and this looks like another language: the photos listed are only the "
    "nearest. For other languages: pip install 'clipsearch[languages]'"
)


@dataclass(frozen=True)
class Reads:
    """The languages that can be read.

    Attributes:
        languages: their codes: "en", "de", ...
        language_of: gives the code of a text's language, None where it can't tell; without it,
            scripts and small words have to do.
        is_guess: whether a text is too short to be sure of its language.
        hint: the code of the language that its writer reads; empty if nobody said so.
        missing: gives what to say of a text in a language that can't be read.
    """

    languages: frozenset[str] = frozenset({"en"})
    language_of: Callable[[str], str | None] | None = None
    is_guess: Callable[[str], bool] | None = None
    missing: Callable[[str], str] | None = None
    hint: str = ""

    def language(self, text: str) -> str | None:
        return self.language_of(text) if self.language_of else None

    def is_english(self, text: str, lexicon: Lexicon) -> bool:
        """Whether English spelling and plurals are to be expected of a text.

        Of a word or two that may be anything, they are if spelling mistakes explain all of them;
        where they may well be of the writer's own language, only two swapped letters count as a
        mistake.
        """
        language = self.language(text)
        if language is None:
            return not _is_foreign(text, lexicon)
        if language == "en" or not (self.is_guess and self.is_guess(text)):
            return language == "en"
        words = [word.lower() for word in _WORD.findall(text)]
        is_own = language == self.hint
        return all(lexicon.knows(word) or _is_misspelt(word, lexicon, is_own) for word in words)

    def is_spanish_sin(self, words: Sequence[str], lexicon: Lexicon) -> bool:
        """Whether there is a "sin" in ``words``, in lower case, and it says "without".

        A few words of Spanish are taken for many a language, but hardly for those that have it.
        """
        if "sin" not in words:
            return False
        text = " ".join(words)
        if (language := self.language(text)) is None:
            return _is_foreign(text, lexicon)
        return language not in _WITH_SIN

    def can_read(self, text: str) -> bool:
        """Whether a text is surely in one of the languages that are not English."""
        return self.language(text) in self.languages - {"en"}


ENGLISH = Reads()


def unread_note(
    text: str, reads: Reads, lexicon: Lexicon, names: Callable[[], frozenset[str]]
) -> str | None:
    """What to say of a text of which nothing can be read; None if something of it can.

    Args:
        text: what is looked for, with its spelling corrected.
        names: gives the words of the library's names, which need no model.
    """
    words = [word.lower() for word in _WORD.findall(text)]
    if not words or reads.can_read(text):
        return None
    if reads.language(text) not in (None, "en"):
        return reads.missing(text) if reads.missing else ONLY_ENGLISH
    if _is_foreign(text, lexicon):
        return ONLY_ENGLISH
    unknown = unknown_words(words, lexicon)
    if len(unknown) < len(words) or names() & set(unknown):
        return None
    listed = ", ".join(unknown)
    return f"No word of this is known ({listed}): the photos listed are only the nearest."


def unknown_words(words: Sequence[str], lexicon: Lexicon) -> list[str]:
    """Those of ``words``, in lower case, that are no English words."""
    return [
        word
        for word in words
        if len(word) > 1
        and not (lexicon.knows(word) or lexicon.knows(fold(word)) or is_compound(word, lexicon))
    ]


def _is_foreign(text: str, lexicon: Lexicon) -> bool:
    """Whether a text is in letters other than Latin ones, or has small words of other languages
    and no more than half of the others are English."""
    words = [word.lower() for word in _WORD.findall(text)]
    if any(_is_of_other_script(word) for word in words):
        return True
    others = [word for word in words if word not in small_words()]
    if len(others) == len(words):
        return False
    return 2 * len(unknown_words(others, lexicon)) >= max(1, len(others))


def _is_misspelt(word: str, lexicon: Lexicon, is_own: bool) -> bool:
    """Whether a word is meant to be an English one; ``is_own``: only of the same letters."""
    meant = corrected(word, lexicon)
    return meant is not None and (not is_own or sorted(meant) == sorted(word))


def _is_of_other_script(word: str) -> bool:
    return any("LATIN" not in unicodedata.name(letter, "LATIN") for letter in word)

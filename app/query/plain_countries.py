"""Names of countries in plain words, in other languages too: "in der Schweiz", "beach, Italia".

Only countries that the library has photos of count. What is a name of its own there, of a town or a
folder, is that.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.languages.asked import ENGLISH
from app.query.countries import PEOPLE, plain_name, plain_names
from app.query.country_filters import called, country_filter
from app.query.lexicon import Lexicon
from app.query.library_names import GetNames
from app.query.phrases import Word
from app.query.plain_names import LONGEST, PREPOSITIONS, NamePart, is_ordinary, shown_words

_BEFORE = PREPOSITIONS | {"im", "aus", "bei", "en", "au", "aux"}
_ARTICLES = {"the", "der", "die", "den", "dem", "la", "le", "les", "el", "los", "las"}


def country_in(
    chunk: Sequence[Word], names: GetNames, lexicon: Lexicon, language: str
) -> NamePart | None:
    """The country that a chunk names, or words behind an "in"; None if there is none.

    Args:
        language: the code of the one that is asked in; empty if nobody said so.
    """
    starts = [(0, 0)]
    for at, word in enumerate(chunk[:-1]):
        if word.plain in _BEFORE:
            starts.append((at, at + 1 + is_article(chunk[at + 1])))
    for begin, start in starts:
        last = len(chunk)
        for end in range(min(last, start + LONGEST), start if begin < start else last - 1, -1):
            part = chunk[start:end]
            typed = shown_words(part)
            if not _may_be_country(part, begin < start, lexicon, language):
                continue
            if (country := names().country(typed, language)) is not None:
                reading = f"in {called(typed, country, language)}"
                return NamePart(begin, end, "place", country_filter(country), reading)
    return None


def is_article(word: Word) -> bool:
    """Whether it may stand before the name of a country."""
    return word.plain in _ARTICLES


def _may_be_country(part: Sequence[Word], is_behind: bool, lexicon: Lexicon, language: str) -> bool:
    """Whether words can be meant as a country, before the library is asked.

    Ordinary words ("Island") and names of people are one only with a capital, and in the language
    that is asked in; behind an "in" also in English.
    """
    if any(word.quoted for word in part):
        return False
    plain = plain_name(shown_words(part))
    if plain not in PEOPLE and not is_ordinary(plain, lexicon):
        return True
    if not all(word.text[:1].isupper() for word in part):
        return False
    return plain in plain_names(language) or (is_behind and plain in plain_names(ENGLISH))

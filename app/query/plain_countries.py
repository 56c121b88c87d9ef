"""Names of countries in plain words, in other languages too: "in der Schweiz", "beach, Italia".

Only countries that the library has photos of count. What is a name of its own there, of a town or a
folder, is that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.languages.asked import ENGLISH
from app.query.countries import CLEAR, PEOPLE, WORDS, plain_name, plain_names
from app.query.country_filters import called, country_filter
from app.query.lexicon import Lexicon
from app.query.library_names import GetNames
from app.query.phrases import Word
from app.query.plain_names import DENIALS, LONGEST, PREPOSITIONS, NamePart, is_ordinary, shown_words

_BEFORE = PREPOSITIONS | {"im", "aus", "bei", "en", "au", "aux"}
_ARTICLES = {"the", "der", "die", "den", "dem", "la", "le", "les", "el", "los", "las"}
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_CHINESE_IN = "\u5728"


def country_in(
    chunk: Sequence[Word], names: GetNames, lexicon: Lexicon, language: str
) -> NamePart | None:
    """The country that a chunk names, or words behind an "in"; None if there is none.

    Args:
        language: the code of the one that is asked in; empty if nobody said so.
    """
    for begin, start, end in _spans(chunk):
        part = chunk[start:end]
        if not _may_be_country(part, begin < start, lexicon, language):
            continue
        typed = shown_words(part).removeprefix(_CHINESE_IN)
        if (country := names().country(typed, language)) is not None:
            reading = f"in {called(typed, country, language)}"
            return NamePart(begin, end, "place", country_filter(country), reading)
    return None


def _spans(chunk: Sequence[Word]) -> Iterator[tuple[int, int, int]]:
    """Where a country may stand: where the words begin that lead to it, where it does, and ends.

    All of the chunk, what is behind an "in", the longest first, and each Chinese word.
    """
    if len(chunk) <= LONGEST:
        yield 0, 0, len(chunk)
    for at, word in enumerate(chunk):
        following = chunk[at + 1 :]
        is_denied = at > 0 and chunk[at - 1].plain in DENIALS
        if following and word.plain in _BEFORE and not is_denied:
            start = at + 1 + is_article(following[0])
            for end in range(min(len(chunk), start + LONGEST), start, -1):
                yield at, start, end
        elif _CHINESE.fullmatch(word.text):
            yield at, at, at + 1


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
    typed = shown_words(part)
    plain = plain_name(typed)
    named = part[1:] if len(part) > 1 and is_article(part[0]) else part
    is_word = is_ordinary(shown_words(named), lexicon) or (typed.isascii() and plain in WORDS)
    if plain in CLEAR or not (is_word or plain in PEOPLE):
        return True
    if not all(word.text[:1].isupper() for word in named):
        return False
    return plain in plain_names(language) or (is_behind and plain in plain_names(ENGLISH))

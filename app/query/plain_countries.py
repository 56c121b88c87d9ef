"""Names of countries and cities in other languages: "in der Schweiz", "beach, Italia", "in Rom".

Only those that the library has photos of count. What is a name of its own there, of a town or a
folder, is that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from app.languages.asked import ENGLISH
from app.query import cities
from app.query.bare_places import bare_name, bare_spans
from app.query.countries import CLEAR, PEOPLE, WORDS, meant_by, plain_name, plain_names
from app.query.country_filters import called, city_called, city_filter, country_filter
from app.query.lexicon import Lexicon
from app.query.library_names import GetNames
from app.query.phrases import Word
from app.query.plain_names import (
    LONGEST,
    NamePart,
    is_ordinary,
    is_word_elsewhere,
    lead_to_place,
    shown_words,
)
from app.query.wording import bare
from store.folding import fold

_CHINESE_INS = ("\u5728", "\u6765\u81ea")
_BEFORE = {"im", "au", "aux", *_CHINESE_INS}
"""What leads to a country as well."""
_ARTICLES = {"the", "der", "die", "den", "dem", "la", "le", "les", "el", "los", "las"}
_CHINESE = r"[\u4e00-\u9fff]+"


def place_in(
    chunk: Sequence[Word], names: GetNames, lexicon: Lexicon, language: str
) -> NamePart | None:
    """The country or city that a chunk names, or words behind an "in", or bare ones; None if
    there is none.

    Args:
        language: the code of the one that is asked in; empty if nobody said so.
    """
    part = _country_in(chunk, names, lexicon, language) or _city_in(chunk, names, lexicon)
    bare = bare_name(chunk, names, lexicon, language)
    if part and bare and bare.first <= part.first and part.last <= bare.last:
        return bare  # Mexico City, and not Mexico
    return part or bare


def is_place(name: str, names: GetNames, language: str) -> bool:
    """Whether photos are from a country or city that is called so in some language."""
    return names().country(name, language) is not None or bool(names().cities(name))


def is_of_place(words: Sequence[Word], place: int, names: GetNames) -> bool:
    """Whether a word is of a country's or city's name, or an article before one: "der Schweiz".

    "Italien" is no "Italian", and "der" no "deer". Nor is "Mailand" the mainland, where the library
    has no photos of it.
    """
    known = names().words_of_countries
    near = words[place : place + 1 + _is_article(words[place])]
    if any(fold(bare(word)) in known for word in near) or names().is_of_city(bare(words[place])):
        return True
    typed = plain_name(bare(words[place]))
    return any(True for _ in cities.cities_called(typed)) or meant_by(typed) is not None


def _country_in(
    chunk: Sequence[Word], names: GetNames, lexicon: Lexicon, language: str
) -> NamePart | None:
    for begin, start, end in _spans(chunk, names, lexicon):
        part = chunk[start:end]
        if not _may_be_country(part, begin < start, lexicon, language):
            continue
        typed = _without_in(part)
        if (country := names().country(typed, language)) is not None:
            reading = f"in {called(typed, country, language)}"
            return NamePart(begin, end, "place", country_filter(country), reading, typed)
    return None


def _city_in(chunk: Sequence[Word], names: GetNames, lexicon: Lexicon) -> NamePart | None:
    """The city, where the library calls it otherwise."""
    for begin, start, end in _spans(chunk, names, lexicon):
        part = chunk[start:end]
        if not _may_be_city(part, begin < start, lexicon):
            continue
        typed = _without_in(part)
        if called := names().cities(typed):
            reading = f"in {city_called(typed, called)}"
            return NamePart(begin, end, "place", city_filter(called), reading, typed)
    return None


def _without_in(part: Sequence[Word]) -> str:
    """Words as they were typed, without a Chinese "in"."""
    typed = shown_words(part)
    begin = next((one for one in _CHINESE_INS if typed.startswith(one)), "")
    return typed.removeprefix(begin)


def _may_be_city(part: Sequence[Word], is_behind: bool, lexicon: Lexicon) -> bool:
    """Whether words can be meant as a city, as ``plain_names`` decides of the library's own names:
    ordinary words are one only behind an "in", with a capital."""
    if any(word.quoted for word in part) or (is_word_elsewhere(part) and not is_behind):
        return False
    typed = shown_words(part)
    is_word = typed.isascii() and plain_name(typed) in cities.WORDS
    if not is_ordinary(typed, lexicon) and not is_word:
        return True
    return is_behind and all(word.has_capital for word in part)


def _spans(
    chunk: Sequence[Word], names: GetNames, lexicon: Lexicon
) -> Iterator[tuple[int, int, int]]:
    """Where a country may stand: where the words begin that lead to it, where it does, and ends.

    All of the chunk, what is behind an "in", the longest first, each Chinese word, the last words
    and the first.
    """
    if len(chunk) <= LONGEST:
        yield 0, 0, len(chunk)
    for at, word in enumerate(chunk):
        following = chunk[at + 1 :]
        begin = at if word.plain in _BEFORE else lead_to_place(chunk, at)
        if following and begin is not None:
            article = [at + 2] if _is_article(following[0]) else []
            for start in (at + 1, *article):  # "in Den Haag", "in der Schweiz"
                for end in range(min(len(chunk), start + LONGEST), start, -1):
                    yield begin, start, end
        elif not word.text.isascii() and re.fullmatch(_CHINESE, word.text):
            yield at, at, at + 1
    for start, end in bare_spans(chunk, names, lexicon):
        yield start, start, end


def _is_article(word: Word) -> bool:
    return word.plain in _ARTICLES


def _may_be_country(part: Sequence[Word], is_behind: bool, lexicon: Lexicon, language: str) -> bool:
    """Whether words can be meant as a country, before the library is asked.

    Ordinary words ("Island") and names of people are one only with a capital, and in the language
    that is asked in; behind an "in" also in English.
    """
    if any(word.quoted for word in part) or (is_word_elsewhere(part) and not is_behind):
        return False
    typed = shown_words(part)
    plain = plain_name(typed)
    named = part[1:] if len(part) > 1 and _is_article(part[0]) else part
    is_word = is_ordinary(shown_words(named), lexicon) or (typed.isascii() and plain in WORDS)
    if plain in CLEAR or not (is_word or plain in PEOPLE):
        return True
    if not all(word.has_capital for word in named):
        return False
    return plain in plain_names(language) or (is_behind and plain in plain_names(ENGLISH))

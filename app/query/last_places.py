"""Places that the last words of others name, with no "in" before them: "beach Rome"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.languages.small_words import small_words
from app.query.cities import BEGINNINGS, PEOPLE, WORDS_ELSEWHERE
from app.query.countries import meant_by
from app.query.lead_ins import lead_in
from app.query.lexicon import Lexicon
from app.query.library_names import GetNames
from app.query.negative_words import ENGLISH, FRENCH, GERMAN, SPANISH, is_denial
from app.query.phrases import Word
from app.query.plain_names import NamePart, is_ordinary, place_part, shown_words
from store.folding import fold

_LONGEST = 3  # words of such a name
_LEADING = frozenset[str]().union(
    *(one.articles | one.determiners | one.ands | one.ties | one.of | one.prepositions
      for one in (ENGLISH, GERMAN, FRENCH, SPANISH)),
    {"named", "called"},
)  # fmt: skip


def last_name(
    chunk: Sequence[Word], names: GetNames, lexicon: Lexicon, language: str
) -> NamePart | None:
    """The place that the last words of a chunk name, as in "beach Rome"; None if they do not.

    Args:
        language: the code of the one that is asked in; empty if nobody said so.
    """
    for start in starts_of_last(chunk, names, lexicon):
        if names().place(fold(shown_words(chunk[start:]))) is not None:
            return place_part(chunk, (start, start, len(chunk)), names, language)
    return None


def starts_of_last(chunk: Sequence[Word], names: GetNames, lexicon: Lexicon) -> Iterator[int]:
    """Where the last words of a chunk may begin to be a place, with no "in" before them.

    All have a capital, and they are no words, abbreviations (but of countries), nor names that
    people have. Behind "of" or "named" they belong to what is before, unless that is "photos of";
    so they do behind another name, unless a country follows on its city.
    """
    for start in range(max(1, len(chunk) - _LONGEST), len(chunk)):
        before, part = chunk[:start], chunk[start:]
        text = fold(shown_words(part))
        if before[-1].quoted or any(word.quoted for word in part):
            continue
        if not all(word.text[:1].isupper() for word in part):
            continue
        is_country = meant_by(text) is not None
        if any(_is_abbreviation(word.text) for word in part) and not is_country:  # "USA"
            continue
        if text in PEOPLE | WORDS_ELSEWHERE or is_ordinary(text, lexicon):
            continue
        is_of_city = is_country and _ends_with_place(before, names)  # "Paris France"
        if is_of_city or lead_in(chunk) == start or not _goes_on(before, names, lexicon):
            yield start


def _is_abbreviation(text: str) -> bool:
    return len(text) > 1 and text.isupper()


def _goes_on(before: Sequence[Word], names: GetNames, lexicon: Lexicon) -> bool:
    """Whether what is behind these words belongs to them."""
    last = before[-1]
    if is_denial([word.plain for word in before]):
        return False
    if last.plain in _LEADING or last.plain in small_words():
        return True
    if not last.text[:1].isupper():
        return False
    if last.plain in BEGINNINGS:
        return True
    if is_ordinary(last.text, lexicon):
        return False
    return len(before) > 1 or _is_place([last], names)


def _ends_with_place(words: Sequence[Word], names: GetNames) -> bool:
    return any(_is_place(words[-count:], names) for count in range(1, _LONGEST + 1))


def _is_place(words: Sequence[Word], names: GetNames) -> bool:
    typed = shown_words(words)
    return names().place(typed) is not None or bool(names().cities(typed))

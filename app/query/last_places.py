"""Places that the last words of others name, with no "in" before them: "beach Rome"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.languages.small_words import small_words
from app.query.cities import PEOPLE
from app.query.lead_ins import lead_in
from app.query.lexicon import Lexicon
from app.query.library_names import GetNames
from app.query.negative_words import DENIALS, ENGLISH, FRENCH, GERMAN, SPANISH
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

    All have a capital, and they are no abbreviations, ordinary words, nor names that people have.
    Behind "of" or "named" they belong to what is before, unless that is "photos of"; so they do
    behind another name.
    """
    for start in range(max(1, len(chunk) - _LONGEST), len(chunk)):
        part, before = chunk[start:], chunk[start - 1]
        if before.quoted or any(word.quoted or not _is_name(word.text) for word in part):
            continue
        text = fold(shown_words(part))
        if text in PEOPLE or is_ordinary(text, lexicon):
            continue
        if lead_in(chunk) == start or not _goes_on(chunk[:start], names, lexicon):
            yield start


def _is_name(text: str) -> bool:
    return text[:1].isupper() and not (len(text) > 1 and text.isupper())


def _goes_on(before: Sequence[Word], names: GetNames, lexicon: Lexicon) -> bool:
    """Whether what is behind these words belongs to them."""
    last = before[-1]
    if last.plain in DENIALS:
        return False
    if last.plain in _LEADING or last.plain in small_words():
        return True
    if not last.text[:1].isupper() or is_ordinary(last.text, lexicon):
        return False
    return (
        len(before) > 1 or names().place(last.text) is not None or bool(names().cities(last.text))
    )

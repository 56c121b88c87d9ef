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
      for one in (ENGLISH, GERMAN, FRENCH, SPANISH))
)  # fmt: skip


def last_name(
    chunk: Sequence[Word], names: GetNames, lexicon: Lexicon, language: str
) -> NamePart | None:
    """The place that the last words of a chunk name, as in "beach Rome"; None if they do not.

    Args:
        language: the code of the one that is asked in; empty if nobody said so.
    """
    for start in starts_of_last(chunk, lexicon):
        if names().place(fold(shown_words(chunk[start:]))) is not None:
            return place_part(chunk, (start, start, len(chunk)), names, language)
    return None


def starts_of_last(chunk: Sequence[Word], lexicon: Lexicon) -> Iterator[int]:
    """Where the last words of a chunk may begin to be a place, with no "in" before them.

    All have a capital, and they are no ordinary words, nor names that people have. Behind "of" or
    "with" they belong to what is before, unless that is "photos of"; behind a name, to that.
    """
    for start in range(max(1, len(chunk) - _LONGEST), len(chunk)):
        part, before = chunk[start:], chunk[start - 1]
        if any(word.quoted or not word.text[:1].isupper() for word in part):
            continue
        is_name = start > 1 and before.text[:1].isupper() and not is_ordinary(before.text, lexicon)
        leads = before.plain not in DENIALS and (
            before.plain in _LEADING or before.plain in small_words()
        )
        if before.quoted or is_name or (leads and lead_in(chunk) != start):
            continue
        text = fold(shown_words(part))
        if text not in PEOPLE and not is_ordinary(text, lexicon):
            yield start

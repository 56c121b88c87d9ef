"""Places with no "in" before them, at the end or the beginning of other words: "beach Rome", "rome
beach"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.labels import vocabulary
from app.languages.small_words import small_words
from app.query.cities import BEGINNINGS, PEOPLE, PLACES_FIRST, WORDS, WORDS_ELSEWHERE
from app.query.countries import meant_by
from app.query.lead_ins import lead_in
from app.query.lexicon import Lexicon
from app.query.library_names import GetNames
from app.query.negative_words import ENGLISH, FRENCH, GERMAN, SPANISH, is_denial
from app.query.phrases import Word
from app.query.plain_names import NamePart, is_ordinary, place_part, shown_words
from store.folding import fold

_LONGEST = 3  # words of such a name
_FEW = 4
"""Words beside one in lower case; "Miami tennis player hits the ball" is a description."""
_SHORTEST = 4  # letters of one in lower case
_LEADING = frozenset[str]().union(
    *(one.articles | one.determiners | one.ands | one.ties | one.of | one.prepositions
      for one in (ENGLISH, GERMAN, FRENCH, SPANISH)),
    {"named", "called"},
)  # fmt: skip
_SMALL = frozenset[str]().union(
    ENGLISH.ands, ENGLISH.buts, ENGLISH.of, ENGLISH.prepositions, ENGLISH.verbs, ENGLISH.determiners
)
_BEHIND_FIRST = {"at", "by", "during", "from", "in", "on", "with"}
"""Small words that may stand behind the first ones: "paris at night"."""


def bare_name(
    chunk: Sequence[Word], names: GetNames, lexicon: Lexicon, language: str
) -> NamePart | None:
    """The place that the last or first words of a chunk name; None if they do not.

    Args:
        language: the code of the one that is asked in; empty if nobody said so.
    """
    for start, end in bare_spans(chunk, names, lexicon):
        if names().place(fold(shown_words(chunk[start:end]))) is not None:
            return place_part(chunk, (start, start, end), names, language)
    return None


def bare_spans(
    chunk: Sequence[Word], names: GetNames, lexicon: Lexicon
) -> Iterator[tuple[int, int]]:
    """Where the last or first words of a chunk may be a place, with no "in" before them.

    They are no words, abbreviations (but of countries), nor names that people have. Those that have
    a capital may stand behind words of any language. The first ones may have it since they begin
    the query, so that they are taken like those without: where English has no such word, rare
    ones included, and has the words beside them.
    """
    yield from _last(chunk, names, lexicon)
    yield from _first(chunk, lexicon)


def _last(chunk: Sequence[Word], names: GetNames, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """Behind "of" or "named" they belong to what is before, unless that is "photos of"; so they do
    behind another name, unless a country follows on its city."""
    for start in range(max(1, len(chunk) - _LONGEST), len(chunk)):
        before, part = chunk[:start], chunk[start:]
        if before[-1].quoted or not _may_be_place(part, lexicon):
            continue
        is_country = meant_by(fold(shown_words(part))) is not None
        if any(_is_abbreviation(word.text) for word in part) and not is_country:  # "USA"
            continue
        if not all(map(_has_capital, part)) and not _is_only_name(part, before, lexicon):
            continue
        is_of_city = is_country and _ends_with_place(before, names)  # "Paris France"
        if is_of_city or lead_in(chunk) == start or not _goes_on(before, names, lexicon):
            yield start, len(chunk)


def _first(chunk: Sequence[Word], lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    start = lead_in(chunk)
    for end in range(min(start + _LONGEST, len(chunk) - 1), start, -1):
        part, behind = chunk[start:end], chunk[end:]
        if (
            (behind[0].plain in _BEHIND_FIRST or behind[0].plain not in _SMALL)
            and not _has_capital(behind[0])  # "London Bridge"
            and not behind[0].quoted
            and _may_be_place(part, lexicon)
            and _is_only_name(part, behind, lexicon)
            and not _begins_thing(part, behind)
        ):
            yield start, end


def _may_be_place(part: Sequence[Word], lexicon: Lexicon) -> bool:
    text = fold(shown_words(part))
    if any(word.quoted for word in part) or text in PEOPLE | WORDS_ELSEWHERE:
        return False
    return not is_ordinary(text, lexicon)


def _is_only_name(part: Sequence[Word], others: Sequence[Word], lexicon: Lexicon) -> bool:
    """Whether words in lower case are a name, and nothing else: "rome", but not "riverside"."""
    text = fold(shown_words(part))
    if len(text) < _SHORTEST or len(others) > _FEW or text in WORDS:
        return False
    if text not in PLACES_FIRST and all(lexicon.is_word(fold(word.text)) for word in part):
        return False
    return all(word.quoted or lexicon.knows(word.plain.strip(".!?;")) for word in others)


def _begins_thing(part: Sequence[Word], behind: Sequence[Word]) -> bool:
    """Whether a label begins with these words: "boston terrier"."""
    labels = vocabulary.everyday()
    texts = (shown_words([*part, *behind[:count]]) for count in (1, 2))
    return any(labels.number_meant(text) is not None for text in texts)


def _has_capital(word: Word) -> bool:
    return word.text[:1].isupper()


def _is_abbreviation(text: str) -> bool:
    return len(text) > 1 and text.isupper()


def _goes_on(before: Sequence[Word], names: GetNames, lexicon: Lexicon) -> bool:
    """Whether what is behind these words belongs to them."""
    last = before[-1]
    if is_denial([word.plain for word in before]):
        return False
    if last.plain in _LEADING or last.plain in small_words():
        return True
    if not _has_capital(last):
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

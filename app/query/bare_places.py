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
_OF_COUNTRIES = frozenset(("flag", "flags", "map", "maps"))
"""What is of a place wherever it is: the flag of Japan."""
_SMALL = frozenset[str]().union(
    ENGLISH.ands, ENGLISH.buts, ENGLISH.of, ENGLISH.prepositions, ENGLISH.verbs, ENGLISH.determiners
)
_BEHIND_FIRST = {"at", "by", "during", "from", "in", "on", "with"}
"""Small words that may stand behind the first ones: "paris at night"."""
_LEADS = {
    *("bei", "im", "am", "in", "der", "en", "au", "sous", "la", "le", "de", "por", "con", "el"),
}
_TIMES = frozenset[str]().union(
    *(one.times for one in (GERMAN, FRENCH, SPANISH)),
    ["hiver", "été", "automne", "printemps", "invierno", "verano", "otoño", "primavera"],
)
"""The same in other languages: "münchen bei nacht", "londres de noche"."""


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

    Words, abbreviations (but of countries), and names that people have are none. The last ones may
    stand behind words of any language if they have a capital. Without one, and at the beginning,
    where a capital says nothing, they are a place where English has no such word, not even a rare
    one, and the few words beside them are English, or say when or how in another language.
    """
    yield from _last(chunk, names, lexicon)
    yield from _first(chunk, names, lexicon)


def _last(chunk: Sequence[Word], names: GetNames, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    """As ``bare_spans``. A name behind "of" or "named" belongs to what is before, unless that is
    "photos of"; so does one behind another name, unless that is a place."""
    for start in range(max(1, len(chunk) - _LONGEST), len(chunk)):
        before, part = chunk[:start], chunk[start:]
        if before[-1].quoted or not _may_be_place(part, lexicon):
            continue
        is_country = meant_by(fold(shown_words(part))) is not None
        if any(_is_abbreviation(word.text) for word in part) and not is_country:  # "USA"
            continue
        if not all(word.has_capital for word in part) and not (
            is_only_name(part, lexicon)
            and (lead_in(chunk) == start or _are_english(before, lexicon))
            and not _is_thing([chunk[start - 1 :], chunk[max(0, start - 2) :]], before[-1], lexicon)
        ):
            continue
        is_behind_place = is_country and _ends_with_place(before, names)  # "beach Paris France"
        is_behind_place |= _is_place(before, names)  # "Berlin Mitte", and "Rome Paris" is either
        if is_behind_place or lead_in(chunk) == start or not _goes_on(before, names, lexicon):
            yield start, len(chunk)


def _first(chunk: Sequence[Word], names: GetNames, lexicon: Lexicon) -> Iterator[tuple[int, int]]:
    start = lead_in(chunk)
    for end in range(min(start + _LONGEST, len(chunk) - 1), start, -1):
        part, behind = chunk[start:end], chunk[end:]
        if (
            not behind[0].has_capital  # "London Bridge"
            and not behind[0].quoted
            and _may_be_place(part, lexicon)
            and is_only_name(part, lexicon)
            and (
                (_is_elsewhere(behind) and fold(shown_words(part)) not in _TIMES)
                or (_may_follow(behind[0], names, lexicon) and _are_english(behind, lexicon))
            )
            and not _is_thing([chunk[start : end + 1], chunk[start : end + 2]], behind[0], lexicon)
        ):
            yield start, end


def _may_be_place(part: Sequence[Word], lexicon: Lexicon) -> bool:
    text = fold(shown_words(part))
    if any(word.quoted for word in part) or text in PEOPLE | WORDS_ELSEWHERE:
        return False
    return not is_ordinary(text, lexicon)


def is_only_name(part: Sequence[Word], lexicon: Lexicon) -> bool:
    """Whether words in lower case are a name, and nothing else: "rome", but not "riverside"."""
    text = fold(shown_words(part))
    if len(text) < _SHORTEST or text in WORDS:
        return False
    return text in PLACES_FIRST or not all(lexicon.is_word(fold(word.text)) for word in part)


def _may_follow(word: Word, names: GetNames, lexicon: Lexicon) -> bool:
    """Whether a word behind a place is not of its name: it is a word, or another place."""
    plain = _plain(word)
    if plain in _SMALL:
        return plain in _BEHIND_FIRST
    return lexicon.is_word(plain) or _is_place([word], names)


def _is_elsewhere(behind: Sequence[Word]) -> bool:
    """Whether a few words behind a place say in German, French or Spanish when or how it is."""
    *leads, last = [_plain(word) for word in behind]
    return bool(leads) and len(behind) <= _FEW and _LEADS.issuperset(leads) and last in _TIMES


def _are_english(words: Sequence[Word], lexicon: Lexicon) -> bool:
    """Whether these are few, and words of English, or names that it knows."""
    plain = (_plain(word) for word in words if not word.quoted)
    return len(words) <= _FEW and all(map(lexicon.knows, plain))


def _is_thing(around: Sequence[Sequence[Word]], beside: Word, lexicon: Lexicon) -> bool:
    """Whether a place and what is beside it are something else: "boston terrier", "japan flag".

    Args:
        around: the place with one word more, and with two.
    """
    labels = vocabulary.everyday()
    texts = [fold(shown_words(words)) for words in around]
    named = any(
        labels.number_meant(text) is not None
        or not lexicon.expressions.isdisjoint((text, text.removesuffix("s")))
        for text in texts
    )
    return named or _plain(beside) in _OF_COUNTRIES


def _plain(word: Word) -> str:
    """A word in lower case, without what ends a sentence."""
    return word.plain.strip(".!?;")


def _is_abbreviation(text: str) -> bool:
    return len(text) > 1 and text.isupper()


def _goes_on(before: Sequence[Word], names: GetNames, lexicon: Lexicon) -> bool:
    """Whether what is behind these words belongs to them."""
    last = before[-1]
    if is_denial([word.plain for word in before]):
        return False
    if last.plain in _LEADING | BEGINNINGS | PEOPLE or last.plain in small_words():
        return True
    if not last.has_capital:
        return False
    if is_ordinary(last.text, lexicon):
        return False
    return len(before) > 1 or _is_place([last], names)


def _ends_with_place(words: Sequence[Word], names: GetNames) -> bool:
    return any(_is_place(words[-count:], names) for count in range(1, _LONGEST + 1))


def _is_place(words: Sequence[Word], names: GetNames) -> bool:
    typed = shown_words(words)
    return names().place(typed) is not None or bool(names().cities(typed))

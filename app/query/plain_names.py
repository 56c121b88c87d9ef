"""Names of places, cameras and folders in plain words: "in Paris", "taken with my iPhone".

Only names that the library has count. A word that means something else too ("turkey", "nice") is a
place only behind "in", and a town only if it is written with a capital.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.query.cities import BEGINNINGS, PLACES_FIRST, WORDS_ELSEWHERE
from app.query.country_filters import called, place_or_country
from app.query.lexicon import Lexicon
from app.query.library_names import GetNames
from app.query.model import ChangeKind
from app.query.negations import with_but
from app.query.negative_words import TAKEN, is_denial
from app.query.phrases import Word
from store.filters import Contains, InFolder, Not, PhotoFilter
from store.folding import fold

LONGEST = 5
"""Words of a name."""
PREPOSITIONS = {"in", "at", "near", "from", "aus", "bei", "nahe", "en", "à"}
_NEAR = (
    ("close", "to"), ("in", "der", "nähe", "von"), ("in", "der", "naehe", "von"),
    ("près", "de"), ("pres", "de"), ("cerca", "de"),
)  # fmt: skip
_JOURNEYS = {"trip", "visit", "journey", "reise", "ausflug", "voyage", "viaje"}
_TO = {"to", "nach", "a"}
_BY_CAMERA = {"with", "by", "on"}
_ARTICLES = {"the", "my", "a", "an", "our"}


@dataclass(frozen=True)
class NamePart:
    """Words, from place ``first`` to before ``last``, that name something, and what it becomes.

    Attributes:
        place: a place's name as it was typed, without the "in".
        several: whether it is several places, of which one is enough.
    """

    first: int
    last: int
    kind: ChangeKind
    filter: PhotoFilter
    reading: str
    place: str = ""
    several: bool = False


def with_denial(chunk: Sequence[Word], part: NamePart) -> NamePart:
    """A part of a chunk, inverted with the "nicht" or "aber nicht" that stands before it."""
    if not is_denial([word.plain for word in chunk[: part.first]]) or chunk[part.first - 1].comma:
        return part
    filter, reading = Not(part.filter), denied(part.reading)
    return replace(part, first=with_but(chunk, part.first - 1), filter=filter, reading=reading)


def denied(reading: str) -> str:
    """The reading of what is left out; in brackets, where it is of several things."""
    return f"not ({reading})" if " or in " in reading else f"not {reading}"


def not_denied(reading: str) -> str:
    """What ``denied`` was given."""
    inner = reading.removeprefix("not ")
    return inner[1:-1] if inner.startswith("(") and " or in " in inner else inner


def name_in(
    chunk: Sequence[Word], names: GetNames, lexicon: Lexicon, language: str = ""
) -> NamePart | None:
    """The first name of a place, camera or folder in a chunk; None if there is none.

    Args:
        language: the code of the one that is asked in; empty if nobody said so.
    """
    return (
        _whole(chunk, names, lexicon, language)
        or _behind(chunk, names, lexicon, language)
        or _camera(chunk, names)
    )


def _whole(
    chunk: Sequence[Word], names: GetNames, lexicon: Lexicon, language: str
) -> NamePart | None:
    """All of a chunk, as in "beach, Rome"."""
    if len(chunk) > LONGEST or any(word.quoted for word in chunk):
        return None
    text = _text(chunk)
    if is_ordinary(text, lexicon) or is_word_elsewhere(chunk) or names().place(text) is None:
        return None
    return place_part(chunk, (0, 0, len(chunk)), names, language)


def _behind(
    chunk: Sequence[Word], names: GetNames, lexicon: Lexicon, language: str
) -> NamePart | None:
    """A place or folder behind "in"."""
    for at, word in enumerate(chunk[:-1]):
        begin = lead_to_place(chunk, at)
        if begin is None:
            continue
        following = chunk[at + 1 :]
        is_folder = following[0].plain in ("folder", "album") or (
            following[0].plain in _ARTICLES
            and len(following) > 1
            and following[1].plain in ("folder", "album")
        )
        start = at + 1 + (is_folder and 1 + (following[0].plain in _ARTICLES))
        for end in range(min(len(chunk), start + LONGEST), start, -1):
            part = chunk[start:end]
            if any(one.quoted for one in part):
                continue
            text = _text(part)
            ordinary = is_ordinary(text, lexicon)
            if is_folder or (not ordinary and part[0].plain not in _ARTICLES):
                if not is_folder and names().place(text) is not None:
                    return place_part(chunk, (begin, start, end), names, language)
                if word.plain in ("in", "from") and names().has_folder(text):
                    shown = shown_words(part)
                    folder = InFolder((glob.escape(shown),))
                    return NamePart(at, end, "folder", folder, f"in folder {shown}")
            elif ordinary and part[0].plain not in _ARTICLES:
                large = names().place(text) if _could_be_place(part) else None
                capital = all(one.has_capital for one in part)
                is_large = large and text not in BEGINNINGS  # "in western hats"
                if large is not None and (is_large or capital):
                    return place_part(chunk, (begin, start, end), names, language)
    return None


def lead_to_place(chunk: Sequence[Word], at: int) -> int | None:
    """Where the words begin that lead to a place and end ``at``; None if they lead to none.

    With the "close" of "close to", but with the "to" of "trip to": the trip is looked for as well.
    """
    plain = [word.plain for word in chunk[: at + 1]]
    for words in _NEAR:
        if tuple(plain[-len(words) :]) == words:
            return at + 1 - len(words)
    is_of_journey = plain[-1] in _TO and not _JOURNEYS.isdisjoint(plain[-2:-1])
    return at if plain[-1] in PREPOSITIONS or is_of_journey else None


def _could_be_place(part: Sequence[Word]) -> bool:
    """Whether asking the library is worth while: ordinary words are no place in most queries."""
    return len(part) == 1 or all(one.has_capital for one in part)


def _camera(chunk: Sequence[Word], names: GetNames) -> NamePart | None:
    """Two words or more of a camera's name, or one behind "taken with"; the longest there is."""
    for length in range(min(len(chunk), LONGEST), 0, -1):
        for first in range(len(chunk) - length + 1):
            part = chunk[first : first + length]
            if any(one.quoted for one in part) or not _like_camera(part, chunk[:first]):
                continue
            if names().has_camera(_text(part)):
                shown = shown_words(part)
                begin = _before_camera(chunk[:first])
                return NamePart(
                    begin, first + length, "camera", Contains("camera", shown), f"camera {shown}"
                )
    return None


def _like_camera(part: Sequence[Word], before: Sequence[Word]) -> bool:
    """Whether words may name a camera: with a number in them, or behind "taken with"."""
    if _before_camera(before) < len(before) and before[_before_camera(before)].plain in TAKEN:
        return part[0].plain not in _ARTICLES
    return len(part) > 1 and any(re.search(r"\d", one.text) for one in part)


def _before_camera(before: Sequence[Word]) -> int:
    """Where the words begin that lead to a camera's name: "taken with my"."""
    at = len(before)
    if at and before[at - 1].plain in _ARTICLES:
        at -= 1
    if at and before[at - 1].plain in _BY_CAMERA:
        at -= 1
        return at - 1 if at and before[at - 1].plain in TAKEN else at
    return len(before)


def place_part(
    chunk: Sequence[Word], span: tuple[int, int, int], names: GetNames, language: str
) -> NamePart:
    """The place that words name; ``span``: where they begin with "in", and without it, and end."""
    begin, start, end = span
    shown = shown_words(chunk[start:end])
    shown = shown if shown != shown.lower() else shown.title()
    country = names().country(shown, language)
    said = called(shown, country, language) if country else shown
    filter = place_or_country(Contains("place", shown), country)
    return NamePart(begin, end, "place", filter, f"in {said}", shown)


def is_ordinary(text: str, lexicon: Lexicon) -> bool:
    """Whether all words of a text are common ones, and do not mean a place before all else."""
    words = re.findall(r"[^\W_]+", fold(text))
    return " ".join(words) not in PLACES_FIRST and all(map(lexicon.is_common, words))


def is_word_elsewhere(words: Sequence[Word]) -> bool:
    """Whether it is a word of German, French or Spanish, in lower case: "essen" is food."""
    typed = shown_words(words)
    return typed == typed.lower() and fold(typed) in WORDS_ELSEWHERE


def _text(words: Sequence[Word]) -> str:
    return fold(shown_words(words))


def shown_words(words: Sequence[Word]) -> str:
    """Words as they were typed, without what ends a sentence."""
    return " ".join(word.text for word in words).rstrip(" .!?;")

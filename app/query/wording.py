"""Words of a phrase as the model knows them best: no "show me", well spelt, in the singular."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace

from app.query.lexicon import Lexicon
from app.query.phrases import Word
from app.query.spelling import corrected

SHORT = 2
"""In phrases of so many words plurals become singulars: more words are a description, in which the
number may matter."""

_PHOTOS = r"(?:photos?|pictures?|pics?|images?|photographs?|snapshots?)"
_SOME = r"(?:(?:all|any|some|every|the|my|our)(?: of)? )*"
_OF = (
    r"(?: of| with| showing| featuring| containing| having"
    r"| (?:that|which) (?:shows?|contains?|have|has)"
    r"| (?:where|in which)(?: there (?:is|are))?)"
)
_ASKING = (
    r"(?:(?:please|can you|could you|would you) )*"
    r"(?:(?:show|find|give|get) (?:me|us)|find|search for|look for"
    rf"|(?:show|search)(?= {_SOME}{_PHOTOS}\b)"
    r"|(?:(?:i am|i'm|im|we are) )?looking for|let me see"
    r"|(?:i|we) (?:want|wanna|need|would like|'d like)(?: to)?(?: see| find)?"
    r"|i'd like(?: to (?:see|find))?)"
)
_LEAD_INS = (
    re.compile(rf"{_ASKING}(?: (?:{_SOME}|an? ){_PHOTOS}{_OF}| all(?: of)?(?: the| my)?)?(?= )"),
    re.compile(rf"{_SOME}{_PHOTOS}{_OF}(?= )"),
)
_ONLY_PHOTOS = re.compile(rf"(?:{_ASKING} ?)?(?:{_SOME}{_PHOTOS})?(?: (?:taken|made|from|of|in))?")
_CORE = re.compile(r"\W*(?P<core>[^\W\d_]+)\W*")
_MANY = re.compile(r"(?:two|three|four|five|six|seven|eight|nine|ten|several|many|few|both|\d+)")


def lead_in(words: Sequence[Word]) -> int:
    """How many words at the beginning say nothing of the photo: "show me photos of"."""
    spoken = _spoken(words)
    for pattern in _LEAD_INS:
        if match := pattern.match(spoken):
            return match[0].count(" ") + 1
    return 0


def says_nothing(words: Sequence[Word]) -> bool:
    """Whether words beside filters say nothing of the photo: "photos taken" before "in Rome"."""
    return _ONLY_PHOTOS.fullmatch(_spoken(words).strip()) is not None


def spelt(
    words: Sequence[Word], lexicon: Lexicon, names: Callable[[], Collection[str]]
) -> Iterator[Word]:
    """For each word that is misspelt, the one that was meant, at its place.

    Words in quotes are what they are, and so are names: words with a capital, but for the first.
    """
    for place, word in enumerate(words):
        core = _CORE.fullmatch(word.text)
        if word.quoted or core is None or (place and word.text != word.text.lower()):
            continue
        if meant := corrected(core["core"].lower(), lexicon, names):
            yield _with(word, core, meant)


def singular(words: Sequence[Word], lexicon: Lexicon) -> Iterator[Word]:
    """For each plural of a short phrase, the word for one, at its place."""
    if len(words) > SHORT or any(_MANY.fullmatch(word.plain) for word in words):
        return
    for word in words:
        core = _CORE.fullmatch(word.text)
        if word.quoted or core is None:
            continue
        if one := lexicon.singular(core["core"].lower()):
            yield _with(word, core, one)


def bare(word: Word) -> str:
    """The text of a word without punctuation around it."""
    core = _CORE.fullmatch(word.text)
    return core["core"] if core else word.text


def _with(word: Word, core: re.Match[str], meant: str) -> Word:
    """``word`` with another core, and the case and punctuation that it had."""
    if core["core"][0].isupper():
        meant = meant.capitalize()
    start, end = core.span("core")
    return replace(word, text=f"{word.text[:start]}{meant}{word.text[end:]}")


def _spoken(words: Sequence[Word]) -> str:
    """The words up to the first comma or quotes, in lower case."""
    spoken = []
    for word in words:
        if word.quoted:
            spoken.append("\0")
            break
        spoken.append(word.plain)
        if word.comma:
            break
    return " ".join(spoken)

"""English words: which are known, which are common, and what the singular of one is.

``common.txt`` has the common ones, the most frequent first, ``rare.txt`` the others, ``names.txt``
what WordNet writes with a capital only, or has not, and ``expressions.txt`` what begins or ends
with the name of a place. ``tools/word_list.py`` makes them from WordNet 3.0 and the tokenizer of
CLIP; ``SOURCES.txt`` has their licences.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path

from app.labels import vocabulary

_LETTERS = re.compile(r"[a-z]+")
_SHORTEST_PLURAL = 4
# Words like "swim", of which "swiming" is no form.
_DOUBLED = re.compile(r"[^aeiou]*[aeiou][bdgmnpt]")
# Plurals that are no forms of the word without their ending, or say something else than it.
_NO_PLURALS = frozenset(
    """
    photos pictures images pics always across as bus
    gas glass grass his its this thus less news sports species series stairs
    jeans pants shorts trousers scissors glasses sunglasses goggles binoculars clothes headphones
    swimming running is was us yes chess dress cross boss lens bass moss pass class mass loss kiss
    christmas texas paris swiss express process princess goddess waitress mattress fitness business
    headdress hers ours yours theirs does has goes woods boxers tennis canvas cactus octopus campus
    circus virus walrus citrus hippopotamus platypus asparagus couscous hummus iris oasis atlas
    """.split()  # noqa: SIM905
)
_IRREGULAR = {
    "men": "man",
    "women": "woman",
    "children": "child",
    "geese": "goose",
    "mice": "mouse",
    "oxen": "ox",
    "teeth": "tooth",
    "feet": "foot",
}


class Lexicon:
    """The words of English, in lower case."""

    @functools.cached_property
    def common(self) -> dict[str, int]:
        """The common words, each with its rank: 0 is the most frequent one."""
        words = _lines("common.txt")
        return dict(zip(words, range(len(words)), strict=True))

    @functools.cached_property
    def _rare(self) -> frozenset[str]:
        return frozenset(_lines("rare.txt"))

    @functools.cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(_lines("names.txt"))

    @functools.cached_property
    def expressions(self) -> frozenset[str]:
        """What begins or ends with the name of a place and is none: "canada goose"."""
        return frozenset(_lines("expressions.txt"))

    @property
    def labels(self) -> frozenset[str]:
        """The words of the built-in labels."""
        return _words_of(tuple(vocabulary.everyday().names))

    def is_common(self, word: str) -> bool:
        """Whether it is a common word and no name: "turkey", but not "Paris"."""
        return (
            len(word) == 1
            or word in self.common
            or any(stem in self.common for stem in _stems(word))
        )

    def knows(self, word: str) -> bool:
        """Whether it is a word, a name that the lists have, or a regular form of one."""
        return self.is_word(word) or any(one in self._names for one in (word, *_stems(word)))

    def is_word(self, word: str) -> bool:
        """Whether it is a word, common or rare, or a regular form of one, and no name."""
        forms = (word, *_stems(word))
        # The common ones first: most queries have no others, whose list is long to read.
        return any(one in self.common for one in forms) or any(one in self._rare for one in forms)

    def singular(self, word: str) -> str | None:
        """What a label calls one of ``word``: "zebra" for "zebras"; None if no label does."""
        if word in _IRREGULAR:
            return _IRREGULAR[word]
        labels = self.labels
        if len(word) < _SHORTEST_PLURAL or word in labels or word in _NO_PLURALS:
            return None
        return next((one for one in _singulars(word) if one in labels), None)


@functools.cache
def english() -> Lexicon:
    """The one of the package."""
    return Lexicon()


@functools.cache
def _words_of(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for name in names for word in _LETTERS.findall(name))


def _lines(name: str) -> list[str]:
    return Path(__file__).with_name(name).read_text(encoding="ascii").splitlines()


def _singulars(word: str) -> Iterator[str]:
    if word.endswith("ies"):
        yield f"{word[:-3]}y"
    if word.endswith("ves"):
        yield from (f"{word[:-3]}f", f"{word[:-3]}fe")
    if word.endswith("s") and not word.endswith("ss"):
        yield word[:-1]
    if word.endswith("es"):
        yield word[:-2]


def _stems(word: str) -> Iterator[str]:
    """What ``word`` may be a regular form of."""
    if len(word) < _SHORTEST_PLURAL:
        return
    yield from _singulars(word)
    for ending in ("ing", "ed", "er", "est"):
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < 3:
            continue
        if not _DOUBLED.fullmatch(stem):
            yield stem
        yield f"{stem}e"
        if stem[-1] == stem[-2]:
            yield stem[:-1]
        if stem.endswith("i"):
            yield f"{stem[:-1]}y"

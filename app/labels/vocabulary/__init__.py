"""The built-in everyday concepts, and which of them are kinds of others."""

from __future__ import annotations

import difflib
import functools
import hashlib
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from app.labels.vocabulary import translations

_ARTICLES = {"a", "an", "the", "my", "some"}
_LONGEST = 3  # words of a name
ACTIONS = "actions"  # the subject of "jumping on a bed" and the like
_TIES = {
    *(
        "and",
        "are",
        "at",
        "by",
        "down",
        "for",
        "from",
        "has",
        "have",
        "holding",
        "in",
        "is",
        "near",
    ),
    *("not", "of", "on", "or", "over", "that", "to", "under", "up", "with", "without", "wearing"),
}
_PLURALS = (("s", ""), ("es", ""), ("ies", "y"), ("ves", "f"))


@dataclass(frozen=True)
class Vocabulary:
    """Concepts by number, which is their place in ``names``.

    Attributes:
        subjects: the heading of each concept: "animals", "food", ...; "actions" for what is done in
            photos, which is no label.
        narrower: for each concept with narrower ones, the numbers of those and of itself: what
            shows a puppy shows a dog.
        digest: changes with every word.
    """

    names: tuple[str, ...]
    subjects: tuple[str, ...]
    narrower: dict[int, NDArray[np.int64]]
    digest: str

    def number(self, name: str) -> int | None:
        """The number of the concept ``name``, in any case; None if there is no such concept.

        English comes first, then what it is called in the languages of ``translations``.
        """
        number = self._numbers.get(" ".join(name.lower().split()))
        if number is None and (english := translations.english(name)):
            number = self._numbers.get(english)
        return number

    def english(self, name: str) -> str:
        """The English name of the concept ``name``; ``name`` in lower case if there is none."""
        number = self.number(name)
        return name.casefold() if number is None else self.names[number]

    def number_meant(self, text: str) -> int | None:
        """The number of the concept that an English query names, also as "a dog" or "Dogs"; None if
        none."""
        words = text.lower().split()
        if len(words) > 1 and words[0] in _ARTICLES:
            words = words[1:]
        asked = " ".join(words)
        singular = (asked.removesuffix(ending) + one for ending, one in _PLURALS)
        numbers = (self._numbers.get(one) for one in (asked, *singular) if one)
        return next((number for number in numbers if number is not None), None)

    def like(self, name: str) -> list[str]:
        """The names of concepts that ``name`` may have been meant for."""
        asked = " ".join(name.lower().split())
        holding = [one for one in self.names if asked and asked in one.split()]
        return [*dict.fromkeys([*difflib.get_close_matches(asked, self.names, 2), *holding])][:3]

    @functools.cached_property
    def are_labels(self) -> NDArray[np.bool_]:
        """Which concepts are given to photos, (c,): things, not what is done."""
        return np.array([subject != ACTIONS for subject in self.subjects], np.bool_)

    @functools.cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.names)}


def is_name(text: str) -> bool:
    """Whether ``text`` may be the name of a thing, and is no phrase ("jumping on a bed")."""
    words = text.lower().split()
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return 0 < len(words) <= _LONGEST and not any(
        word in _TIES or word.endswith("ing") or not word.replace("-", "").isalpha()
        for word in words
    )


@functools.cache
def everyday() -> Vocabulary:
    """The vocabulary of the package: ``concepts.txt`` and ``narrower.txt``."""
    concepts = (files(__name__) / "concepts.txt").read_text(encoding="utf-8")
    narrower = (files(__name__) / "narrower.txt").read_text(encoding="utf-8")
    return read(concepts, narrower)


def read(concepts: str, narrower: str) -> Vocabulary:
    """A vocabulary from the text of its two files.

    Raises:
        ValueError: a name is there twice, or a line refers to a name that is not there.
    """
    subject_of: dict[str, str] = {}
    subject = ""
    for line in _lines(concepts):
        if line.startswith("["):
            subject = line.strip("[]")
            continue
        for name in _names(line):
            if name in subject_of:
                raise ValueError(f"{name} is there twice")
            subject_of[name] = subject
    number = {name: place for place, name in enumerate(subject_of)}
    showing: dict[int, list[int]] = {}
    mine: list[int] = []
    for line in _lines(narrower):
        head, equals, rest = line.rpartition("=")
        if equals:
            mine = showing.setdefault(_known(number, head.strip()), [])
            if not mine:
                mine.append(number[head.strip()])
        mine += [_known(number, name) for name in _names(rest)]
    return Vocabulary(
        tuple(subject_of),
        tuple(subject_of.values()),
        {place: np.array(sorted({*shown}), np.int64) for place, shown in showing.items()},
        hashlib.sha256((concepts + narrower).encode()).hexdigest()[:16],
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _known(number: dict[str, int], name: str) -> int:
    if name not in number:
        raise ValueError(f"{name} is no concept")
    return number[name]

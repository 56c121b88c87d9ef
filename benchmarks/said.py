"""What captions say of photos, against which labels are judged.

A caption confirms a label if it has all words of its name, whatever their endings, or of one of the
other ways to say it in ``said.txt``; what confirms a kind of a thing confirms the thing. Names that
captions mostly use in another sense ("watch", "orange") confirm nothing. Captions leave out much
that is to be seen, so that the truth is better than that.

People are confirmed only where a caption speaks of people: a dog that runs is no runner.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.labels.vocabulary import Vocabulary

_TIES = {"a", "an", "the", "of", "in", "on", "with", "at", "by", "to", "from", "and", "for", "down"}
_ODD = {"men": "man", "women": "woman", "children": "child", "people": "person"}


def stems(text: str) -> frozenset[str]:
    """The words of a text without their endings."""
    return frozenset(_stem(w) for w in re.findall("[a-z]+", text.lower()) if w not in _TIES)


def _stem(word: str) -> str:
    word = _ODD.get(word, word)
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
                word = word[:-1]
            break
    return word


def confirmed(vocabulary: Vocabulary, captions: Iterable[list[str]]) -> NDArray[np.bool_]:
    """(photos, concepts): whether a caption confirms each."""
    said = [[stems(text) for text in texts] for texts in captions]
    having: dict[str, set[int]] = {}
    for photo, texts in enumerate(said):
        for word in frozenset().union(*texts):
            having.setdefault(word, set()).add(photo)
    ways, doubtful = _read((Path(__file__).parent / "said.txt").read_text(encoding="utf-8"))
    mentioned = np.zeros((len(said), len(vocabulary.names)), np.bool_)
    for number, name in enumerate(vocabulary.names):
        own = [] if name in doubtful else [name]
        for words in map(stems, [*own, *ways.get(name, ())]):
            photos = set.intersection(*(having.get(word, set()) for word in words))
            mentioned[[n for n in photos if any(words <= text for text in said[n])], number] = True
    whole = mentioned.copy()
    for number, shown in vocabulary.narrower.items():
        whole[:, number] = mentioned[:, shown].any(axis=1)
    people = [n for n, subject in enumerate(vocabulary.subjects) if subject == "people"]
    speaks_of_people = mentioned[:, [n for n in people if vocabulary.names[n] == "person"]]
    whole[:, people] &= speaks_of_people.any(axis=1, keepdims=True)
    return whole


def _read(text: str) -> tuple[dict[str, list[str]], set[str]]:
    """Other ways to say each name, and the names that confirm nothing by themselves."""
    ways: dict[str, list[str]] = {}
    doubtful: set[str] = set()
    for line in text.splitlines():
        name, equals, rest = line.partition("=")
        if line.startswith("#") or not line.strip():
            continue
        listed = [one.strip() for one in (rest if equals else line).split(",") if one.strip()]
        if equals:
            ways[name.strip()] = listed
        else:
            doubtful.update(listed)
    return ways, doubtful

"""What names say: photos whose names, titles or descriptions have the words asked for, or that show
them as text.

What a photo shows is told by vectors; what it is called, by words. A photo gets a share, 0 to 1, of
the words of the query, of which rare ones count more, and its score a bonus for that share.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.languages.small_words import small_words
from app.query.model import Query
from store.library import Library
from store.sql.names import Named, Nearest, none
from store.vectors import Ids, Vectors, VectorSearch, united
from store.words import forms_of, words_of

MOST = 3_000
"""Photos that the rarest words of a query find. A word that more have tells little beside them."""

BONUS, POWER = 6.0, 2.0
"""What all words add to a score, in standard deviations of the query's cosines over the library;
and how much less a part of the words adds: the share to this power. Chosen on the first half of the
photos of ``benchmarks/names.py``: a larger bonus finds more where names say what photos show, and
loses more where they say something else."""

_WHOLE = 2.0  # more, for a name that is nothing but the words of the query
_FOLDER = 0.8  # of a word, where a folder or a description has it, and no name of the photo itself
_TEXT = 0.8  # of a word that can be read in the picture: much is written that says something else
_NUMBER = 0.5  # of a word, a number
_ENDINGS = frozenset({"jpg", "jpeg", "png", "heic", "heif", "webp", "gif", "tif", "tiff", "dng"})
_ENGLISH = """a an and are as at be being by for from has have he her his i in into is it its of
    off on onto or other out over she some that the their them there they this to up was were while
    who with along around behind beside down front near next through under"""
_CAMERAS = "img imag dsc dscn dscf dscp pxl mvimg cimg hpim pict"
FIELDS = ("name", "folder", "tag", "concept", "keyword", "title", "description", "text")
"""What has a word: the file, a folder at any depth, a tag, a concept that it is an example of, a
keyword, what the photo or its sidecar says, the text in the picture."""


@functools.cache
def stop_words() -> frozenset[str]:
    """Words that tell nothing: of English, of other languages, and of cameras."""
    return small_words() | frozenset(f"{_ENGLISH} {_CAMERAS}".split())


@dataclass(frozen=True)
class NameMatches:
    """The photos whose names have words of a query.

    Attributes:
        words: the k words that were looked up, as they were typed, in lower case.
        fields: which photos have which word in each of ``FIELDS``, (k, n).
        ids: the photos, (n,) int64, in order; each has at least one of the words.
        shares: the part of the words that its names have, by weight: (n,) float32, above 0 to 1.
        bonus: what that adds to the score, (n,) float32, in standard deviations of the cosines.
        full: whether its names have all of the words, and not those of its folders only, (n,).
    """

    words: Sequence[str]
    fields: Mapping[str, NDArray[np.bool_]]
    ids: Ids
    shares: Vectors
    bonus: Vectors
    full: NDArray[np.bool_]

    def bonus_of(self, ids: Ids) -> Vectors:
        """What is added to the scores of any photos ``ids`` (n,): (n,), 0 for most."""
        places = np.searchsorted(self.ids, ids)
        there = places < len(self.ids)
        there[there] = self.ids[places[there]] == ids[there]
        added = np.zeros(len(ids), np.float32)
        added[there] = self.bonus[places[there]]
        return added

    def said(self, id: int) -> dict[str, tuple[str, ...]]:
        """Which of the words the names of one photo have, by what has them, as ``FIELDS``."""
        place = int(np.searchsorted(self.ids, id))
        if place == len(self.ids) or self.ids[place] != id:
            return {}
        having = {
            field: tuple(w for w, has in zip(self.words, there[:, place], strict=True) if has)
            for field, there in self.fields.items()
        }
        return {field: words for field, words in having.items() if words}


def name_matches(
    library: Library, query: Query, photos: int, nearest: Nearest = none
) -> NameMatches | None:
    """The photos whose names have words of ``query``; None if there are none.

    Only words that are looked for count: not pictures, not what is to be left out.

    Args:
        photos: how many the library has.
        nearest: gives the photos nearest to the query by what they show, among which words are
            looked for that very many names have.
    """
    weights: dict[str, float] = {}
    wholes = []
    for term in query.positives:
        if term.kind == "text" and term.weight > 0:
            words = _words(term.value)
            if not words:
                continue
            wholes.append("".join(words))
            for word in words:
                if word not in stop_words():
                    weight = term.weight * (1.0 if word.isalpha() else _NUMBER)
                    weights[word] = max(weights.get(word, 0.0), weight)
    if not wholes:
        return None
    looked_up = library.named([forms_of(word) for word in weights], wholes, MOST, nearest)
    said = [term.weight for term in query.positives if term.kind == "text"]
    part = sum(said) / sum(term.weight for term in query.positives)
    return _matches(weights, looked_up, max(photos, 1), part)


def nearest_to(positive: Vectors | None, index: VectorSearch) -> Ids:
    """The photos among which a very frequent word is looked for, (n,)."""
    return none() if positive is None else index.search(positive, MOST)[0]


def _words(text: str) -> list[str]:
    """The words of what was typed, which may be a file's name with its ending."""
    words = words_of(text)
    return words[:-1] if len(words) > 1 and words[-1] in _ENDINGS and "." in text else words


def _matches(
    weights: Mapping[str, float], named: Named, photos: int, part: float
) -> NameMatches | None:
    """Those of ``name_matches``; ``part`` is how much of the query is words, by weight, 0 to 1."""
    words = list(weights)
    telling = np.array([word.isalpha() for word in words], np.bool_)
    if not telling.any():  # nothing but numbers: then they are what is meant
        telling[:] = True
    listed = [one.every for one in named.words]
    rows = [ids for ids, one, tells in zip(listed, named.words, telling, strict=True) if tells]
    ids = united(named.whole, *rows)
    if not len(ids):
        return None
    fields = {
        field: np.array([np.isin(ids, getattr(one, field)) for one in named.words], np.bool_)
        for field in FIELDS
    }
    fields = {field: there.reshape(len(words), len(ids)) for field, there in fields.items()}
    whole = np.isin(ids, named.whole)
    # A name that is the same once all words are one: the words may stand otherwise in it.
    fields["name"][:, whole & ~np.any([*fields.values()], axis=(0, 1))] = True
    many = [max(1, one.count) for one in named.words]
    weight = np.array(list(weights.values())) * np.log1p(photos / np.array(many))
    have = np.where(fields["folder"] | fields["description"], _FOLDER, 0.0)
    have = np.maximum(have, np.where(fields["text"], _TEXT, 0.0))
    for field in ("name", "tag", "concept", "keyword", "title"):
        have[fields[field]] = 1.0
    have[:, whole] = 1.0
    own = ((have == 1) | fields["text"]).any(axis=0)
    shares = np.asarray(weight @ have / max(float(weight.sum()), 1e-6), np.float32)
    shares[whole] = 1.0
    shares *= part
    return NameMatches(
        words=words,
        fields=fields,
        ids=ids,
        shares=shares,
        bonus=np.asarray(BONUS * shares**POWER + _WHOLE * whole, np.float32),
        full=np.asarray((part == 1) & (have > 0).all(axis=0) & own, np.bool_),
    )

"""How well a photo matches, in words: a cosine means nothing to people, nor across queries.

A match is measured twice: by how far its score lies above the query's usual score on the library,
and by how far it lies above the scores of everyday words on the same photo; both in standard
deviations of those everyday words. The first tells more, but needs enough photos. What that says
depends on the kind of query: a sentence is nearer to photos that show half of it than a word is to
photos that show something like it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from app.labels.concept_vectors import ConceptVectors
from app.labels.vocabulary import Vocabulary, translations
from app.languages.asked import ENGLISH
from app.query.model import Query
from store.errors import ModelUnavailable
from store.values import ModelInfo
from store.vectors import Vectors
from store.words import is_unspaced

if TYPE_CHECKING:
    from indexer.encoders.encoder import Encoder

Relevance = Literal["strong", "fair", "weak"]
_WORDS: tuple[Relevance, ...] = ("weak", "fair", "strong")

STRONG, FAIR = 4.4, 3.2
"""On the one scale that the standard deviations of each kind of query are brought to.
``benchmarks/relevance.py`` measures what they mean."""

Kind = Literal["word", "negated", "named", "phrase", "pair", "sentence", "translated", "picture"]
SCALES: dict[Kind, tuple[float, float]] = {
    "word": (1.376, -0.499),
    "negated": (0.315, 2.353),
    "named": (2.788, -9.319),
    "phrase": (1.0, -1.5),
    "pair": (0.765, -0.983),
    "sentence": (0.578, 0.191),
    "translated": (0.423, 0.818),
    "picture": (0.525, 1.169),
}
"""By kind of query: by what standard deviations are multiplied, and what is added. Fitted by
``python -m benchmarks.relevance --fit``, which says how, but for two things that were set by hand:
"phrase", too few of whose queries have an answer (for the starter's fourth version, and kept), and
where "negated" is strong: 6.5 standard deviations, since 5.81 by ``--fit`` rests on few hits."""
SAME = 0.95  # the cosine of two pictures from which on they are surely alike

ENOUGH = 25
"""From this many photos on, only the library's own distribution counts."""
_ROUNDING = 1e-4  # error of a cosine

PROMPTS = (
    *("a photo", "a picture", "something", "a person", "people", "a dog", "an animal"),
    *("a place outdoors", "a room", "a street", "nature", "water", "food", "an object"),
    *("a vehicle", "a building", "sports", "a toy", "a plant", "text"),
)
"""Prompts of everyday things: any photo is near to some of them."""

_AND = re.compile(r"\band\b", re.IGNORECASE)
_SAY_NOTHING = """
a an the of in on at to with and or is are was be been being by for from his her its their it he she
they we you i my your our me him them us this that these those there here some any no not while as
into onto over under near next up down out off through around along who which what where has have
having had do does very one two three other another each photo photos picture pictures image images
someone somebody something
"""


def encode_prompts(encoder: Encoder, model: ModelInfo, cache: Path) -> Vectors:
    """The embeddings of ``PROMPTS``, (p, dim); none, (0, dim), without the model.

    Args:
        cache: the folder that keeps them.
    """
    digest = hashlib.sha256("\n".join(PROMPTS).encode()).hexdigest()[:16]
    kept = ConceptVectors(cache, model, Vocabulary(PROMPTS, ("",) * len(PROMPTS), {}, digest))
    vectors = kept.load()
    if vectors is None:
        try:
            vectors = encoder.encode_texts(PROMPTS)
        except ModelUnavailable:
            return np.empty((0, model.dim), np.float32)
        kept.save(vectors)
    return vectors


def kind_of(
    query: Query, vocabulary: Vocabulary, language_of: Callable[[str], str] = lambda _: ENGLISH
) -> Kind:
    """The kind of a query: by how many words of what is searched for say something.

    "negated" is a word without something else, "pair" two things with "and" between them: a photo
    that shows one of both is near to it. "named" is a word in a language that is not English,
    "translated" more than one: small words are not told there, nor all words where no spaces are.

    Args:
        language_of: gives the code of the language that a text is read in.
    """
    if any(term.kind != "text" for term in query.positives):
        return "picture"
    words: set[str] = set()
    is_english = True
    for term in query.positives:
        code = language_of(term.value)
        if code != ENGLISH and _is_description(term.value, code):
            return "translated"
        is_english &= code == ENGLISH
        # "swimming pool" is one thing
        named = code != ENGLISH or vocabulary.number_meant(term.value) is not None
        words |= {term.value} if named else set(saying(term.value))
    if len(words) == 2:
        is_pair = len(query.positives) == 1 and _AND.search(query.positives[0].value)
        return "pair" if is_pair else "phrase"
    if len(words) > 2:
        return "sentence"
    if not is_english:
        return "named"
    return "negated" if query.negatives else "word"


def _is_description(text: str, language: str) -> bool:
    """Whether a text in a language that is not English is more than the name of a thing."""
    spaced = not is_unspaced(text)
    return not translations.is_named(text, language) and (len(text.split()) > 1 or not spaced)


def saying(text: str) -> list[str]:
    """The words of ``text`` that say what is to be seen."""
    nothing = _SAY_NOTHING.split()
    return [word for word in re.findall(r"\w+", text.lower()) if word not in nothing]


class Yardstick:
    """What everyday words score on a library.

    Args:
        sample: embeddings of some photos of the library, (m, dim).
        prompts: embeddings of everyday words, (p, dim); p is 0 without the model.
        hubs: what is taken off from the scores for words of the sample, (m,); see ``hubs``.
    """

    def __init__(self, sample: Vectors, prompts: Vectors, hubs: Vectors | None = None) -> None:
        self._sample, self._prompts = sample, prompts
        self._hubs = np.zeros(len(sample), np.float32) if hubs is None else hubs
        self._by_library = 1.0
        if sample.size and prompts.size:
            self._by_library = _deviation((sample @ prompts.T - self._hubs[:, None]).std(axis=0))

    def strengths(
        self, scores: Vectors, photos: Vectors, positive: Vectors, kind: Kind, hubs: Vectors
    ) -> Vectors:
        """How far ``scores`` (n,) of ``photos`` (n, dim) stand out: (n,) float32.

        Args:
            positive: what was searched for, (dim,).
            kind: that of the query. Pictures are nearer to pictures than words are, so that a query
                with pictures is measured by its own spread over the library.
            hubs: what was taken off from the scores, (n,).
        """
        middle, deviation = self._scale(positive, kind)
        factor, offset = SCALES[kind]
        measured = by_library = (scores - middle) / deviation
        share = min(1.0, len(self._sample) / ENOUGH)
        if kind != "picture" and share < 1:
            everyday = photos @ self._prompts.T - hubs[:, None]
            by_words = (scores - everyday.mean(axis=1)) / _deviation(everyday.std(axis=1))
            measured = share * by_library + (1 - share) * by_words
        return np.asarray(factor * measured + offset, np.float32)

    def least_clear(self, positive: Vectors, kind: Kind, *, strongly: bool = False) -> float:
        """The score below which no photo of a library of ``ENOUGH`` photos clearly matches, or
        strongly."""
        strength = np.array([STRONG if strongly else FAIR], np.float32)
        return float(self.of_scale(strength, positive, kind)[0]) - _ROUNDING

    def on_scale(self, scores: Vectors, positive: Vectors, kind: Kind) -> Vectors:
        """The strengths (n,) of ``scores`` (n,), by how the library's photos are scored alone."""
        middle, deviation = self._scale(positive, kind)
        factor, offset = SCALES[kind]
        return np.asarray(factor * (scores - middle) / deviation + offset, np.float32)

    def of_scale(self, strengths: Vectors, positive: Vectors, kind: Kind) -> Vectors:
        """The scores (n,) that have ``strengths`` (n,): the inverse of ``on_scale``."""
        middle, deviation = self._scale(positive, kind)
        factor, offset = SCALES[kind]
        return np.asarray(middle + (strengths - offset) / factor * deviation, np.float32)

    def _scale(self, positive: Vectors, kind: Kind) -> tuple[float, float]:
        """The usual score of the query on the library, and the standard deviation to measure by.

        Of a library without a photo that can be searched, the former is NaN.
        """
        usual = self._sample @ positive
        if not len(usual):
            return np.nan, self._by_library
        if kind == "picture":
            return float(usual.mean()), _deviation(usual.std(keepdims=True))
        # Not the mean: in a library full of dogs it is not far from the scores of the dogs.
        return _median(usual - self._hubs), self._by_library


def _median(values: Vectors) -> float:
    """As ``np.median``, (n,), which imports what no search needs; see ``store.vectors.united``."""
    ordered, middle = np.sort(values), len(values) // 2
    return float(ordered[[middle - 1 + len(values) % 2, middle]].mean())


def levels(strengths: Vectors) -> NDArray[np.int8]:
    """Strengths (n,) to levels (n,): 2 strong, 1 fair, 0 weak, -1 where nothing measures it."""
    steps = (strengths >= FAIR).astype(np.int8) + (strengths >= STRONG)
    return np.where(np.isnan(strengths), -1, steps).astype(np.int8)


def clearly_match(strengths: Vectors) -> NDArray[np.bool_]:
    """Which photos clearly match, (n,): all but weak ones; also where nothing measures it."""
    return np.asarray(levels(strengths) != 0, np.bool_)


def relevance(strength: float) -> Relevance:
    """A strength in one word."""
    return _WORDS[int(levels(np.array([strength], np.float32))[0])]


def _deviation(values: Vectors) -> float:
    return max(float(np.mean(values)), 1e-6)

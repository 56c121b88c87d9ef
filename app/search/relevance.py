"""How well a photo matches, in words: a cosine means nothing to people, nor across queries.

A match is measured twice: by how far its score lies above the query's usual score on the library,
and by how far it lies above the scores of everyday words on the same photo; both in standard
deviations of those everyday words. The first tells more, but needs enough photos.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from store.errors import ModelUnavailable
from store.vectors import Vectors

if TYPE_CHECKING:
    from indexer.encoders.encoder import Encoder

Relevance = Literal["strong", "fair", "weak"]
_WORDS: tuple[Relevance, ...] = ("weak", "fair", "strong")

STRONG, FAIR = 4.4, 3.2
"""In standard deviations. ``benchmarks/relevance.py`` measures: of class names that no photo shows,
one in ten has a best match that counts as strong, and half have one that counts as fair."""

ENOUGH = 25
"""From this many photos on, only the library's own distribution counts."""
_ROUNDING = 1e-4  # error of a cosine

PROMPTS = (
    *("a photo", "a picture", "something", "a person", "people", "a dog", "an animal"),
    *("a place outdoors", "a room", "a street", "nature", "water", "food", "an object"),
    *("a vehicle", "a building", "sports", "a toy", "a plant", "text"),
)
"""Prompts of everyday things: any photo is near to some of them."""


def encode_prompts(encoder: Encoder, dim: int) -> Vectors:
    """The embeddings of ``PROMPTS``, (p, ``dim``); none, (0, ``dim``), without the model."""
    try:
        return encoder.encode_texts(PROMPTS)
    except ModelUnavailable:
        return np.empty((0, dim), np.float32)


class Yardstick:
    """What everyday words score on a library.

    Args:
        sample: embeddings of some photos of the library, (m, dim).
        prompts: embeddings of everyday words, (p, dim); p is 0 without the model.
    """

    def __init__(self, sample: Vectors, prompts: Vectors) -> None:
        self._sample, self._prompts = sample, prompts
        self._by_library = (
            _deviation((sample @ prompts.T).std(axis=0)) if sample.size and prompts.size else 1.0
        )

    def strengths(
        self, scores: Vectors, photos: Vectors, positive: Vectors, *, of_words: bool
    ) -> Vectors:
        """How far ``scores`` (n,) of ``photos`` (n, dim) stand out: (n,), in standard deviations.

        Args:
            positive: what was searched for, (dim,).
            of_words: whether it is made of words only. Pictures are nearer to pictures than words
                are, so that a query with pictures is measured by its own spread over the library.
        """
        middle, deviation = self._scale(positive, of_words)
        by_library = (scores - middle) / deviation
        if not of_words:
            return np.asarray(by_library, np.float32)
        everyday = photos @ self._prompts.T
        by_words = (scores - everyday.mean(axis=1)) / _deviation(everyday.std(axis=1))
        share = min(1.0, len(self._sample) / ENOUGH)
        return np.asarray(share * by_library + (1 - share) * by_words, np.float32)

    def least_clear(self, positive: Vectors, *, of_words: bool) -> float:
        """The cosine below which no photo of a library of ``ENOUGH`` photos clearly matches."""
        middle, deviation = self._scale(positive, of_words)
        return middle + FAIR * deviation - _ROUNDING

    def _scale(self, positive: Vectors, of_words: bool) -> tuple[float, float]:
        """The usual score of the query on the library, and the standard deviation to measure by."""
        usual = self._sample @ positive
        if not of_words:
            return float(usual.mean()), _deviation(usual.std(keepdims=True))
        # Not the mean: in a library full of dogs it is not far from the scores of the dogs.
        return float(np.median(usual)), self._by_library


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

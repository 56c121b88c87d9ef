"""How well a photo matches, in words: cosines mean nothing to people, nor across queries.

A match is measured twice: how far its score lies above what the query scores on the library at
large, and above what everyday words score on the very same photo; each in standard deviations of
those everyday words. The first tells better, but only where there are photos enough.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from store.vectors import Vectors

Relevance = Literal["strong", "fair", "weak"]
_WORDS: tuple[Relevance, ...] = ("weak", "fair", "strong")

STRONG, FAIR = 4.4, 3.2
"""Deviations. ``benchmarks/relevance.py`` measures: of class names that no photo shows, one in ten
has a best match that passes for strong, half have one that passes for fair."""

ENOUGH = 25
"""Photos from which on the library's own distribution is all that counts."""
_ROUNDING = 1e-4  # of cosines

PROMPTS = (
    *("a photo", "a picture", "something", "a person", "people", "a dog", "an animal"),
    *("a place outdoors", "a room", "a street", "nature", "water", "food", "an object"),
    *("a vehicle", "a building", "sports", "a toy", "a plant", "text"),
)
"""Everyday words: any photo is near to some of them."""


class Yardstick:
    """What everyday words score on a library: ``sample`` (m, dim) of it, ``prompts`` (p, dim)."""

    def __init__(self, sample: Vectors, prompts: Vectors) -> None:
        self._sample, self._prompts = sample, prompts
        self._by_library = (
            _deviation((sample @ prompts.T).std(axis=0)) if sample.size and prompts.size else 1.0
        )

    def strengths(
        self, scores: Vectors, photos: Vectors, positive: Vectors, *, of_words: bool
    ) -> Vectors:
        """How far ``scores`` (n,) of ``photos`` (n, dim) stand out: (n,), in deviations.

        Args:
            positive: what was searched for, (dim,).
            of_words: it is words only; pictures are nearer to pictures than words are, so that
                they are measured by their own spread over the library.
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
        """What the query scores on the library at large, and the deviation to measure by."""
        usual = self._sample @ positive
        if not of_words:
            return float(usual.mean()), _deviation(usual.std(keepdims=True))
        # Not the mean: that of a library full of dogs is not far from what dogs score.
        return float(np.median(usual)), self._by_library


def levels(strengths: Vectors) -> NDArray[np.int8]:
    """(n,) strengths to (n,) levels: 2 is strong, 1 fair, 0 weak, -1 where nothing measures it."""
    steps = (strengths >= FAIR).astype(np.int8) + (strengths >= STRONG)
    return np.where(np.isnan(strengths), -1, steps).astype(np.int8)


def clearly_match(strengths: Vectors) -> NDArray[np.bool_]:
    """Which photos clearly match: all but weak ones, also where nothing measures them; (n,)."""
    return np.asarray(levels(strengths) != 0, np.bool_)


def relevance(strength: float) -> Relevance:
    """In one word."""
    return _WORDS[int(levels(np.array([strength], np.float32))[0])]


def _deviation(values: Vectors) -> float:
    return max(float(np.mean(values)), 1e-6)

"""Recall@k: how often the right answer to a query is among the first k results.

Ties count as errors: a result that scores the same as the answer is taken to come before it. So a
model that gives everything the same score has a recall of 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from store.vectors import Vectors

RANKS = (1, 5, 10)
_PART = 1_000  # queries in memory at once
_DRAWS = 1_000
_SEED = 0


@dataclass(frozen=True)
class Recall:
    """The recall of one direction. ``recall`` and its 95 % interval are in %, by k.

    The interval is of a bootstrap that draws photos, each with all of its captions: captions of
    one photo are not independent.
    """

    recall: dict[int, float]
    interval: dict[int, tuple[float, float]]
    median_rank: float
    queries: int


def retrieval(images: Vectors, texts: Vectors, of: Sequence[int]) -> tuple[Recall, Recall]:
    """The recall of text to image, and of image to text.

    Args:
        images: (n, dim), unit length.
        texts: (m, dim), unit length; ``texts[i]`` belongs to ``images[of[i]]``.
    """
    owner = np.asarray(of, np.int64)
    by_text = _text_ranks(images, texts, owner)
    by_image = _image_ranks(images, texts, owner)
    return (
        _summary(by_text, owner, len(images)),
        _summary(by_image, np.arange(len(images)), len(images)),
    )


def _text_ranks(images: Vectors, texts: Vectors, owner: NDArray[np.int64]) -> NDArray[np.int64]:
    ranks = np.empty(len(texts), np.int64)
    for start in range(0, len(texts), _PART):
        part = slice(start, start + _PART)
        scores = texts[part] @ images.T
        own = scores[np.arange(len(scores)), owner[part]]
        ranks[part] = (scores >= own[:, None]).sum(axis=1)
    return ranks


def _image_ranks(images: Vectors, texts: Vectors, owner: NDArray[np.int64]) -> NDArray[np.int64]:
    """The rank of each photo's best caption, in which its other captions do not count."""
    ranks = np.empty(len(images), np.int64)
    for start in range(0, len(images), _PART):
        scores = images[start : start + _PART] @ texts.T
        rows = np.arange(start, start + len(scores))
        own = owner[None, :] == rows[:, None]
        best = np.where(own, scores, -np.inf).max(axis=1)
        ranks[start : start + len(scores)] = 1 + ((scores >= best[:, None]) & ~own).sum(axis=1)
    return ranks


def _summary(ranks: NDArray[np.int64], owner: NDArray[np.int64], photos: int) -> Recall:
    drawn = np.random.default_rng(_SEED).multinomial(photos, np.full(photos, 1 / photos), _DRAWS)
    asked = np.bincount(owner, minlength=photos)
    recall, interval = {}, {}
    for k in RANKS:
        hits = np.bincount(owner, ranks <= k, minlength=photos)
        recall[k] = 100 * float((ranks <= k).mean())
        shares = 100 * (drawn @ hits) / (drawn @ asked)
        low, high = np.quantile(shares, (0.025, 0.975))
        interval[k] = (float(low), float(high))
    return Recall(recall, interval, float(np.median(ranks)), len(ranks))

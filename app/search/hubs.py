"""Photos that are near to every text, and what that takes off from their scores.

In a space of many dimensions some photos are among the nearest of very many texts ("hubs":
Radovanovic et al. 2010, "Hubs in Space"). So each photo's score for words is less by a share of how
near it is to a bank of texts: the logarithm of the mean of exp(scale * cosine), divided by the
scale, which is the model's own logit scale (an inverted softmax: Smith et al. 2017,
arXiv 1702.03859). One number a photo, which only its vector and the bank decide.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from store.vectors import Ids, Vectors

WEIGHT = 0.3
"""The share, chosen on the first half of Flickr8k's ``dev`` photos (``benchmarks/hubs.py``) for
the starter, whose own cosines are less where a photo is near to everything (``training/hubs.py``).
"""
_PART = 1_000  # photos in memory at once: 11 MB
_MET = 200_000  # numbers kept in memory of a library on a server


class Hubs(Protocol):
    """How near photos are to the whole bank, as what it takes off from their scores.

    The usual photo of the library loses nothing, so that scores keep their size.

    Attributes:
        sample: what is taken off from the library's sample, (m,) float32; see ``IndexNow``.
        is_whole: whether the numbers of all photos are at hand.
    """

    sample: Vectors
    is_whole: bool

    def of(self, ids: Ids) -> Vectors:
        """What is taken off from the scores of ``ids`` (n,), in cosines: (n,) float32."""


class HubMeter:
    """Measures photos against a bank of texts.

    Args:
        texts: the embeddings of the bank, (b, dim) float32, unit length.
        logit_scale: the model's; see ``Encoder``.
    """

    def __init__(self, texts: Vectors, logit_scale: float) -> None:
        self._scaled = (logit_scale * texts).astype(np.float32)
        self._scale = logit_scale

    def __call__(self, photos: Vectors) -> Vectors:
        """(n, dim) embeddings to what is taken off from their scores, (n,) float32, in cosines."""
        near = np.empty(len(photos), np.float32)
        for start in range(0, len(photos), _PART):
            powers = photos[start : start + _PART] @ self._scaled.T
            most = powers.max(axis=1, keepdims=True)
            np.exp(np.subtract(powers, most, out=powers), out=powers)
            near[start : start + _PART] = most[:, 0] + np.log(powers.mean(axis=1))
        return WEIGHT / self._scale * near


class KnownHubs:
    """See ``Hubs``: numbers (n,) of the photos ``ids`` (n,), which are in order.

    Args:
        measured: gives those of any other photos, which came since.
        sample: the ids of the library's sample, (m,).
    """

    is_whole = True

    def __init__(
        self, ids: Ids, numbers: Vectors, measured: Callable[[Ids], Vectors], sample: Ids
    ) -> None:
        self.ids, self.numbers, self._measured = ids, numbers, measured
        self._usual = np.float32(0)
        if len(sample):
            self._usual = self.of(sample).mean(dtype=np.float64).astype(np.float32)
        self.sample = self.of(sample)

    def of(self, ids: Ids) -> Vectors:
        numbers = np.empty(len(ids), np.float32)
        known = np.zeros(len(ids), np.bool_)
        if len(self.ids):
            places = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
            known = self.ids[places] == ids
            numbers[known] = self.numbers[places[known]]
        if not known.all():
            numbers[~known] = self._measured(ids[~known])
        return numbers - self._usual


class MetHubs:
    """See ``Hubs``; photos are measured when they are first met, and forgotten when they are many.

    Args:
        ids, numbers: the sample of the library, (m,) each.
        measured: gives the numbers (n,) of any photos (n,).
    """

    is_whole = False

    def __init__(self, ids: Ids, numbers: Vectors, measured: Callable[[Ids], Vectors]) -> None:
        self._measured = measured
        self._met = dict(zip(ids.tolist(), numbers.tolist(), strict=True))
        self._usual = np.float32(numbers.mean() if len(numbers) else 0)
        self.sample = (numbers - self._usual).astype(np.float32)

    def of(self, ids: Ids) -> Vectors:
        met, listed = self._met, ids.tolist()
        numbers = np.array([met.get(id, np.nan) for id in listed], np.float32)
        new = np.isnan(numbers)
        if new.any():
            numbers[new] = self._measured(ids[new])
            kept = met if len(met) + int(new.sum()) <= _MET else {}
            self._met = {**kept, **dict(zip(listed, numbers.tolist(), strict=True))}
        return numbers - self._usual

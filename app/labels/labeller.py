"""Which of the everyday concepts photos show, by their embeddings.

A softmax over all concepts, as for any zero-shot classifier (Radford et al. 2021, arXiv 2103.00020,
section 3.1). A concept also gets the shares of its narrower concepts, so that a photo which may be
of any of ten breeds is surely of a dog (as in Deng et al. 2012, "Hedging Your Bets"); what all
breeds get of any photo at all is taken off first. Only stored embeddings are read, no photo.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from app.labels.concept_vectors import encoding
from app.labels.vocabulary import Vocabulary
from indexer.encoders.slow_work import said_if_slow
from store.labels import Labels
from store.values import ModelInfo
from store.vectors import Ids, Vectors

PROMPT = "a photo of {}"
_SHARPNESS = 0.6
"""Times the model's own logit scale: a photo shows several things, and a caption names one."""
_SLOPE, _OFFSET = 1.4, 3.3
"""Fitted to what captions confirm. Each concept counts alike, so that what most of those photos
show (people) is not taken for granted in other photos."""
SURE = 0.6
_CALIBRATION = f"{_SHARPNESS} {_SLOPE} {_OFFSET} {SURE}"
_MOST = 0.9999  # nothing is certain
_PART = 1_000  # photos in memory at once: 10 MB


class Labeller:
    """Labels image embeddings with the concepts of a vocabulary.

    Args:
        embeddings: those of the concepts, (c, dim) float32, unit length.
        logit_scale: that of the model; see ``Encoder``.
    """

    def __init__(self, vocabulary: Vocabulary, embeddings: Vectors, logit_scale: float) -> None:
        self.vocabulary = vocabulary
        self._kinds = np.zeros(len(vocabulary.names), np.int64)  # of two as sure, the broader first
        for number, shown in vocabulary.narrower.items():
            self._kinds[number] = len(shown)
        # The share that each would get of an image that looks like nothing at all. It is large for
        # kinds with many members (a fifth of all concepts are people), and must not count.
        self._chance = np.zeros(len(vocabulary.names), np.float32)
        for number, shown in vocabulary.narrower.items():
            self._chance[number] = len(shown) / len(vocabulary.names)
        self._scaled = (_SHARPNESS * logit_scale * embeddings).astype(np.float32)

    def confidences(self, images: Vectors) -> Vectors:
        """How likely each image shows each concept: (n, dim) to (n, c) float32, 0 to 1."""
        powers, sums = self._powers(images)
        sure = confidence((powers / sums).T, self._chance).T
        return self._with_kinds(sure).T

    def label(self, ids: Ids, images: Vectors, version: str) -> Labels:
        """The sure labels of each content, from (n,) int64 ids and (n, dim) embeddings."""
        counts, concepts, values = [], [], []
        for start in range(0, len(images), _PART):
            sure = self._sure(images[start : start + _PART])
            numbers, columns = np.nonzero(sure)
            given = sure[numbers, columns]
            order = np.lexsort((-self._kinds[numbers], -given, columns))
            counts.append(np.bincount(columns, minlength=sure.shape[1]))
            concepts.append(numbers[order].astype(np.int32))
            values.append(given[order])
        if not counts:
            return Labels.none(version)
        starts = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64)
        return Labels(version, ids, starts, np.concatenate(concepts), np.concatenate(values))

    def _sure(self, images: Vectors) -> Vectors:
        """The confidence of each label that is given to ``images`` (n, dim), else 0: (c, n)."""
        powers, sums = self._powers(images)
        least = (self._chance + (1 - self._chance) * _share(SURE))[:, None]
        numbers, columns = np.nonzero(powers >= least * sums)
        shares = powers[numbers, columns] / sums[columns]
        sure = np.zeros_like(powers)
        sure[numbers, columns] = confidence(shares, self._chance[numbers])
        sure = self._with_kinds(sure)
        sure[~self.vocabulary.are_labels] = 0
        return sure

    def _with_kinds(self, sure: Vectors) -> Vectors:
        """Confidences (c, n), each concept as sure as each of its kinds."""
        surest = {
            number: sure[shown].max(axis=0) for number, shown in self.vocabulary.narrower.items()
        }
        for number, row in surest.items():
            sure[number] = row
        return sure

    def _powers(self, images: Vectors) -> tuple[Vectors, Vectors]:
        """The numerators of a softmax over the concepts, (c, n), and its denominators, (n,)."""
        powers: Vectors = self._scaled @ images.T
        np.exp(powers, out=powers)  # at most 0.6 of a logit scale, about 100: no overflow
        sums: Vectors = powers.sum(axis=0)
        wide = {
            number: powers[shown].sum(axis=0) for number, shown in self.vocabulary.narrower.items()
        }
        for number, row in wide.items():
            powers[number] = row
        return powers, sums


def calibration(model: ModelInfo) -> str:
    """What decides about the labels of a model's embeddings: with anything else, others are due."""
    return f"{model.fingerprint} {_CALIBRATION} "  # with the space that kept labels have


def confidence(shares: Vectors, chance: Vectors) -> Vectors:
    """Shares of a softmax as the probabilities that a caption would confirm them, of equal shape.

    The share that ``chance`` gives is taken off first, as in Cohen's kappa (1960).
    """
    beyond = np.clip((shares - chance) / (1 - chance), 1e-7, 1 - 1e-7)
    odds = np.exp(_OFFSET) * (beyond / (1 - beyond)) ** _SLOPE
    confidences: Vectors = np.minimum(odds / (1 + odds), _MOST).astype(np.float32)
    return confidences


def _share(sure: float) -> float:
    """The share beyond chance that has the confidence ``sure``."""
    odds: float = ((1 - sure) / sure * np.exp(_OFFSET)) ** (1 / _SLOPE)
    return 1 / (1 + odds)


def encode_concepts(
    names: Sequence[str], encode_texts: Callable[[Sequence[str]], Vectors]
) -> Vectors:
    """The embeddings of the concepts ``names``, (c, dim) float32, unit length."""
    with said_if_slow(encoding(len(names))):
        return encode_texts([PROMPT.replace("{}", name) for name in names])

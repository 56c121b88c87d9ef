"""How several terms make one score, and how negative terms lower it.

The cosines of different terms have different scales: pictures are nearer to pictures than words
are, and some words are near to everything. So each term is measured against the library itself: by
how many standard deviations a photo lies above the library's mean.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.query.model import Query
from store.vectors import Vectors

SAMPLE = 2_000  # photos that stand for the library

_STRICTNESS = 0.75
"""How much one standard deviation of a negative takes off. With 0.75 and with 1, as many of the
first twenty photos are right in ``benchmarks/negatives.py``; with less, more show what is looked
for."""
_COUNTER = 0.3  # of what is taken off, the part from counterexamples
_NOTHING_LEFT = 1e-3
CLEARLY_NOT, USUAL = -2.0, 0.0
"""In standard deviations. Below the first, photos do not differ in what a negative says; the second
is the library's mean."""


def combine(vectors: Vectors, weights: Sequence[float], sample: Vectors) -> Vectors:
    """One unit vector (dim,) for the terms ``vectors`` (n, dim) with ``weights`` (n,).

    It ranks photos as the weighted sum of the terms' cosines does, each standardised by the mean
    and standard deviation over ``sample`` (m, dim) of the library.
    """
    spread = np.ones(len(vectors), np.float32)
    if len(sample) > 1:
        spread = np.maximum((sample @ vectors.T).std(axis=0), 1e-6)
    joined = (np.asarray(weights, np.float32) / spread) @ vectors
    length = max(float(np.linalg.norm(joined)), 1e-12)
    combined: Vectors = (joined / length).astype(np.float32)
    return combined


def looked_for(query: Query, vectors: Vectors, sample: Vectors) -> Vectors | None:
    """The positive terms of ``query`` as one vector, (dim,); None if there are none.

    Args:
        vectors: the embeddings of all of its terms, (n, dim).
        sample: embeddings that stand for the library, (m, dim).
    """
    positives = query.positives
    theirs = vectors[[not term.negative for term in query.terms]]
    if len(positives) < 2:
        return theirs[0] if positives else None
    return combine(theirs, [term.weight for term in positives], sample)


def prototype(examples: Vectors, counterexamples: Vectors, sample: Vectors) -> Vectors:
    """What ``examples`` (n, dim) have in common beyond what the library has: a unit vector (dim,).

    The library's mean, by ``sample`` (m, dim), is taken off, so that what all photos share does not
    count; ``counterexamples`` (k, dim), if any, have a part in what is taken off (Rocchio 1971).
    Over 22 everyday things, 80 % of the first 20 results of ten examples were right, and 79 % with
    nothing taken off.
    """
    usual = sample.mean(axis=0) if len(sample) else np.zeros(examples.shape[1], np.float32)
    if len(counterexamples):
        usual = (1 - _COUNTER) * usual + _COUNTER * counterexamples.mean(axis=0)
    shared = examples.mean(axis=0) - usual
    length = float(np.linalg.norm(shared))
    if length < _NOTHING_LEFT:  # the library is nothing but these examples
        shared = examples.mean(axis=0)
        length = max(float(np.linalg.norm(shared)), 1e-12)
    unit: Vectors = (shared / length).astype(np.float32)
    return unit


def penalties(
    photos: Vectors,
    negatives: Vectors,
    strictness: Sequence[float],
    positive: Vectors | None,
    sample: Vectors,
    floor: float = CLEARLY_NOT,
) -> Vectors:
    """What ``negatives`` (k, dim) take off from each of ``photos`` (n, dim): (n,), 0 or more.

    The unit is the standard deviation of the positive's cosines over ``sample`` (m, dim). A
    negative counts by what it says beyond the positive ("water" beyond "beach"), and only from
    ``floor`` up: photos that are clearly without it neither gain nor lose.
    """
    lost = np.zeros(len(photos), np.float32)
    if len(sample) < 2:
        return lost
    by_positive = _standardised(photos, positive, sample) if positive is not None else None
    of_sample = _standardised(sample, positive, sample) if positive is not None else None
    for negative, strict in zip(negatives, strictness, strict=True):
        by_negative = _standardised(photos, negative, sample)
        if by_positive is not None and of_sample is not None:
            within = _standardised(sample, negative, sample)
            shared = float(np.mean(within * of_sample))  # the correlation: both are standardised
            rest = max(float(np.std(within - shared * of_sample)), 1e-6)
            by_negative = ((by_negative - shared * by_positive) / rest).astype(np.float32)
        lost += _STRICTNESS * strict * np.maximum(0, by_negative - floor)
    return lost


def spread(vector: Vectors, sample: Vectors) -> tuple[float, float]:
    """The mean and standard deviation of a term's cosines over the library's sample."""
    if len(sample) < 2:
        return 0.0, 1.0
    cosines = sample @ vector
    return float(cosines.mean()), max(float(cosines.std()), 1e-6)


def _standardised(photos: Vectors, term: Vectors, sample: Vectors) -> Vectors:
    mean, deviation = spread(term, sample)
    standardised: Vectors = (photos @ term - mean) / deviation
    return standardised

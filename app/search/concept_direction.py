"""What the examples of a concept have in common, as a direction that photos are ranked by.

The mean of the examples, less what the library has, is best for broad things ("water"). It is not
for one dog among many dogs: there, what all dogs share has to count less. Fisher's linear
discriminant (1936) divides by how the library's photos vary, with a covariance that is shrunk
(Ledoit and Wolf 2004), since a library may have fewer photos than dimensions.
"""

from __future__ import annotations

import numpy as np

from app.search import scoring
from store.vectors import Vectors

ENOUGH = 4
"""From so many examples on they may be of one thing."""

_ONE_THING = 0.36
"""How alike examples of one thing are: their mean cosine with each other, counted from the
library's usual one. ``benchmarks.concepts`` measures both kinds of concept."""

_SHRUNK = 0.1
"""The part of the covariance that is the same in all directions."""

_LEAST = 25  # photos that say how a library varies


def concept_direction(examples: Vectors, counterexamples: Vectors, sample: Vectors) -> Vectors:
    """The unit vector (dim,) to rank photos by.

    Args:
        examples, counterexamples: (n, dim) and (k, dim); n is 1 or more, k may be 0.
        sample: embeddings that stand for the library, (m, dim).
    """
    mean = scoring.prototype(examples, counterexamples, sample)
    if len(sample) < _LEAST or not are_one_thing(examples, sample):
        return mean
    varying = sample - sample.mean(axis=0)
    covariance = (varying.T @ varying).astype(np.float64) / len(sample)
    size = float(np.trace(covariance)) / len(covariance)
    shrunk = (1 - _SHRUNK) * covariance + _SHRUNK * size * np.eye(len(covariance))
    direction = np.linalg.solve(shrunk, mean.astype(np.float64))
    unit: Vectors = (direction / np.linalg.norm(direction)).astype(np.float32)
    return unit


def are_one_thing(examples: Vectors, sample: Vectors) -> bool:
    """Whether ``examples`` (n, dim) are so many and so alike that they show one and the same."""
    if len(examples) < ENOUGH:
        return False
    usual = float(np.square(sample.mean(axis=0)).sum())
    together = float(np.square(examples.sum(axis=0)).sum())
    alike = (together - len(examples)) / (len(examples) * (len(examples) - 1))
    return alike - usual >= _ONE_THING * (1 - usual)

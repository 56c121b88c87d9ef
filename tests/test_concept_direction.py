"""Directions of concepts, on vectors whose variation is known."""

from __future__ import annotations

import numpy as np
import pytest

from app.search import scoring
from app.search.concept_direction import ENOUGH, are_one_thing, concept_direction
from store.vectors import Vectors

NONE = np.zeros((0, 8), np.float32)


def unit(rows: np.ndarray) -> Vectors:
    vectors: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return vectors


@pytest.fixture
def library() -> Vectors:
    """Photos that differ mostly in the first of eight directions."""
    spread = np.array([3, 1, 1, 1, 1, 1, 1, 1])
    return unit(np.random.default_rng(0).normal(size=(500, 8)) * spread)


def thing(count: int) -> Vectors:
    """One thing: it lies in the first direction, as many others do, and a little in the second."""
    middle = np.array([2, 1.5, 0, 0, 0, 0, 0, 0])
    return unit(middle + 0.2 * np.random.default_rng(1).normal(size=(count, 8)))


def test_one_thing_is_told_by_what_others_have_not(library: Vectors) -> None:
    examples = thing(6)
    mean, mine = (
        scoring.prototype(examples, NONE, library),
        concept_direction(examples, NONE, library),
    )
    assert np.linalg.norm(mine) == pytest.approx(1)
    assert mean[0] > mean[1]
    assert mine[1] > mine[0] > 0


def test_few_or_different_examples_have_their_mean(library: Vectors) -> None:
    for examples in (thing(ENOUGH - 1), unit(np.eye(8)[:6])):
        assert not are_one_thing(examples, library)
        mean = scoring.prototype(examples, NONE, library)
        assert np.array_equal(concept_direction(examples, NONE, library), mean)
    small = library[:5]  # says nothing about how photos vary
    assert np.array_equal(
        concept_direction(thing(6), NONE, small), scoring.prototype(thing(6), NONE, small)
    )


def test_counterexamples_push_away(library: Vectors) -> None:
    against = unit(np.array([[2.0, 0, 1.5, 0, 0, 0, 0, 0]]))
    without = concept_direction(thing(6), NONE, library)
    assert concept_direction(thing(6), against, library)[2] < without[2]

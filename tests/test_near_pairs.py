"""Which pairs are compared, and which ids belong together."""

from __future__ import annotations

import numpy as np
import pytest

from app import alike_pairs as module
from app.alike_pairs import NEAREST, alike, least_cosine, turned_alike
from app.near_pairs import Groups
from store.index.faiss_index import FaissIndex
from store.index.vector_rows import VectorRows
from store.vectors import Vectors


def index_of(vectors: Vectors) -> FaissIndex:
    index = FaissIndex(VectorRows(vectors.shape[1]))
    index.add(np.arange(1, len(vectors) + 1), vectors)
    return index


def near(count: int, seed: int) -> Vectors:
    """Unit vectors near to one direction."""
    chance = np.random.default_rng(seed)
    vectors = chance.normal(size=32) + 0.05 * chance.normal(size=(count, 32))
    unit: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return unit


@pytest.mark.parametrize(("exact", "block"), [(1_000, 2_000), (1_000, 7), (0, 7)])
def test_pairs_that_the_model_finds_alike(
    exact: int, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_EXACT_UP_TO", exact)
    monkeypatch.setattr(module, "_BLOCK", block)
    index = index_of(np.concatenate([near(3, 0), near(2, 1), near(1, 2)]))
    pairs = {(one, other) for one, other, _ in alike(index, np.arange(1, 7))}
    assert pairs == {(1, 2), (1, 3), (2, 3), (4, 5)}


@pytest.mark.parametrize("exact", [1_000, 0])
def test_what_is_only_in_the_index_is_in_no_pair(
    exact: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_EXACT_UP_TO", exact)
    monkeypatch.setattr(module, "_BLOCK", 2)
    index = index_of(near(NEAREST + 3, 0))
    photos = np.array([2, 5, 9])  # all others are videos, and as near
    pairs = {(one, other) for one, other, _ in alike(index, photos)}
    assert pairs == {(2, 5), (2, 9), (5, 9)}


def test_a_photo_has_so_many_candidates_at_most() -> None:
    index = index_of(near(3 * NEAREST, 0))
    pairs = list(alike(index, np.arange(1, 3 * NEAREST + 1)))
    assert len(pairs) == 3 * NEAREST * NEAREST


def test_the_least_cosine_follows_what_is_usual() -> None:
    apart = index_of(np.eye(32, dtype=np.float32))
    assert least_cosine(apart) == pytest.approx(0.7)
    assert least_cosine(index_of(near(20, 0))) == pytest.approx(0.9)
    assert least_cosine(index_of(near(1, 0))) == pytest.approx(0.7)


def test_turned_pairs_are_those_of_equal_signatures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK", 2)
    signatures = np.eye(8, dtype=np.float32)[[0, 1, 0, 2, 0]]
    signatures[3] = 0  # a picture that could not be read
    assert set(turned_alike(np.array([5, 6, 7, 8, 9]), signatures)) == {(5, 7), (5, 9), (7, 9)}


def test_what_is_joined_through_others_is_together() -> None:
    groups = Groups()
    groups.join(1, 2)
    groups.join(3, 4)
    assert groups.together(1, 2)
    assert not groups.together(2, 3)
    groups.join(4, 2)
    assert groups.together(1, 3)
    assert not groups.together(1, 9)

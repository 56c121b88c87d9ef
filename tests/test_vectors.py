"""The contract of ``VectorIndex``. A further backend joins by joining ``BACKENDS``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from store.faiss_index import FaissIndex
from store.vectors import VectorIndex, Vectors

BACKENDS: list[Callable[[int], VectorIndex]] = [FaissIndex]
LOADERS: dict[Callable[[int], VectorIndex], Callable[[Path], VectorIndex]] = {
    FaissIndex: FaissIndex.load
}
DIM = 16


def unit(count: int, seed: int = 0) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((count, DIM)).astype(np.float32)
    found: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return found


@pytest.fixture(params=BACKENDS)
def filled(request: pytest.FixtureRequest) -> VectorIndex:
    index: VectorIndex = request.param(DIM)
    index.add(np.arange(100, 300), unit(200))
    return index


def test_search_equals_brute_force(filled: VectorIndex) -> None:
    vectors, query = unit(200), unit(1, seed=1)[0]
    ids, scores = filled.search(query, 10)
    cosines = vectors @ query
    best = np.argsort(-cosines)[:10]
    assert ids.tolist() == (best + 100).tolist()
    np.testing.assert_allclose(scores, cosines[best], rtol=1e-5)


@pytest.mark.parametrize("count", [1, 3, 50, 199])
def test_restricted_search_is_the_best_of_the_set(filled: VectorIndex, count: int) -> None:
    vectors, query = unit(200), unit(1, seed=2)[0]
    allowed = np.sort(np.random.default_rng(3).choice(200, count, replace=False))
    ids, _ = filled.search(query, 10, allowed + 100)
    cosines = vectors[allowed] @ query
    assert ids.tolist() == (allowed[np.argsort(-cosines)[:10]] + 100).tolist()


def test_ids_it_lacks_are_passed_over(filled: VectorIndex) -> None:
    ids, scores = filled.search(unit(1)[0], 10, np.array([7, 150, 9999]))
    assert ids.tolist() == [150]
    assert len(scores) == 1


def test_asking_for_more_than_there_is(filled: VectorIndex) -> None:
    assert len(filled.search(unit(1)[0], 1000)[0]) == 200
    assert len(filled.search(unit(1)[0], 5, np.empty(0, np.int64))[0]) == 0


@pytest.mark.parametrize("make", BACKENDS)
def test_empty(make: Callable[[int], VectorIndex]) -> None:
    index = make(DIM)
    ids, scores = index.search(unit(1)[0], 5)
    assert (len(index), len(ids), len(scores), index.dim) == (0, 0, 0, DIM)


def test_removed_ones_are_not_found(filled: VectorIndex) -> None:
    filled.remove(np.array([100, 101, 5000]))
    assert len(filled) == 198
    assert 100 not in filled.search(unit(200)[0], 198)[0]
    assert sorted(filled.ids().tolist()) == list(range(102, 300))


def test_vectors_come_back_exactly(filled: VectorIndex) -> None:
    np.testing.assert_array_equal(filled.vectors(np.array([250, 100])), unit(200)[[150, 0]])
    assert filled.vectors(np.empty(0, np.int64)).shape == (0, DIM)


def test_saved_and_loaded(filled: VectorIndex, tmp_path: Path) -> None:
    path = tmp_path / "größe.index"
    filled.save(path)
    loaded = LOADERS[type(filled)](path)
    assert (len(loaded), loaded.dim) == (200, DIM)
    query = unit(1, seed=4)[0]
    np.testing.assert_array_equal(loaded.search(query, 5)[0], filled.search(query, 5)[0])
    loaded.add(np.array([1]), unit(1, seed=5))
    assert len(loaded) == 201


@pytest.mark.parametrize("content", [b"", b"x", b"IxMp" + b"\0" * 40])
def test_what_is_no_index_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "index"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="FAISS"):
        FaissIndex.load(path)

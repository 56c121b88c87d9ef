"""The contract of ``VectorIndex``. A further backend joins by joining ``BACKENDS``."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from store.index.faiss_index import FaissIndex
from store.index.vector_rows import VectorRows
from store.vectors import Ids, VectorIndex, Vectors, Without, united, without

DIM = 16


def unit(count: int, seed: int = 0, dim: int = DIM) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((count, dim)).astype(np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def exact(ids: Ids, vectors: Vectors) -> VectorIndex:
    index = FaissIndex(VectorRows(vectors.shape[1]))
    index.add(ids, vectors)
    return index


def approximate(ids: Ids, vectors: Vectors) -> VectorIndex:
    """Trained on half of what it holds."""
    half = len(ids) // 2
    index = FaissIndex(VectorRows(vectors.shape[1]), exact_up_to=1)
    index.add(ids[:half], vectors[:half])
    assert index.needs_training()
    index.train()
    index.add(ids[half:], vectors[half:])
    return index


BACKENDS: list[Callable[[Ids, Vectors], VectorIndex]] = [exact, approximate]


@pytest.fixture(params=BACKENDS)
def filled(request: pytest.FixtureRequest) -> VectorIndex:
    index: VectorIndex = request.param(np.arange(100, 300), unit(200))
    return index


@pytest.mark.parametrize("backend", BACKENDS)
def test_search_equals_brute_force(backend: Callable[[Ids, Vectors], VectorIndex]) -> None:
    """As close as the vectors allow: neighbours as far away as everything else are no test."""
    centres = unit(40, seed=7)
    vectors = centres[np.arange(4000) % 40] + 0.3 * unit(4000)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = backend(np.arange(4000) + 100, vectors)
    hits = 0
    for query in centres:
        ids, scores = index.search(query, 10)
        cosines = vectors @ query
        best = np.argsort(-cosines)[:10]
        np.testing.assert_allclose(scores, cosines[ids - 100], rtol=1e-5)
        assert (np.diff(scores) <= 0).all()
        hits += len(set(ids.tolist()) & set((best + 100).tolist()))
    assert hits / 400 >= (1 if backend is exact else 0.99)


@pytest.mark.parametrize("count", [1, 3, 50, 199])
def test_restricted_search_is_the_best_of_the_set(filled: VectorIndex, count: int) -> None:
    vectors, query = unit(200), unit(1, seed=2)[0]
    allowed = np.random.default_rng(3).choice(200, count, replace=False)
    ids, scores = filled.search(query, 10, allowed + 100)
    cosines = vectors[allowed] @ query
    best = np.argsort(-cosines)[:10]
    assert ids.tolist() == (allowed[best] + 100).tolist()
    np.testing.assert_allclose(scores, cosines[best], rtol=1e-5)


def test_ids_it_lacks_are_passed_over(filled: VectorIndex) -> None:
    ids, scores = filled.search(unit(1)[0], 10, np.array([7, 150, 150, 9999]))
    assert ids.tolist() == [150]
    assert len(scores) == 1


def test_asking_for_many(filled: VectorIndex) -> None:
    """More than there are, and so many that no shortcut pays: all of them, in order."""
    for k in (1000, 5000):
        ids, scores = filled.search(unit(1)[0], k)
        if k == 5000 or (isinstance(filled, FaissIndex) and filled.approximate is None):
            assert sorted(ids.tolist()) == list(range(100, 300))
        assert (np.diff(scores) <= 0).all()
    assert len(filled.search(unit(1)[0], 5, np.empty(0, np.int64))[0]) == 0


def test_without_some(filled: VectorIndex) -> None:
    """As if those were not there, whatever is asked."""
    vectors, query = unit(200), unit(1, seed=2)[0]
    cosines = vectors @ query
    left_out = np.append(np.argsort(-cosines)[:7], 50) + 100
    kept = np.setdiff1d(np.arange(100, 300), left_out)
    without = Without(filled, np.append(left_out, 9999))
    assert (len(without), without.dim) == (len(kept), DIM)
    assert np.sort(without.ids()).tolist() == kept.tolist()
    assert np.isin(without.some(20), kept).all()
    assert without.among(np.arange(98, 160)).tolist() == kept[kept < 160].tolist()
    best = kept[np.argsort(-cosines[kept - 100])]
    ids, scores = without.search(query, 5)
    assert ids.tolist() == best[:5].tolist()
    np.testing.assert_allclose(scores, cosines[ids - 100], rtol=1e-5)
    some = np.arange(100, 200)
    assert without.search(query, 5, some)[0].tolist() == best[best < 200][:5].tolist()
    middle = float(np.median(cosines))
    assert without.count_above(query, middle) == (cosines[kept - 100] > middle).sum()
    share = (cosines[kept - 100] < middle).mean()
    assert without.share_below(query, middle) == pytest.approx(share, abs=0.01)


def test_empty() -> None:
    index = FaissIndex(VectorRows(DIM))
    for allowed in (None, np.array([3])):
        ids, scores = index.search(unit(1)[0], 5, allowed)
        assert (len(index), len(ids), len(scores), index.dim) == (0, 0, 0, DIM)


def test_removed_ones_are_not_found(filled: VectorIndex) -> None:
    filled.remove(np.array([100, 101, 5000]))
    assert len(filled) == 198
    assert 100 not in filled.search(unit(200)[0], 5000)[0]
    assert 100 not in filled.search(unit(200)[0], 5)[0]
    assert len(filled.search(unit(200)[0], 5, np.array([100, 101]))[0]) == 0
    assert sorted(filled.ids().tolist()) == list(range(102, 300))


def test_removed_and_added_again(filled: VectorIndex) -> None:
    filled.remove(np.array([100]))
    filled.add(np.array([100, 99]), unit(2, seed=9))
    assert len(filled) == 201
    np.testing.assert_array_equal(filled.vectors(np.array([99, 100])), unit(2, seed=9)[[1, 0]])
    ids, _ = filled.search(unit(2, seed=9)[0], 1, np.array([100, 200]))
    assert ids.tolist() == [100]
    assert filled.search(unit(2, seed=9)[1], 1)[0].tolist() == [99]


def test_vectors_come_back_exactly(filled: VectorIndex) -> None:
    np.testing.assert_array_equal(filled.vectors(np.array([250, 100])), unit(200)[[150, 0]])
    assert filled.vectors(np.empty(0, np.int64)).shape == (0, DIM)


def test_sets_of_ids_are_those_of_numpy() -> None:
    chance = np.random.default_rng(0)
    for _ in range(100):
        one, other = (chance.integers(0, 9, size) for size in chance.integers(0, 9, 2))
        assert united(one, other).tolist() == np.union1d(one, other).tolist()
        assert without(one, other).tolist() == np.setdiff1d(one, other).tolist()
    assert united(np.array([2, 1, 2])).dtype == np.int64

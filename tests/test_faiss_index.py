from __future__ import annotations

import numpy as np
import pytest
from test_vectors import DIM, unit

from store.index.effort import Effort
from store.index.faiss_index import FaissIndex
from store.index.vector_rows import VectorRows


def grown(count: int) -> FaissIndex:
    index = FaissIndex(VectorRows(DIM), exact_up_to=500)
    index.add(np.arange(count), unit(count))
    return index


def test_small_ones_are_exact_and_stay_so() -> None:
    assert not grown(500).needs_training()
    assert grown(501).needs_training()


def test_training_is_due_again_when_it_is_outgrown() -> None:
    index = grown(600)
    index.train()
    index.add(np.arange(600, 2399), unit(1799, seed=1))
    assert not index.needs_training()
    index.add(np.array([2399]), unit(1, seed=2))
    assert index.needs_training()
    index.train()
    assert not index.needs_training()


def test_training_passes_over_removed_rows() -> None:
    index = grown(600)
    index.remove(np.arange(50))
    index.train()
    assert index.approximate is not None
    proposed = index.approximate.propose(unit(1)[0], 600, 1_000)
    assert proposed.min() >= 50
    assert index.search(unit(1)[0], 5)[0].min() >= 50


def test_waste_is_a_quarter_of_the_rows() -> None:
    index = grown(400)
    index.remove(np.arange(100))
    assert not index.is_wasteful()
    index.remove(np.array([100]))
    assert index.is_wasteful()


@pytest.mark.parametrize("count", [20_000, 20_001])
@pytest.mark.parametrize("share", [0.001, 0.05, 0.5, 0.95, 1])
def test_restricted_search_over_many_rows(share: float, count: int) -> None:
    """More than are fetched one by one: both ways through a block; with NumPy, and with FAISS."""
    vectors = unit(count)
    index = FaissIndex(VectorRows(DIM))
    index.add(np.arange(count), vectors)
    chance = np.random.default_rng(0)
    allowed = np.sort(chance.choice(count, int(share * count), replace=False))
    query = unit(1, seed=5)[0]
    ids, _ = index.search(query, 20, allowed)
    assert ids.tolist() == allowed[np.argsort(-(vectors[allowed] @ query))[:20]].tolist()


@pytest.mark.parametrize("count", [20_000, 20_001])
def test_a_score_does_not_depend_on_what_it_is_found_among(count: int) -> None:
    index = FaissIndex(VectorRows(DIM))
    index.add(np.arange(count), unit(count))
    query = unit(1, seed=5)[0]
    ids, cosines = index.search(query, count)
    few = np.sort(ids[::97])
    near, again = index.search(query, count, few)
    wanted = dict(zip(ids.tolist(), cosines.tolist(), strict=True))
    assert dict(zip(near.tolist(), again.tolist(), strict=True)) == {
        id: wanted[id] for id in few.tolist()
    }


def test_what_is_added_after_some_were_removed_is_as_near_as_ever() -> None:
    """FAISS itself would give it wrong codes."""
    vectors, more = unit(4_000, dim=64), unit(400, seed=1, dim=64)
    index = FaissIndex(VectorRows(64), exact_up_to=1_000)
    index.add(np.arange(4_000), vectors)
    index.train()
    gone = np.arange(0, 4_000, 10)
    index.remove(gone)
    index.add(np.arange(4_000, 4_400), more)
    index.effort = Effort(lists=(1_000,) * 4, candidates=8)
    for number, vector in enumerate(more):
        ids, cosines = index.search(vector, 3)
        assert ids[0] == 4_000 + number
        assert cosines[0] == pytest.approx(1, abs=1e-5)
        assert not np.isin(ids, gone).any()
    ids, _ = index.search(vectors[0], 3_000)
    assert len(ids) == 3_000
    assert not np.isin(ids, gone).any()


def test_where_too_little_is_proposed_all_of_it_is_looked_at() -> None:
    index = FaissIndex(VectorRows(16), exact_up_to=100)
    index.add(np.arange(300), np.zeros((300, 16), np.float32))
    index.train()
    ids, _ = index.search(unit(1, dim=16)[0], 5)
    assert len(ids) == 5


@pytest.mark.parametrize("gap", [1, 3, 1_000])
def test_ids_may_be_far_apart_and_may_not_be_there(gap: int) -> None:
    vectors = unit(300)
    ids = np.random.default_rng(0).permutation(300) * gap
    index = FaissIndex(VectorRows(DIM))
    index.add(ids, vectors)
    index.remove(ids[:10])
    strangers = np.array([-5, 300 * gap, 2**62, *ids[:10]])
    some = np.concatenate([ids[50:100], strangers, ids[50:60]])
    near, cosines = index.search(vectors[70], 100, some)
    assert sorted(near.tolist()) == sorted(ids[50:100].tolist())
    assert near[0] == ids[70]
    np.testing.assert_allclose(index.vectors(near) @ vectors[70], cosines, rtol=1e-5)
    for stranger in strangers:
        with pytest.raises(KeyError):
            index.vectors(np.array([ids[20], stranger]))

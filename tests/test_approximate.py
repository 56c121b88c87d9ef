from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from test_vectors import DIM, unit

from store.index.approximate import ApproximateIndex

ALL = 1_000  # lists to read: more than there are


def test_stored_and_loaded() -> None:
    vectors = unit(500)
    index = ApproximateIndex.train(vectors, 500)
    index.add(np.arange(500), vectors)
    loaded = ApproximateIndex.load(bytes(index.stored()), index.trained_for)
    query = unit(1, seed=4)[0]
    assert set(loaded.propose(query, 50, ALL)) == set(index.propose(query, 50, ALL))
    loaded.add(np.array([500]), query[None])
    assert 500 in loaded.propose(query, 10, ALL)


@pytest.mark.parametrize("content", [b"", b"x", b"IxMp" + b"\0" * 40])
def test_what_is_no_index_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="FAISS"):
        ApproximateIndex.load(content, 1)


def test_another_kind_of_faiss_index_is_refused() -> None:
    import faiss

    content = faiss.serialize_index(faiss.IndexFlatIP(DIM)).tobytes()
    with pytest.raises(ValueError, match="FAISS"):
        ApproximateIndex.load(content, 1)


def test_codes_are_shorter_than_what_they_stand_for() -> None:
    vectors = unit(5_000)
    index = ApproximateIndex.train(vectors, 5_000)
    index.add(np.arange(5_000), vectors)
    shortness = index.shortness(vectors[:500])
    assert 1.02 < shortness < 1.5
    stored = bytes(index.stored())
    query = unit(1, seed=4)
    before = index.propose_each(query, 50, ALL).tolist()
    index.stretch(shortness)
    assert index.propose_each(query, 50, ALL).tolist() != before
    # Codes are given, and kept, by the codebook as it was learnt.
    assert index.shortness(vectors[:500]) == pytest.approx(shortness)
    assert bytes(index.stored()) == stored
    index.add(np.array([5_000]), query)
    index.stretch(1.0)
    assert index.propose_each(query, 1, ALL).tolist() == [[5_000]]


@pytest.fixture
def four_cores(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every query is read on four cores, or what stands for them."""
    import faiss

    monkeypatch.setattr("store.index.approximate._MANY_CODES", 0)
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(4)
    yield
    faiss.omp_set_num_threads(before)


def test_equals_are_proposed_as_ever(four_cores: None) -> None:
    """Whichever core of the processor comes first."""
    vectors = np.repeat(unit(10_000, dim=64), 4, axis=0)
    index = ApproximateIndex.train(vectors, len(vectors))
    index.add(np.arange(len(vectors)), vectors)
    for query in unit(20, seed=4, dim=64):
        proposed = {tuple(np.sort(index.propose(query, 300, ALL))) for _ in range(20)}
        assert [250 < len(one) <= 308 for one in proposed] == [True]
    alike = np.repeat(vectors[:1], 100, axis=0)
    index.add(len(vectors) + np.arange(100), alike)
    assert len(index.propose(vectors[0], 20, ALL)) == 28  # none is left out


@pytest.mark.parametrize("count", [128, 300])
@pytest.mark.parametrize("share", [None, 0.5, 0.05])
def test_several_cores_propose_what_one_does(
    share: float | None, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = unit(20_000, dim=64)
    index = ApproximateIndex.train(vectors, len(vectors))
    index.add(np.arange(len(vectors)), vectors)
    allowed = None if share is None else np.random.default_rng(0).random(len(vectors)) < share
    for query in unit(20, seed=4, dim=64):
        proposed = []
        for codes in (0, len(vectors)):
            monkeypatch.setattr("store.index.approximate._MANY_CODES", codes)
            places = index.propose(query, count, 100, allowed)
            assert len(places) > count / 2
            assert allowed is None or allowed[places].all()
            proposed.append(np.sort(places).tolist())
        assert proposed[0] == proposed[1]


def test_a_query_takes_few_cores_and_leaves_the_rest_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import faiss

    index = ApproximateIndex.train(unit(500), 500)
    index.add(np.arange(500), unit(500))
    search, used = index._search, []

    def watched(*arguments: Any) -> Any:
        used.append(faiss.omp_get_max_threads())
        return search(*arguments)

    monkeypatch.setattr(index, "_search", watched)
    before = faiss.omp_get_max_threads()
    try:
        for cores in (1, 4, 64):
            faiss.omp_set_num_threads(cores)
            assert len(index.propose(unit(1)[0], 20, ALL)) > 10
            assert faiss.omp_get_max_threads() == cores
    finally:
        faiss.omp_set_num_threads(before)
    assert used == [1, 4, 4]


def test_lists_of_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.index.inverted_lists._ONE_LEVEL", 16)
    vectors = unit(4_000)
    index = ApproximateIndex.train(vectors, 4_000)
    index.add(np.arange(4_000), vectors)
    lists = index.lists_of(4_000)
    assert 200 < len(np.unique(lists)) <= index.list_ranks(vectors[:1]).shape[1] <= 300
    # Nearly every vector is in the list whose middle is the nearest.
    assert (index.list_ranks(vectors)[np.arange(4_000), lists] == 1).mean() > 0.95
    queries = unit(50, seed=4)
    nearest = np.argsort(-(queries @ vectors.T), axis=1)[:, :10]
    assert all(
        set(best) <= set(index.propose(query, 2_000, ALL))
        for query, best in zip(queries, nearest, strict=True)
    )
    loaded = ApproximateIndex.load(bytes(index.stored()), index.trained_for)
    loaded.add(np.array([4_000]), queries[:1])
    assert 4_000 in loaded.propose(queries[0], 10, ALL)


def test_lists_of_equal_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.index.inverted_lists._ONE_LEVEL", 16)
    vectors = np.repeat(unit(3), [2_997, 2, 1], axis=0)
    index = ApproximateIndex.train(vectors, 3_000)
    index.add(np.arange(3_000), vectors)
    assert set(index.propose(vectors[-1], 1, ALL)) == {2_999}

from __future__ import annotations

import numpy as np
import pytest
from test_vectors import DIM, unit

from store.index.approximate import ApproximateIndex, sample_size

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
    loaded.remove(np.array([500]))
    assert 500 not in loaded.propose(query, 10, ALL)


def test_removed_places_are_not_proposed() -> None:
    vectors = unit(500)
    index = ApproximateIndex.train(vectors, 500)
    index.add(np.arange(500), vectors)
    assert 7 in index.propose(vectors[7], 50, ALL)
    index.remove(np.array([7]))
    assert 7 not in index.propose(vectors[7], 500, ALL)


@pytest.mark.parametrize("content", [b"", b"x", b"IxMp" + b"\0" * 40])
def test_what_is_no_index_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="FAISS"):
        ApproximateIndex.load(content, 1)


def test_another_kind_of_faiss_index_is_refused() -> None:
    import faiss

    content = faiss.serialize_index(faiss.IndexFlatIP(DIM)).tobytes()
    with pytest.raises(ValueError, match="FAISS"):
        ApproximateIndex.load(content, 1)


def test_the_sample_is_a_part_of_many_and_all_of_few() -> None:
    assert sample_size(100) == 100
    assert sample_size(1_000_000) == 4096 * 40

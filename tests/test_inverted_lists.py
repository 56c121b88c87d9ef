from __future__ import annotations

import numpy as np
import pytest
from test_vectors import unit

from store.index.inverted_lists import exact_part, finder_of, middles, sample_size


def test_the_sample_is_a_part_of_many_and_all_of_few() -> None:
    assert sample_size(100) == 100
    assert sample_size(1_000_000) == 4096 * 40


@pytest.mark.parametrize("lists", [16, 64])
def test_middles_are_of_about_so_many_lists(lists: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one go, and in clusters of clusters."""
    monkeypatch.setattr("store.index.inverted_lists._ONE_LEVEL", 16)
    sample = unit(3_000)
    centroids = middles(sample, lists)
    assert abs(len(centroids) - lists) <= lists / 8
    np.testing.assert_allclose(np.linalg.norm(centroids, axis=1), 1, rtol=1e-5)
    nearest = (sample @ centroids.T).max(1).mean()
    assert nearest > (sample @ sample[:lists].T).max(1).mean() + 0.03  # than any so many vectors


@pytest.mark.parametrize("count", [100, 2_000])
def test_finders_find_the_nearest(count: int) -> None:
    """Few are all compared with; many are told apart by codes first."""
    clusters = np.repeat(unit(count // 20, dim=64), 20, axis=0)
    centroids = clusters + np.float32(0.5) * unit(count, seed=1, dim=64)
    queries = centroids[:300] + np.float32(0.5) * unit(count, seed=2, dim=64)[:300]
    finder = finder_of(centroids)
    nearest = (queries @ centroids.T).argmax(1)
    assert (finder.search(queries, 1)[1][:, 0] == nearest).mean() > 0.95
    assert (exact_part(finder).search(queries, 1)[1][:, 0] == nearest).all()

"""How vectors are shared out among inverted lists: how many lists, their middles, the nearest ones.

Each vector is in the list whose middle is nearest to it, and a query reads the lists whose middles
are nearest to it (Jégou et al. 2011, DOI 10.1109/TPAMI.2010.57).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from store.index.faiss_package import faiss_package
from store.vectors import Vectors

_TRAINING_ROWS = 40  # for each list; k-means gains nothing from more
_ONE_LEVEL = 4_096
"""Lists up to which each is laid out against all others. Four times as many lists take sixteen
times as long to lay out."""

_FEW_LISTS = 512  # up to so many, comparing a vector with each of their middles takes no time

_NEAR_LIST, _NEAR_LISTS = 8, 3
"""For each list wanted, the middles to compare exactly: for the one that a vector is put into, and
for those that a query reads. Of 4,096 lists 99.7 % and 99.9 % are the right ones."""


def sample_size(count: int) -> int:
    """How many of ``count`` vectors to lay lists out by."""
    return min(count, number_of_lists(count) * _TRAINING_ROWS)


def number_of_lists(count: int) -> int:
    """How many lists ``count`` vectors are shared out among."""
    return int(2 ** round(np.log2(4 * count**0.5)))


def middles(sample: Vectors, lists: int) -> Vectors:
    """The middles of about so many lists, (lists, dim): where they are many, from clusters of
    clusters of ``sample`` (n, dim)."""
    if lists <= _ONE_LEVEL:
        centroids: Vectors = _clustered(sample, lists).centroids
        return centroids
    top = _clustered(sample, int(lists**0.5))
    nearest = top.assign(sample)[1]
    order = np.argsort(nearest, kind="stable")
    parts = []
    for places in np.split(order, np.cumsum(np.bincount(nearest, minlength=top.k))[:-1]):
        if len(places):
            share = max(1, round(lists * len(places) / len(sample)))
            parts.append(_clustered(sample[places], share).centroids)
    return np.concatenate(parts)


def finder_of(centroids: Vectors) -> Any:
    """A FAISS index that finds the ``centroids`` (lists, dim) nearest to a vector, by exact
    comparison with those that are near by their codes of four bits for each four numbers."""
    faiss = faiss_package()
    count, dim = centroids.shape
    finder: Any = faiss.IndexFlatIP(dim)
    if count > _FEW_LISTS and dim % 4 == 0:
        finder = faiss.index_factory(dim, f"PQ{dim // 4}x4fs,RFlat", faiss.METRIC_INNER_PRODUCT)
        finder.train(centroids)
        finder.k_factor = _NEAR_LIST
    finder.add(centroids)
    return finder


def for_queries(finder: Any) -> Any:
    """FAISS's parameters for what ``finder`` is to find for a query; None where it has none."""
    faiss = faiss_package()
    if not isinstance(faiss.downcast_index(finder), faiss.IndexRefine):
        return None
    parameters = faiss.IndexRefineSearchParameters()
    parameters.k_factor = _NEAR_LISTS
    return parameters


def exact_part(finder: Any) -> Any:
    """The part of a finder that compares with every centroid."""
    faiss = faiss_package()
    finder = faiss.downcast_index(finder)
    return finder.refine_index if isinstance(finder, faiss.IndexRefine) else finder


def _clustered(sample: Vectors, count: int) -> Any:
    """``sample`` (n, dim) by k-means as FAISS lays out lists with: on the sphere, ten rounds."""
    faiss = faiss_package()
    means = faiss.Kmeans(
        sample.shape[1], count, niter=10, spherical=True, min_points_per_centroid=1
    )
    means.train(sample)
    return means

"""Candidates for a query out of millions of vectors, by FAISS, for exact re-ranking.

``IVF,RaBitQ2`` (Gao et al. 2024, arXiv 2409.09913): inverted lists of vectors at two bits a
dimension. Measured on a million mixed and jittered embeddings of 512 dimensions
(``benchmarks/bench_vectors.py``), it was the best of what fits into 600 MB: one bit a dimension
wants twice the candidates for the same recall; eight bits (SQ8) take three times the memory and
are no faster; HNSW takes more than the vectors themselves.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.vectors import Ids, Vectors

_TRAINING_ROWS = 40  # for each list; k-means gains nothing from more
_ONE_LEVEL = 4_096
"""Lists up to which each is laid out against all others, and each vector compared with all of them.
Four times as many lists take sixteen times as long to lay out."""

_OUTGROWN = 4
"""Trained for a quarter of its vectors or less, its lists are too long for their number."""


class ApproximateIndex:
    """Proposes places (row numbers) of vectors near a query.

    Attributes:
        trained_for: how many vectors there were when its lists were laid out.
    """

    def __init__(self, index: Any, trained_for: int, router: Any = None) -> None:
        self._index = index
        self._router = router  # leads a vector to its list, where it is not compared with all
        self.trained_for = trained_for

    @classmethod
    def train(cls, sample: Vectors, count: int) -> ApproximateIndex:
        """An empty one for about ``count`` vectors, laid out by a ``sample`` (n, dim) of them."""
        import faiss

        lists = min(_lists(count), len(sample))
        sample = np.ascontiguousarray(sample, np.float32)
        centroids = _centroids(sample, lists) if lists > _ONE_LEVEL else None
        kind = f"IVF{lists if centroids is None else len(centroids)},RaBitQ2"
        index: Any = faiss.index_factory(sample.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
        router = None
        if centroids is not None:
            index.quantizer.add(centroids)  # which FAISS then takes as they are
            router = _router(centroids)
        index.train(sample)
        return cls(index, count, router)

    @classmethod
    def load(cls, stored: bytes, trained_for: int) -> ApproximateIndex:
        """The index that ``stored`` gave. The bytes must be undamaged: else FAISS may crash.

        Raises:
            ValueError: they are not those of such an index.
        """
        import faiss

        try:
            index = faiss.deserialize_index(np.frombuffer(stored, np.uint8))
        except (RuntimeError, MemoryError) as error:
            raise ValueError("not a FAISS index") from error
        if not isinstance(index, faiss.IndexIVFRaBitQ):
            raise ValueError("a different kind of FAISS index")
        return cls(index, trained_for)

    def stored(self) -> memoryview:
        """All of it as bytes, for a file."""
        import faiss

        return faiss.serialize_index(self._index).data

    def is_outgrown(self, count: int) -> bool:
        """Whether it has too few lists for ``count`` vectors, so that ``train`` is due again."""
        return count >= _OUTGROWN * self.trained_for

    def add(self, places: Ids, vectors: Vectors) -> None:
        import faiss

        vectors = np.ascontiguousarray(vectors, np.float32)
        if self._router is None:
            self._index.add_with_ids(vectors, places)
            return
        lists = np.ascontiguousarray(self._router.search(vectors, 1)[1])
        places = np.ascontiguousarray(places, np.int64)
        arrays = (faiss.swig_ptr(array) for array in (vectors, places, lists))
        self._index.add_core(len(vectors), *arrays)

    def remove(self, places: Ids) -> None:
        self._index.remove_ids(places)

    def propose(
        self, query: Vectors, count: int, lists: int, allowed: NDArray[np.bool_] | None = None
    ) -> Ids:
        """Places of about ``count`` vectors near ``query`` (dim,), in no order.

        Args:
            lists: how many lists to read.
            allowed: which places may be proposed, (places,).
        """
        import faiss

        selector = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(len(allowed), faiss.swig_ptr(bits))
        nearest = self._search(query[None], count, lists, selector)[0]
        places: Ids = nearest[nearest >= 0]
        return places

    # -- to measure it by, see ``store.index.effort`` --------------------------------------------

    def propose_each(self, queries: Vectors, count: int, lists: int) -> Ids:
        """Places of vectors near each query, (q, count), the likeliest first; -1 for none."""
        return self._search(np.ascontiguousarray(queries, np.float32), count, lists, None)

    def list_ranks(self, queries: Vectors) -> Ids:
        """In which place each list is read for each query: (q, lists), from 1."""
        queries = np.ascontiguousarray(queries, np.float32)
        order = self._index.quantizer.search(queries, self._index.nlist)[1]
        ranks: Ids = np.empty_like(order)
        np.put_along_axis(ranks, order, np.arange(1, self._index.nlist + 1)[None], 1)
        return ranks

    def lists_of(self, rows: int) -> Ids:
        """In which list each of ``rows`` is, (rows,); 0 where a row is in none."""
        import faiss

        numbers = np.zeros(rows, np.int64)
        stored = self._index.invlists
        for number in range(self._index.nlist):
            if size := stored.list_size(number):
                numbers[faiss.rev_swig_ptr(stored.get_ids(number), size)] = number
        return numbers

    def _search(self, queries: Vectors, count: int, lists: int, selector: Any) -> Ids:
        import faiss

        how = faiss.IVFRaBitQSearchParameters()
        how.nprobe, how.sel = min(lists, self._index.nlist), selector
        how.qb, how.centered = self._index.qb, False  # its own default of 0 bits is slow
        nearest: Ids = self._index.search(queries, count, params=how)[1]
        return nearest


def sample_size(count: int) -> int:
    """How many of ``count`` vectors to train with."""
    return min(count, _lists(count) * _TRAINING_ROWS)


def _lists(count: int) -> int:
    return int(2 ** round(np.log2(4 * count**0.5)))


def _centroids(sample: Vectors, lists: int) -> Vectors:
    """The middles of about so many lists, (lists, dim), from clusters of clusters of ``sample``."""
    top = _clustered(sample, int(lists**0.5))
    nearest = top.assign(sample)[1]
    order = np.argsort(nearest, kind="stable")
    middles = []
    for places in np.split(order, np.cumsum(np.bincount(nearest, minlength=top.k))[:-1]):
        if len(places):
            share = max(1, round(lists * len(places) / len(sample)))
            middles.append(_clustered(sample[places], share).centroids)
    return np.concatenate(middles)


def _clustered(sample: Vectors, count: int) -> Any:
    """``sample`` (n, dim) by k-means as FAISS lays out lists with: on the sphere, ten rounds."""
    import faiss

    means = faiss.Kmeans(
        sample.shape[1], count, niter=10, spherical=True, min_points_per_centroid=1
    )
    means.train(sample)
    return means


def _router(centroids: Vectors) -> Any:
    """A graph of ``centroids`` (lists, dim) that leads to the nearest of them (HNSW, Malkov and
    Yashunin 2016, arXiv 1603.09320), or now and then to one that is nearly as near."""
    import faiss

    graph = faiss.IndexHNSWFlat(centroids.shape[1], 16, faiss.METRIC_INNER_PRODUCT)
    graph.hnsw.efSearch = 48
    graph.add(centroids)
    return graph

"""Candidates for a query out of millions of vectors, by FAISS, for exact re-ranking.

Inverted lists of product-quantized vectors, four bits for each two numbers, that the processor's
shuffle instructions read (André et al. 2017, arXiv 1704.07355). On mixed and jittered embeddings of
512 dimensions, a list is read in about half the time that codes of RaBitQ with two bits a number
take (Gao et al. 2024, arXiv 2409.09913). Four bits for each four numbers are read twice as fast,
but want many more candidates. Eight bits a number (SQ8) take four times the memory; HNSW takes more
than the vectors themselves. ``benchmarks/README.md`` has figures.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.vectors import Ids, Vectors

_TRAINING_ROWS = 40  # for each list; k-means gains nothing from more
_ONE_LEVEL = 4_096
"""Lists up to which each is laid out against all others. Four times as many lists take sixteen
times as long to lay out."""

_VALUES = 16
"""Of four bits. FAISS wants as many vectors at the least."""

_FEW_LISTS = 512
"""Up to so many, comparing a vector with each of their middles takes no time."""

_NEAR_LIST, _NEAR_LISTS = 8, 3
"""For each list wanted, the middles to compare exactly: for the one that a vector is put into, and
for those that a query reads. Of 4,096 lists 99.7 % and 99.9 % are the right ones."""

_OUTGROWN = 4
"""Trained for a quarter of its vectors or less, its lists are too long for their number."""


class ApproximateIndex:
    """Proposes places (row numbers) of vectors near a query.

    Nothing is removed from it: FAISS 1.15 gives wrong codes to what is added to a list from which
    something was removed. Whoever asks leaves out the places that are gone.

    Attributes:
        trained_for: how many vectors there were when its lists were laid out.
    """

    def __init__(self, index: Any, trained_for: int) -> None:
        import faiss

        self._index = index
        self.trained_for = trained_for
        self._codebook = faiss.vector_to_array(index.pq.centroids).copy()
        self._stretch = 1.0

    @classmethod
    def train(cls, sample: Vectors, count: int) -> ApproximateIndex:
        """An empty one for about ``count`` vectors, laid out by a ``sample`` (n, dim) of them."""
        import faiss

        lists = min(_lists(count), len(sample))
        sample = np.ascontiguousarray(sample, np.float32)
        centroids = _centroids(sample, lists)
        finder, dim = _finder(centroids), sample.shape[1]
        index = faiss.IndexIVFPQFastScan(
            finder, dim, len(centroids), dim // (2 - dim % 2), 4, faiss.METRIC_INNER_PRODUCT
        )
        index.by_residual = True  # codes say how a vector differs from the middle of its list
        few = len(sample) < _VALUES
        index.train(np.resize(sample, (_VALUES, dim)) if few else sample)
        return cls(index, count)

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
        if not isinstance(index, faiss.IndexIVFPQFastScan):
            raise ValueError("a different kind of FAISS index")
        return cls(index, trained_for)

    def stored(self) -> memoryview:
        """All of it as bytes, for a file; nobody may search it meanwhile."""
        import faiss

        with self._as_trained():
            return faiss.serialize_index(self._index).data

    def is_outgrown(self, count: int) -> bool:
        """Whether it has too few lists for ``count`` vectors, so that ``train`` is due again."""
        return count >= _OUTGROWN * self.trained_for

    def add(self, places: Ids, vectors: Vectors) -> None:
        with self._as_trained():
            self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), places)

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
        order = _exact(self._index.quantizer).search(queries, self._index.nlist)[1]
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

    def shortness(self, vectors: Vectors) -> float:
        """By what factor the codes of ``vectors`` (n, dim) are too short: each is the mean of the
        vectors that it stands for."""
        finder = self._index.quantizer
        lists = finder.search(np.ascontiguousarray(vectors, np.float32), 1)[1][:, 0]
        differences = vectors - np.stack([finder.reconstruct(int(one)) for one in lists])
        with self._as_trained():
            said = self._index.pq.decode(self._index.pq.compute_codes(differences))
        along = float(np.vdot(differences, said))
        return float(np.vdot(differences, differences)) / along if along > 0 else 1.0

    def stretch(self, factor: float) -> None:
        """Let codes stand for differences from their list's middle that are ``factor`` times as
        long, from now on: with 1, the mean of what they stand for."""
        import faiss

        self._stretch = factor
        faiss.copy_array_to_vector(self._codebook * np.float32(factor), self._index.pq.centroids)

    @contextmanager
    def _as_trained(self) -> Iterator[None]:
        """To give codes by: the nearest ones are those of the codebook as it was learnt."""
        factor = self._stretch
        self.stretch(1.0)
        try:
            yield
        finally:
            self.stretch(factor)

    def _search(self, queries: Vectors, count: int, lists: int, selector: Any) -> Ids:
        import faiss

        how, of_lists = faiss.SearchParametersIVF(), faiss.IndexRefineSearchParameters()
        how.nprobe, how.sel = min(lists, self._index.nlist), selector
        if isinstance(faiss.downcast_index(self._index.quantizer), faiss.IndexRefine):
            of_lists.k_factor, how.quantizer_params = _NEAR_LISTS, of_lists
        nearest: Ids = self._index.search(queries, count, params=how)[1]
        return nearest


def sample_size(count: int) -> int:
    """How many of ``count`` vectors to train with."""
    return min(count, _lists(count) * _TRAINING_ROWS)


def _lists(count: int) -> int:
    return int(2 ** round(np.log2(4 * count**0.5)))


def _centroids(sample: Vectors, lists: int) -> Vectors:
    """The middles of about so many lists, (lists, dim): where they are many, from clusters of
    clusters of ``sample``."""
    if lists <= _ONE_LEVEL:
        centroids: Vectors = _clustered(sample, lists).centroids
        return centroids
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


def _finder(centroids: Vectors) -> Any:
    """Finds the ``centroids`` (lists, dim) nearest to a vector, by exact comparison with those that
    are near by their codes of four bits for each four numbers."""
    import faiss

    count, dim = centroids.shape
    finder: Any = faiss.IndexFlatIP(dim)
    if count > _FEW_LISTS and dim % 4 == 0:
        finder = faiss.index_factory(dim, f"PQ{dim // 4}x4fs,RFlat", faiss.METRIC_INNER_PRODUCT)
        finder.train(centroids)
        finder.k_factor = _NEAR_LIST
    finder.add(centroids)
    return finder


def _exact(finder: Any) -> Any:
    """The part of a finder that compares with every centroid."""
    import faiss

    finder = faiss.downcast_index(finder)
    return finder.refine_index if isinstance(finder, faiss.IndexRefine) else finder

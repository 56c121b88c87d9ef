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

from store.index.faiss_package import faiss_package
from store.index.inverted_lists import (
    exact_part,
    finder_of,
    for_queries,
    middles,
    number_of_lists,
)
from store.vectors import Ids, Vectors

_VALUES = 16  # of four bits; FAISS wants as many vectors at the least

_ONE_CORE, _SHARED_OUT = 0, 15
"""FAISS's numbers for reading the lists of a query on one core of the processor, and on several. Of
many queries, the first has each core read for some of them."""
_MANY_CODES = 100_000
"""In the lists that a query reads; of fewer, one core has the answer as soon as several."""
_CORES = 4
"""For one query, at the most: of the cores that a container sees, it often may use only some, and
those threads would wait that have none."""
_TIES = 8
"""Candidates more than are asked for: of those that seem equally near to the query, which one comes
last depends on the cores, so that the last ones are left out."""

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
        faiss = faiss_package()
        self._index = index
        self.trained_for = trained_for
        self._codebook = faiss.vector_to_array(index.pq.centroids).copy()
        self._stretch = 1.0

    @classmethod
    def train(cls, sample: Vectors, count: int) -> ApproximateIndex:
        """An empty one for about ``count`` vectors, laid out by a ``sample`` (n, dim) of them."""
        faiss = faiss_package()
        sample = np.ascontiguousarray(sample, np.float32)
        centroids = middles(sample, min(number_of_lists(count), len(sample)))
        finder, dim = finder_of(centroids), sample.shape[1]
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
        faiss = faiss_package()
        try:
            index = faiss.deserialize_index(np.frombuffer(stored, np.uint8))
        except (RuntimeError, MemoryError) as error:
            raise ValueError("not a FAISS index") from error
        if not isinstance(index, faiss.IndexIVFPQFastScan):
            raise ValueError("a different kind of FAISS index")
        return cls(index, trained_for)

    def stored(self) -> memoryview:
        """All of it as bytes, for a file; nobody may search it meanwhile."""
        faiss = faiss_package()
        with self._as_trained():
            stored: memoryview = faiss.serialize_index(self._index).data
        return stored

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
        faiss = faiss_package()
        selector = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
        codes = lists * self._index.ntotal / self._index.nlist
        self._index.implem = _SHARED_OUT if codes > _MANY_CODES else _ONE_CORE
        with _few_cores():
            both = self._search(query[None], count + _TIES, lists, selector)
        nearest, products = (one[0] for one in both)
        if nearest[-1] >= 0:
            surely = products > products[-1]
            if np.count_nonzero(surely) > count // 2:
                nearest = nearest[surely]
        places: Ids = nearest[nearest >= 0]
        return places

    # -- to measure it by, see ``store.index.effort`` --------------------------------------------

    def propose_each(self, queries: Vectors, count: int, lists: int) -> Ids:
        """Places of vectors near each query, (q, count), the likeliest first; -1 for none."""
        self._index.implem = _ONE_CORE
        return self._search(np.ascontiguousarray(queries, np.float32), count, lists, None)[0]

    def list_ranks(self, queries: Vectors) -> Ids:
        """In which place each list is read for each query: (q, lists), from 1."""
        queries = np.ascontiguousarray(queries, np.float32)
        order = exact_part(self._index.quantizer).search(queries, self._index.nlist)[1]
        ranks: Ids = np.empty_like(order)
        np.put_along_axis(ranks, order, np.arange(1, self._index.nlist + 1)[None], 1)
        return ranks

    def lists_of(self, rows: int) -> Ids:
        """In which list each of ``rows`` is, (rows,); 0 where a row is in none."""
        faiss = faiss_package()
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
        faiss = faiss_package()
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

    def _search(
        self, queries: Vectors, count: int, lists: int, selector: Any
    ) -> tuple[Ids, Vectors]:
        """Places, (q, count), and about their inner products, (q, count), greatest first."""
        faiss = faiss_package()
        how = faiss.SearchParametersIVF()
        how.nprobe, how.sel = min(lists, self._index.nlist), selector
        of_lists = for_queries(self._index.quantizer)
        if of_lists:
            how.quantizer_params = of_lists
        products, nearest = self._index.search(queries, count, params=how)
        return nearest, products


@contextmanager
def _few_cores() -> Iterator[None]:
    """Meanwhile, what this thread has FAISS do runs on at most ``_CORES``."""
    faiss = faiss_package()
    cores = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(min(cores, _CORES))
    try:
        yield
    finally:
        faiss.omp_set_num_threads(cores)

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

from store.vectors import Ids, Vectors

_LISTS_READ = 192
"""For one query: recall@10 of 0.995 (1,024 lists) to 0.998 (4,096), in 0.4 to 1.1 ms."""

_TRAINING_ROWS = 40  # for each list; k-means gains nothing from more
_OUTGROWN = 4
"""Trained for a quarter of its vectors or less, its lists are too long for their number."""


class ApproximateIndex:
    """Proposes places (row numbers) of vectors near a query.

    Attributes:
        trained_for: how many vectors there were when its lists were laid out.
    """

    def __init__(self, index: Any, trained_for: int) -> None:
        self._index = index
        self.trained_for = trained_for
        index.nprobe = min(_LISTS_READ, index.nlist)

    @classmethod
    def train(cls, sample: Vectors, count: int) -> ApproximateIndex:
        """An empty one for about ``count`` vectors, laid out by a ``sample`` (n, dim) of them."""
        import faiss

        lists = min(_lists(count), len(sample))
        kind = f"IVF{lists},RaBitQ2"
        index = faiss.index_factory(sample.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
        index.train(np.ascontiguousarray(sample, np.float32))
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
        if not isinstance(index, faiss.IndexIVF):
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
        self._index.add_with_ids(np.ascontiguousarray(vectors, np.float32), places)

    def remove(self, places: Ids) -> None:
        self._index.remove_ids(places)

    def propose(self, query: Vectors, count: int) -> Ids:
        """Places of about ``count`` vectors near ``query`` (dim,), in no order."""
        _, nearest = self._index.search(query[None], count)
        places: Ids = nearest[0][nearest[0] >= 0]
        return places


def sample_size(count: int) -> int:
    """How many of ``count`` vectors to train with."""
    return min(count, _lists(count) * _TRAINING_ROWS)


def _lists(count: int) -> int:
    return int(2 ** round(np.log2(4 * count**0.5)))

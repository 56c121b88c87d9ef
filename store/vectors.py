"""The protocol of every vector index; ``tests/test_vectors.py`` is its contract."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Vectors = NDArray[np.float32]

_EXPECTED = 1e-3  # how far a vector's length may be from 1


def are_unit(vectors: Vectors) -> NDArray[np.bool_]:
    """(n, dim) to (n,): whether each is finite and of unit length."""
    with np.errstate(over="ignore", invalid="ignore"):
        squares = np.einsum("nd,nd->n", vectors, vectors)
        return np.asarray(np.abs(np.sqrt(squares) - 1) <= _EXPECTED, np.bool_)  # false for NaN


def spread(ids: Ids, count: int) -> Ids:
    """About ``count`` of ``ids`` (n,), from all over them."""
    return ids[:: max(1, len(ids) // count)][:count]


def united(*ids: Ids) -> Ids:
    """All of ``ids``, each (n,), in order and each once: (m,).

    ``np.unique`` does the same, but first imports masked arrays, which a search has no use for.
    """
    ordered = np.sort(np.concatenate(ids))
    first = np.ones(len(ordered), np.bool_)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def without(ids: Ids, others: Ids) -> Ids:
    """Those of ``ids`` (n,) that are not among ``others`` (k,), in order and each once: (m,)."""
    each = united(ids)
    return each[~np.isin(each, others)]


class VectorSearch(Protocol):
    """Nearest neighbours by cosine among unit-length vectors, each under an id of its own."""

    @property
    def dim(self) -> int:
        """The length of every vector."""

    def __len__(self) -> int:
        """How many vectors it holds."""

    def ids(self) -> Ids:
        """All ids, (n,) int64, in no set order."""

    def some(self, count: int) -> Ids:
        """About ``count`` of the ids, spread evenly over all of them."""

    def among(self, ids: Ids) -> Ids:
        """Those of ``ids`` (n,) that it holds, in their order."""

    def vectors(self, ids: Ids) -> Vectors:
        """The vectors under ``ids`` (n,), all of which it holds: (n, dim) float32.

        Raises:
            KeyError: it does not hold one of them.
        """

    def search(self, query: Vectors, k: int, ids: Ids | None = None) -> tuple[Ids, Vectors]:
        """The ``k`` nearest to ``query`` (dim,), best first, of all or only of ``ids`` (n,).

        Returns ids (m,) and cosines (m,) float32, m = min(k, number of candidates).
        """

    def count_above(self, query: Vectors, cosine: float) -> int:
        """How many of the vectors have a cosine with ``query`` (dim,) above ``cosine``."""

    def share_below(self, query: Vectors, cosine: float) -> float:
        """The part, 0 to 1, of the vectors whose cosine with ``query`` (dim,) is below ``cosine``;
        of very many, that of a sample."""


class VectorIndex(VectorSearch, Protocol):
    """The same, to be filled."""

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add ``vectors`` (n, dim) float32, unit length, under ``ids`` (n,), none there yet."""

    def remove(self, ids: Ids) -> None:
        """Remove ``ids`` (n,); those it does not hold are passed over."""


class Without:
    """A ``VectorSearch`` among those of ``index`` only that are not ``left_out`` (n,): a few of it.

    Unlike ``Narrowed`` it holds no list of all the others.
    """

    def __init__(self, index: VectorSearch, left_out: Ids) -> None:
        self._index, self._left_out = index, index.among(left_out)

    @property
    def dim(self) -> int:
        return self._index.dim

    def __len__(self) -> int:
        return len(self._index) - len(self._left_out)

    def ids(self) -> Ids:
        return self._kept(self._index.ids())

    def some(self, count: int) -> Ids:
        return self._kept(self._index.some(count))

    def among(self, ids: Ids) -> Ids:
        return self._index.among(self._kept(ids))

    def vectors(self, ids: Ids) -> Vectors:
        return self._index.vectors(ids)

    def search(self, query: Vectors, k: int, ids: Ids | None = None) -> tuple[Ids, Vectors]:
        if ids is not None:
            return self._index.search(query, k, self._kept(ids))
        near, cosines = self._index.search(query, k + len(self._left_out))
        kept = ~np.isin(near, self._left_out)
        return near[kept][:k], cosines[kept][:k]

    def count_above(self, query: Vectors, cosine: float) -> int:
        return self._index.count_above(query, cosine) - int((self._lost(query) > cosine).sum())

    def share_below(self, query: Vectors, cosine: float) -> float:
        below = self._index.share_below(query, cosine) * len(self._index)
        share = (below - int((self._lost(query) < cosine).sum())) / max(1, len(self))
        return float(np.clip(share, 0, 1))

    def _kept(self, ids: Ids) -> Ids:
        return ids[~np.isin(ids, self._left_out)]

    def _lost(self, query: Vectors) -> Vectors:
        """The cosines of what is left out with ``query`` (dim,), (n,)."""
        cosines: Vectors = self._index.vectors(self._left_out) @ query
        return cosines


class Narrowed:
    """A ``VectorSearch`` among those of ``index`` only that ``ids`` (n,) allow, in its order."""

    def __init__(self, index: VectorSearch, ids: Ids) -> None:
        self._index, self._allowed = index, ids

    @property
    def dim(self) -> int:
        return self._index.dim

    def __len__(self) -> int:
        """At most: ids that are allowed and that ``index`` lacks count as well."""
        return len(self._allowed)

    def ids(self) -> Ids:
        return self._index.among(self._allowed)

    def some(self, count: int) -> Ids:
        return spread(self.ids(), count)

    def among(self, ids: Ids) -> Ids:
        return self._index.among(ids[np.isin(ids, self._allowed)])

    def vectors(self, ids: Ids) -> Vectors:
        return self._index.vectors(ids)

    def search(self, query: Vectors, k: int, ids: Ids | None = None) -> tuple[Ids, Vectors]:
        within = self._allowed if ids is None else ids[np.isin(ids, self._allowed)]
        return self._index.search(query, k, within)

    def count_above(self, query: Vectors, cosine: float) -> int:
        return int((self.search(query, len(self))[1] > cosine).sum())

    def share_below(self, query: Vectors, cosine: float) -> float:
        return float((self.search(query, len(self))[1] < cosine).mean())

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


class VectorIndex(Protocol):
    """Nearest neighbours by cosine among unit-length vectors, each under an id of its own."""

    @property
    def dim(self) -> int:
        """The length of every vector."""

    def __len__(self) -> int:
        """How many vectors it holds."""

    def ids(self) -> Ids:
        """All ids, (n,) int64, in no set order."""

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add ``vectors`` (n, dim) float32, unit length, under ``ids`` (n,), none there yet."""

    def remove(self, ids: Ids) -> None:
        """Remove ``ids`` (n,); ids that it does not hold are ignored."""

    def vectors(self, ids: Ids) -> Vectors:
        """The vectors under ``ids`` (n,), all of which it holds: (n, dim) float32."""

    def search(self, query: Vectors, k: int, ids: Ids | None = None) -> tuple[Ids, Vectors]:
        """The ``k`` nearest to ``query`` (dim,), best first, of all or only of ``ids`` (n,).

        Returns ids (m,) and cosines (m,) float32, m = min(k, number of candidates).
        """

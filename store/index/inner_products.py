"""Inner products of a query with the rows of an index, by FAISS where these are many."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from store.index.faiss_package import faiss_package
from store.vectors import Vectors

_WITHOUT_FAISS = 20_000
"""Up to so many rows NumPy takes 1 ms longer at the most, and importing FAISS 100 ms."""

Products = Callable[[Vectors, Vectors], Vectors]
"""Gives the inner products of a query (dim,) with rows (n, dim): (n,) float32."""


def products_in(rows: int) -> Products:
    """What compares in an index of so many rows: one kernel for all of it, so that a photo's score
    is the same in any search."""
    return _of_few if rows <= _WITHOUT_FAISS else _of_many


def _of_many(query: Vectors, rows: Vectors) -> Vectors:
    """By the kernel of FAISS's flat index, which wants neither a copy of the rows nor an index."""
    faiss = faiss_package()
    rows = np.ascontiguousarray(rows)
    products = np.empty(len(rows), np.float32)
    faiss.fvec_inner_products_ny(
        *(faiss.swig_ptr(array) for array in (products, query, rows)), rows.shape[1], len(rows)
    )
    return products


def _of_few(query: Vectors, rows: Vectors) -> Vectors:
    """As ``_of_many``, but for rounding, without FAISS.

    Not ``rows @ query``, where the rounding of a product depends on which rows are beside it.
    """
    products: Vectors = np.einsum("nd,d->n", rows, query)
    return products

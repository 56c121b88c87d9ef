"""Pairs of photos that may be copies of one picture, before anybody compares them.

Those that the model finds alike, and those whose signatures say that one is the other turned, which
a model does not see.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from store.vectors import Ids, Vectors, VectorSearch

NEAREST = 20
"""Of each photo, so many that the model finds most alike are compared with it at most."""

_ALIKE = (0.7, 0.9)
"""The cosine from which on two pictures are compared, at least and at most. In between it is nearer
to 1 than the library's usual cosine by ``_NEARER``. ``benchmarks.duplicates`` says how many copies
are above it, and how many pairs it lets through."""
_NEARER = 0.67

_TURNED = 0.97
"""The cosine of two signatures from which on one picture may be the other, turned."""

_BLOCK = 2_000
_EXACT_UP_TO = 100_000  # photos, compared all with all; more are compared with the nearest

Pair = tuple[int, int]


def alike(index: VectorSearch, ids: Ids) -> Iterator[tuple[int, int, float]]:
    """Pairs of ``ids`` (n,), in order, that the model finds alike: smaller id, greater, cosine."""
    least = least_cosine(index)
    for start in range(0, len(ids), _BLOCK):
        block = ids[start : start + _BLOCK]
        for one, others in zip(block.tolist(), _nearest(index, ids, block, least), strict=True):
            for other, cosine in others:
                if other != one:
                    yield min(one, other), max(one, other), cosine


def least_cosine(index: VectorSearch) -> float:
    """The cosine from which on two pictures are compared; see ``_ALIKE``."""
    sample = index.vectors(index.some(500))
    if len(sample) < 2:
        return _ALIKE[0]
    total = float(np.square(np.linalg.norm(sample.sum(axis=0))))
    usual = (total - len(sample)) / (len(sample) * (len(sample) - 1))
    return float(np.clip(usual + _NEARER * (1 - usual), *_ALIKE))


def _nearest(
    index: VectorSearch, ids: Ids, block: Ids, least: float
) -> Iterator[list[tuple[int, float]]]:
    """Of each photo of ``block``, those from the cosine ``least`` on, ``NEAREST`` at most."""
    vectors = index.vectors(block)
    if len(ids) > _EXACT_UP_TO:
        wanted = NEAREST + 1
        spare = min(wanted, len(index) - len(ids))  # for what is in the index and not in ``ids``
        for vector in vectors:
            others, cosines_of = index.search(vector, wanted + spare)
            own = ids[np.minimum(np.searchsorted(ids, others), len(ids) - 1)] == others
            yield _from(least, others[own][:wanted], cosines_of[own][:wanted])
        return
    most = np.zeros((len(block), 0), np.float32)
    nearest = np.zeros((len(block), 0), np.int64)
    for start in range(0, len(ids), _BLOCK):
        part = ids[start : start + _BLOCK]
        cosines = np.concatenate([most, vectors @ index.vectors(part).T], axis=1)
        numbers = np.concatenate([nearest, np.broadcast_to(part, (len(block), len(part)))], axis=1)
        if cosines.shape[1] > NEAREST + 1:
            places = np.argpartition(-cosines, NEAREST, axis=1)[:, : NEAREST + 1]
            cosines = np.take_along_axis(cosines, places, axis=1)
            numbers = np.take_along_axis(numbers, places, axis=1)
        most, nearest = cosines, numbers
    for row, row_cosines in zip(nearest, most, strict=True):
        yield _from(least, row, row_cosines)


def _from(least: float, ids: Ids, cosines: Vectors) -> list[tuple[int, float]]:
    enough = cosines >= least
    return list(zip(ids[enough].tolist(), cosines[enough].tolist(), strict=True))


def turned_alike(ids: Ids, signatures: Vectors) -> Iterator[Pair]:
    """Pairs (smaller id, greater id) of ``ids`` (n,) whose ``signatures`` (n, k) are as near as
    those of one picture turned; ids in order."""
    for start in range(0, len(ids), _BLOCK):
        block = signatures[start : start + _BLOCK]
        for second in range(start, len(ids), _BLOCK):
            cosines = block @ signatures[second : second + _BLOCK].T
            rows, columns = np.nonzero(cosines >= _TURNED)
            for row, column in zip(
                (start + rows).tolist(), (second + columns).tolist(), strict=True
            ):
                if row < column:
                    yield int(ids[row]), int(ids[column])

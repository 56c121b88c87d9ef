"""Pairs of photos that are copies of one picture, by what they look like.

First the pairs that may be copies are listed: those that the model finds alike, and those whose
signatures say that one is the other turned, which a model does not see. Then the pictures of each
pair are compared.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from indexer.pictures.looks import SIGNATURE, LookReader
from indexer.pictures.placing import Look
from indexer.pictures.same_picture import Change, Grey, copy_of
from store.library import Library
from store.values import ModelInfo
from store.vectors import Ids, Vectors, VectorSearch

NEAREST = 20
"""Of each photo, so many that the model finds most alike are compared with it at most."""

_ALIKE = (0.7, 0.9)
"""The cosine from which on two pictures are compared, at least and at most. In between it is nearer
to 1 than the library's usual cosine by ``_NEARER``. ``benchmarks.duplicates`` says how many copies
are above it, and how many pairs it lets through."""
_NEARER = 0.67

_FIRST = 0.85
"""Pairs from this cosine on come first: what they join need not be compared again."""

_TURNED = 0.97
"""The cosine of two signatures from which on one picture may be the other, turned."""

_BLOCK = 2_000
_EXACT_UP_TO = 100_000  # photos, compared all with all; more are compared with the nearest
_PART = 500  # pairs that are compared before the next are read
_KEPT = 1_500  # pictures in memory, 0.2 MB each

Pair = tuple[int, int]
_T = TypeVar("_T")


@dataclass(frozen=True)
class NearPair:
    """The ids of two contents that are copies, the smaller first, and how they differ the most."""

    one: int
    other: int
    change: Change


def near_pairs(
    library: Library, model: ModelInfo, workers: int | None = None
) -> Iterator[NearPair]:
    """All pairs of copies that are not the same bytes; of those in one group, some may be missing.

    Args:
        workers: threads that read and compare; by default one a core.
    """
    index = library.index(model).index
    ids = np.sort(index.ids())
    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        photos = _Photos(library, pool)
        candidates = dict.fromkeys(turned_alike(ids, photos.signatures(ids)), 1.0)
        for one, other, cosine in alike(index, ids):
            candidates.setdefault((one, other), cosine)
        yield from photos.copies(sorted(p for p, cosine in candidates.items() if cosine >= _FIRST))
        yield from photos.copies(sorted(p for p, cosine in candidates.items() if cosine < _FIRST))


def alike(index: VectorSearch, ids: Ids) -> Iterator[tuple[int, int, float]]:
    """Pairs of ``ids`` (n,) that the model finds alike: smaller id, greater id, cosine."""
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
        for vector in vectors:
            others, cosines_of = index.search(vector, NEAREST + 1)
            yield _from(least, others, cosines_of)
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


class _Photos:
    """Reads the pictures of contents, and compares them."""

    def __init__(self, library: Library, pool: ThreadPoolExecutor) -> None:
        self._library, self._pool = library, pool
        self._reader = LookReader(library.thumbnails)
        self._looks: OrderedDict[int, Look | None] = OrderedDict()
        self._joined = Groups()

    def signatures(self, ids: Ids) -> Vectors:
        """The signatures of ``ids`` (n,): (n, k); zeros of what can't be read."""
        signatures: Vectors = np.zeros((len(ids), SIGNATURE), np.float32)
        for start in range(0, len(ids), _BLOCK):
            read = self._read(ids[start : start + _BLOCK].tolist(), self._reader.signature)
            for place, one in enumerate(read):
                if one is not None:
                    signatures[start + place] = one
        return signatures

    def copies(self, pairs: Sequence[Pair]) -> Iterator[NearPair]:
        """Those of ``pairs`` that are copies; pairs that others have joined are passed over."""
        joined = self._joined
        for start in range(0, len(pairs), _PART):
            part = [pair for pair in pairs[start : start + _PART] if not joined.together(*pair)]
            self._have({id for pair in part for id in pair})
            for (one, other), change in zip(part, self._pool.map(self._change, part), strict=True):
                if change is not None:
                    joined.join(one, other)
                    yield NearPair(one, other, change)

    def _change(self, pair: Pair) -> Change | None:
        first, second = (self._looks[id] for id in pair)
        if first is None or second is None:
            return None

        return copy_of(first, second, lambda: self._larger(pair))

    def _larger(self, pair: Pair) -> tuple[Grey, Grey] | None:
        digests, photos = self._library.content_digests(pair), self._library.photos_of(pair)
        pictures = [
            self._reader.large(digests[id], [photo.path for photo in photos.get(id, ())])
            for id in pair
            if id in digests
        ]
        one, other = [*pictures, None, None][:2]
        return None if one is None or other is None else (one, other)

    def _have(self, ids: set[int]) -> None:
        """Have the looks of ``ids`` in memory, and not many more."""
        for id in ids & self._looks.keys():
            self._looks.move_to_end(id)
        new = sorted(ids - self._looks.keys())
        self._looks.update(zip(new, self._read(new, self._reader.look), strict=True))
        while len(self._looks) > max(_KEPT, len(ids)):
            self._looks.popitem(last=False)

    def _read(
        self, ids: Sequence[int], read: Callable[[bytes, Sequence[Path]], _T | None]
    ) -> list[_T | None]:
        digests = self._library.content_digests(ids)
        photos = self._library.photos_of(ids)

        def one(id: int) -> _T | None:
            paths = [photo.path for photo in photos.get(id, ())]
            return read(digests[id], paths) if id in digests else None

        return list(self._pool.map(one, ids))


class Groups:
    """Which ids belong together, because they were joined, directly or through others."""

    def __init__(self) -> None:
        self._leader: dict[int, int] = {}

    def join(self, one: int, other: int) -> None:
        self._leader[self.leader(other)] = self.leader(one)

    def together(self, one: int, other: int) -> bool:
        return self.leader(one) == self.leader(other)

    def leader(self, id: int) -> int:
        """The same id for all that are together."""
        leader = self._leader
        leader.setdefault(id, id)
        while leader[id] != id:
            leader[id] = id = leader[leader[id]]
        return id

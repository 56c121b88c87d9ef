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
from typing import Literal, TypeVar

import numpy as np

from app.alike_pairs import Pair, alike, turned_alike
from indexer.pictures.looks import SIGNATURE, LookReader
from indexer.pictures.placing import Look
from indexer.pictures.same_picture import Change, Grey, copy_of
from store.library import Library
from store.values import ModelInfo
from store.vectors import Ids, Vectors

_FIRST = 0.85
"""Pairs from this cosine on come first: what they join need not be compared again."""

_TOLD = 20  # pairs from one word of how far it is to the next
_PART = 500  # pairs that are compared before the next are read
_KEPT = 1_500  # pictures in memory, 0.2 MB each

_T = TypeVar("_T")


@dataclass(frozen=True)
class Looked:
    """How far the look for copies is: so many ``done`` of the pictures or pairs that there are."""

    what: Literal["pictures", "pairs"]
    done: int
    of: int


Progress = Callable[[Looked], None]


def untold(_looked: Looked) -> None:
    """Nobody is told."""


@dataclass(frozen=True)
class NearPair:
    """The ids of two contents that are copies, the smaller first, and how they differ the most."""

    one: int
    other: int
    change: Change


def near_pairs(
    library: Library,
    model: ModelInfo,
    workers: int | None = None,
    tell: Progress = untold,
) -> Iterator[NearPair]:
    """All pairs of copies that are not the same bytes; of those in one group, some may be missing.

    Args:
        workers: threads that read and compare; by default one a core.
        tell: takes how far it is.
    """
    index = library.index(model).index
    ids = np.setdiff1d(index.ids(), library.videos())  # a video is no copy of a photo
    with ThreadPoolExecutor(workers or os.cpu_count()) as pool:
        photos = _Photos(library, pool, tell)
        candidates = dict.fromkeys(turned_alike(ids, photos.signatures(ids)), 1.0)
        for one, other, cosine in alike(index, ids):
            candidates.setdefault((one, other), cosine)
        first = sorted(pair for pair, cosine in candidates.items() if cosine >= _FIRST)
        rest = sorted(pair for pair, cosine in candidates.items() if cosine < _FIRST)
        yield from photos.copies(first, 0, len(candidates))
        yield from photos.copies(rest, len(first), len(candidates))


class _Photos:
    """Reads the pictures of contents, and compares them."""

    def __init__(self, library: Library, pool: ThreadPoolExecutor, tell: Progress) -> None:
        self._library, self._pool, self._tell = library, pool, tell
        self._reader = LookReader(library.thumbnails)
        self._looks: OrderedDict[int, Look | None] = OrderedDict()
        self._joined = Groups()

    def signatures(self, ids: Ids) -> Vectors:
        """The signatures of ``ids`` (n,): (n, k); zeros of what can't be read."""
        signatures: Vectors = np.zeros((len(ids), SIGNATURE), np.float32)
        for start in range(0, len(ids), _PART):
            self._tell(Looked("pictures", start, len(ids)))
            read = self._read(ids[start : start + _PART].tolist(), self._reader.signature)
            for place, one in enumerate(read):
                if one is not None:
                    signatures[start + place] = one
        return signatures

    def copies(self, pairs: Sequence[Pair], done: int, of: int) -> Iterator[NearPair]:
        """Those of ``pairs`` that are copies; pairs that others have joined are passed over.

        Args:
            done: pairs that were looked at before, ``of`` all that there are.
        """
        joined = self._joined
        for start in range(0, len(pairs), _PART):
            part = [pair for pair in pairs[start : start + _PART] if not joined.together(*pair)]
            self._have({id for pair in part for id in pair})
            changes = self._pool.map(self._change, part)
            for number, ((one, other), change) in enumerate(zip(part, changes, strict=True)):
                if not number % _TOLD:
                    self._tell(Looked("pairs", done + start + number, of))
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

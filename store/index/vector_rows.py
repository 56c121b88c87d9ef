"""Vectors as the rows of an append-only file that is mapped, not read.

Opening costs the same for a thousand rows and for millions. What is added waits in memory until
``flush`` appends it to the file; whoever mapped the file before goes on seeing the rows it had.
"""

from __future__ import annotations

import mmap
import os
import weakref
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from store.files.atomic import naming
from store.vectors import Ids, Vectors

_BLOCK = 1 << 25  # bytes looked at in one go
_KEEP_MAPPED = 1 << 28
"""Bytes. A file up to this stays resident once read; of a longer one, passes let go behind them."""

_FEW = 4_000  # rows, up to which they are fetched one by one


class VectorRows:
    """(n, dim) little-endian float32. ``checksum`` is the CRC-32 of what is in the file."""

    def __init__(self, dim: int) -> None:
        self.dim = dim
        self.checksum = 0
        self._number = -1  # of the open file
        self._close: Callable[[], object] | None = None
        self._map: mmap.mmap | None = None
        self._mapped: Vectors = np.empty((0, dim), "<f4")
        self._waiting: list[Vectors] = []  # not in the file yet
        self._tail: Vectors | None = None  # the same in one piece, made when it is asked for

    @classmethod
    def open(cls, path: Path, dim: int, count: int, checksum: int) -> VectorRows:
        """The first ``count`` rows of ``path``, whose CRC-32 is ``checksum``.

        The checksum of a short file is checked; a long one would have to be read for that
        (``clipsearch doctor`` does, against the library's rows).

        Raises:
            ValueError: the file is shorter than that, or damaged.
            OSError: it can't be read.
        """
        rows = cls(dim)
        rows._mount(path, count)
        rows.checksum = checksum
        if count * dim * 4 <= _KEEP_MAPPED and zlib.crc32(rows._mapped.data) != checksum:
            raise ValueError(f"{path} is damaged")
        return rows

    def __len__(self) -> int:
        return len(self._mapped) + sum(map(len, self._waiting))

    def append(self, vectors: Vectors) -> None:
        """Add rows (n, dim) at the end, in memory."""
        self._waiting.append(np.ascontiguousarray(vectors, "<f4"))
        self._tail = None

    def flush(self, path: Path) -> None:
        """Write the rows that wait in memory to ``path``, behind those it has of this object.

        What else is there (left by a writer that was killed) is overwritten. The rows are on
        the disk when this returns, not in a cache of it.
        """
        with naming(path), path.open("r+b" if path.exists() else "wb") as file:
            file.truncate(self._mapped.nbytes)
            file.seek(self._mapped.nbytes)
            for vectors in self._waiting:
                file.write(vectors.data)
                self.checksum = zlib.crc32(vectors.data, self.checksum)
            file.flush()
            os.fsync(file.fileno())
        count = len(self)
        self._waiting, self._tail = [], None
        self._mount(path, count)

    def take(self, places: Ids) -> Vectors:
        """A copy of the rows at ``places`` (n,), in their order."""
        stored = len(self._mapped)
        taken = np.empty((len(places), self.dim), np.float32)
        if self._mapped.nbytes > _KEEP_MAPPED and len(places) > _FEW:
            order = np.argsort(places, kind="stable")
            ordered = places[order]
            for start, block in self.blocks(ordered[0], ordered[-1] + 1):
                low, high = np.searchsorted(ordered, [start, start + len(block)])
                taken[order[low:high]] = block[ordered[low:high] - start]
            return taken
        old = places < stored
        taken[old] = self._take_stored(places[old])
        if not old.all():
            taken[~old] = self._in_memory()[places[~old] - stored]
        return taken

    def blocks(self, start: int = 0, stop: int | None = None) -> Iterator[tuple[int, Vectors]]:
        """Rows ``start`` to ``stop`` as (place of the first, rows) without a copy.

        In order, in pieces of bounded size. A block is the caller's until it takes the next.
        """
        stop = len(self) if stop is None else stop
        step = max(1, _BLOCK // (4 * self.dim))
        stored = len(self._mapped)
        for first in range(start, min(stop, stored), step):
            last = min(first + step, stop, stored)
            yield first, self._mapped[first:last]
            self._let_go(first, last)
        if stop > stored:
            first = max(start, stored)
            yield first, self._in_memory()[first - stored : stop - stored]

    def _take_stored(self, places: Ids) -> Vectors:
        if self._mapped.nbytes <= _KEEP_MAPPED or not hasattr(os, "pread"):
            return self._mapped[places]
        # Through the map, each row would make up to 2 MB of its neighbours resident.
        width, number = 4 * self.dim, self._number
        read = b"".join([os.pread(number, width, width * place) for place in places.tolist()])
        return np.frombuffer(read, "<f4").reshape(-1, self.dim)

    def _in_memory(self) -> Vectors:
        if self._tail is None:
            self._tail = np.concatenate(self._waiting)
        return self._tail

    def _mount(self, path: Path, count: int) -> None:
        size = count * self.dim * 4
        if self._close is not None:
            self._close()
            self._close = None
        if not size:
            self._map, self._mapped = None, np.empty((0, self.dim), "<f4")
            return
        self._number = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
        self._close = weakref.finalize(self, os.close, self._number)
        if os.fstat(self._number).st_size < size:
            raise ValueError(f"{path} is too short")
        self._map = mmap.mmap(self._number, size, access=mmap.ACCESS_READ)
        self._mapped = np.frombuffer(self._map, "<f4").reshape(count, self.dim)

    def _let_go(self, first: int, last: int) -> None:
        """Keep a pass over a long file from making all of it resident (it stays in the cache)."""
        if self._mapped.nbytes <= _KEEP_MAPPED or not hasattr(mmap, "MADV_DONTNEED"):
            return
        assert self._map is not None
        page = mmap.ALLOCATIONGRANULARITY
        start = -(-first * self.dim * 4 // page) * page
        length = last * self.dim * 4 // page * page - start
        if length > 0:
            self._map.madvise(mmap.MADV_DONTNEED, start, length)

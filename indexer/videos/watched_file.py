"""A video's file as PyAV reads it: one that would have it search for ever ends at some time."""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import BinaryIO

TIME_LIMIT = 30.0
"""Seconds after which no more of a video is read. A 10-hour one takes about one."""


class Clock:
    """How long a video was worked at, and what went wrong with its file: ``broken``."""

    def __init__(self) -> None:
        self._end = time.monotonic() + TIME_LIMIT
        self.broken: OSError | None = None

    @property
    def is_over(self) -> bool:
        """Whether no more is to be read."""
        return self.broken is not None or time.monotonic() > self._end

    @contextmanager
    def waiting(self, turn: AbstractContextManager[None]) -> Iterator[None]:
        """Hold ``turn`` in this block; the time that it is waited for does not count."""
        with ExitStack() as held:
            asked = time.monotonic()
            held.enter_context(turn)
            self._end += time.monotonic() - asked
            yield


class WatchedFile:
    """What ``av.open`` takes; it has no more bytes once the time of ``clock`` is over.

    What goes wrong is not raised: PyAV may print it or lose it, and looking for frames goes on at
    other places. Who opens the file raises it in the end, as ``clock.broken``.
    """

    def __init__(self, file: BinaryIO, clock: Clock) -> None:
        self._file, self._clock = file, clock
        file.seek(0)

    def read(self, size: int) -> bytes:
        if self._clock.is_over:
            return b""
        try:
            return self._file.read(size)
        except OSError as error:
            self._clock.broken = error
            return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        if self._clock.broken is not None:
            return -1
        try:
            return self._file.seek(offset, whence)
        except OSError as error:
            if error.errno != errno.EINVAL:  # to where there can be nothing, in a damaged file
                self._clock.broken = error
            return -1

    def tell(self) -> int:
        return self._file.tell()

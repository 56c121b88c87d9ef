"""A video's file as PyAV reads it: one that would have it search for ever ends at some time."""

from __future__ import annotations

import time
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
        return time.monotonic() > self._end


class WatchedFile:
    """What ``av.open`` takes; it has no more bytes once the time of ``clock`` is over."""

    def __init__(self, file: BinaryIO, clock: Clock) -> None:
        self._file, self._clock = file, clock
        file.seek(0)

    def read(self, size: int) -> bytes:
        if self._clock.is_over:
            return b""
        try:
            return self._file.read(size)
        except OSError as error:  # which FFmpeg would make an error of its own of
            self._clock.broken = error
            raise

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

"""Files that may still be being written: they are left alone until they have settled."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from indexer.folders.scan import ScannedFile

CLOSED_S = 0.3
"""How long a file has to stay as it is once its writer has closed it;"""
QUIET_S = 1.0
"""where nobody tells when that is: a second without a new size or time;"""
OPEN_S = 30.0
"""and where a writer is known to have it open: for so long at most."""
_OFTEN_S = 60.0  # a file that changes again and again is read no more often than this
_MANY = 3  # changes, after which that begins
_YOUNG_S = 10.0  # a file that was changed longer ago is not being written
_FORGET_S = 600.0


@dataclass
class _Sighting:
    """What a file was like when it was looked at, and since when."""

    size: int
    mtime_ns: int
    since: float
    is_open: bool | None  # None: nobody tells
    changes: int = 0

    @property
    def wait(self) -> float:
        """Seconds that it has to stay as it is."""
        calm = {None: QUIET_S, True: OPEN_S, False: CLOSED_S}[self.is_open]
        often = 2.0 ** (self.changes - _MANY) if self.changes > _MANY else 0.0
        return max(calm, min(often, _OFTEN_S))


class Settling:
    """Remembers files as they were seen; safe to share by threads.

    Attributes:
        held: files that were not settled, and when they may be (on the monotonic clock).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: dict[Path, _Sighting] = {}
        self.held: dict[Path, float] = {}

    def note(self, path: Path, is_open: bool | None) -> float:
        """Take note of a change of a file; returns in how many seconds it may have settled.

        Args:
            is_open: whether somebody still writes it; None if that isn't known.
        """
        try:
            facts = path.stat()
        except OSError:
            return CLOSED_S
        with self._lock:
            seen = self._see(path, facts.st_size, facts.st_mtime_ns)
            seen.is_open = is_open
            return seen.wait

    def is_unsettled(self, path: Path, file: ScannedFile) -> bool:
        """Whether ``file``, met at ``path``, may still be being written; if so, it is held."""
        now = time.monotonic()
        with self._lock:
            young = abs(time.time() - file.mtime_ns / 1e9) < _YOUNG_S
            if path not in self._seen and not young:
                return False
            seen = self._see(path, file.size, file.mtime_ns)
            left = seen.since + seen.wait - now
            if left <= 0:
                return False
            self.held[path] = now + left
            return True

    def _see(self, path: Path, size: int, mtime_ns: int) -> _Sighting:
        now = time.monotonic()
        seen = self._seen.get(path)
        if seen is None:
            seen = self._seen[path] = _Sighting(size, mtime_ns, now, None)
        elif (seen.size, seen.mtime_ns) != (size, mtime_ns):
            seen.changes += now - seen.since > seen.wait  # it had settled before
            seen.size, seen.mtime_ns, seen.since = size, mtime_ns, now
        return seen

    def take_held(self) -> dict[Path, float]:
        """The files that were held since the last call, and when they may have settled."""
        with self._lock:
            held, self.held = self.held, {}
            return held

    def forget_old(self) -> None:
        """Forget files that have not changed for ten minutes."""
        now = time.monotonic()
        with self._lock:
            old = [path for path, seen in self._seen.items() if now - seen.since > _FORGET_S]
            for path in old:
                del self._seen[path]

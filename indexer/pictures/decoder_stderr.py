"""Keeps what C libraries write to standard error while they decode away from the terminal.

libtiff, for example, reports each damaged file in lines of its own, straight to file descriptor 2.
While ``caught`` is open, that descriptor leads to a temporary file, and Python's own ``sys.stderr``
to a duplicate of the real one, so that messages and progress bars come through.

libtiff's error handler could be set instead, but not on Windows, where it is linked into Pillow and
out of reach, and other libraries would need other handlers. It is a file and not a pipe, which
would have to be drained, and on which a library could wait while it holds a lock. The price: the
output of a library just before it kills the process is lost. With ``CLIPSEARCH_DEBUG`` nothing is
caught.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

_STDERR = 2
_ENOUGH = 1_000_000  # bytes; then the file is emptied
_SHOWN = 300  # characters of a reason


class _Catch:
    """Descriptor 2, which leads to a temporary file until ``close``.

    Raises:
        OSError: there is no standard error, or no temporary file can be made.
    """

    def __init__(self) -> None:
        self._real = os.dup(_STDERR)
        try:
            handle, name = tempfile.mkstemp(prefix="clipsearch-")
        except OSError:
            os.close(self._real)
            raise
        os.close(handle)
        self._path = Path(name)
        # Opened twice, for a position to append at and one to read from.
        self._end = os.open(name, os.O_WRONLY | os.O_APPEND)
        self._reader = open(name, "rb", buffering=0)  # noqa: SIM115, PTH123
        with contextlib.suppress(OSError):  # Windows does not remove an open file
            self._path.unlink()
        self._before: TextIO = sys.stderr
        self._ours: TextIO | None = None
        if _is_real(sys.stderr):
            sys.stderr.flush()
            self._ours = os.fdopen(
                os.dup(self._real),
                "w",
                buffering=1,
                encoding=sys.stderr.encoding,
                errors=sys.stderr.errors,
            )
            sys.stderr = self._ours
        os.dup2(self._end, _STDERR)

    def mark(self) -> int:
        end = os.fstat(self._end).st_size
        if end > _ENOUGH:
            os.ftruncate(self._end, 0)
            return 0
        return end

    def since(self, start: int) -> str:
        self._reader.seek(start)
        return self._reader.read(_ENOUGH).decode("utf-8", "replace")

    def close(self) -> None:
        os.dup2(self._real, _STDERR)
        os.close(self._real)
        if self._ours is not None:
            if sys.stderr is self._ours:
                sys.stderr = self._before
            self._ours.close()
        self._reader.close()
        os.close(self._end)
        self._path.unlink(missing_ok=True)


_lock = threading.Lock()
_catch: _Catch | None = None
_users = 0


@contextlib.contextmanager
def caught() -> Iterator[None]:
    """Catch what is written to descriptor 2 in this block, which several threads may enter."""
    global _catch, _users
    with _lock:
        if _users == 0 and not os.environ.get("CLIPSEARCH_DEBUG"):
            with contextlib.suppress(OSError):  # then nothing is caught
                _catch = _Catch()
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if _users == 0 and _catch is not None:
                _catch.close()
                _catch = None


def mark() -> int:
    """The position in the caught output, for ``since`` to begin at."""
    with _lock:
        if _catch is None:
            return 0
        return _catch.mark()


def since(start: int) -> str:
    """The output since ``mark`` gave ``start``, on one line; "" if nothing was caught."""
    with _lock:
        if _catch is None:
            return ""
        written = _catch.since(start)
    lines = (line.removeprefix("tempfile.tif: ") for line in written.splitlines())
    return "; ".join(dict.fromkeys(" ".join(line.split()) for line in lines if line))[:_SHOWN]


def _is_real(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.fileno() == _STDERR
    except (OSError, ValueError, AttributeError):  # replaced, by a test for example
        return False

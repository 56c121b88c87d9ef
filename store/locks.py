"""The lock of a library: one process at a time changes what a search can find."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.errors import LibraryBusy

_LOCK = "writer.lock"
_MAKING_S = 30.0  # longer than it takes anybody to make an empty library


@contextmanager
def locked(folder: Path, *, wait: float = 0) -> Iterator[None]:
    """Hold the lock of the library in ``folder``; wait for it for some seconds.

    It dies with its process, so a kill never leaves a library locked.

    Raises:
        LibraryBusy: another process (or thread) holds it.
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(folder / _LOCK, timeout=wait):
            yield
    except Timeout as error:
        raise LibraryBusy(
            f"Another clipsearch is changing the library in {folder}. "
            "Wait until it is done, or stop it; searching works meanwhile."
        ) from error


@contextmanager
def making(folder: Path) -> Iterator[None]:
    """Hold the same lock while a library is made; whoever wants to make it too waits for that.

    Raises:
        LibraryBusy: another process holds it for longer than making a library takes.
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(folder / _LOCK, timeout=_MAKING_S):
            yield
    except Timeout as error:
        raise LibraryBusy(f"Another clipsearch is at work in {folder}.") from error

"""The locks of a library: one process at a time changes what a search can find, and one watches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.errors import LibraryBusy

_LOCK = "writer.lock"
_WATCH_LOCK = "watch.lock"
_MAKING_S = 30.0  # longer than it takes anybody to make an empty library
_WATCHER_S = 60.0  # longer than a watcher holds the lock at a time
_GLANCE_S = 1.0  # longer than ``patience`` holds the watcher's lock


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


@contextmanager
def watching(folder: Path) -> Iterator[None]:
    """Be the one that watches the folders of a library, whose own folder this is.

    Raises:
        LibraryBusy: another process watches them.
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(folder / _WATCH_LOCK, timeout=_GLANCE_S):
            yield
    except Timeout as error:
        raise LibraryBusy(
            f"Another clipsearch watches the folders of the library in {folder} already."
        ) from error


def patience(folder: Path) -> float:
    """For how many seconds to wait for the lock of the library in ``folder``.

    Whoever watches its folders holds it for some seconds at a time, and is waited for; a run of
    another kind may take hours.
    """
    if not (folder / _WATCH_LOCK).exists():
        return 0
    from filelock import FileLock, Timeout

    try:
        with FileLock(folder / _WATCH_LOCK, timeout=0):
            return 0
    except Timeout:
        return _WATCHER_S

"""The locks of a library: one process at a time changes what a search can find, and one watches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from store.errors import LibraryBusy

_LOCK = "writer.lock"
_WATCH_LOCK = "watch.lock"
_MAKING_S = 30.0  # longer than it takes anybody to make an empty library
_WATCHER_S = 60.0  # longer than a watcher holds the lock at a time
_GLANCE_S = 1.0  # longer than ``patience`` holds the watcher's lock


def locked(folder: Path, *, wait: float = 0) -> AbstractContextManager[None]:
    """Hold the lock of the library in ``folder``; wait for it for some seconds.

    It dies with its process, so a kill never leaves a library locked.

    Raises:
        LibraryBusy: another process (or thread) holds it.
    """
    busy = (
        f"Another clipsearch is changing the library in {folder}. "
        "Wait until it is done, or stop it; searching works meanwhile."
    )
    return _held(folder / _LOCK, wait, busy)


def making(folder: Path) -> AbstractContextManager[None]:
    """Hold the same lock while a library is made; whoever wants to make it too waits for that.

    Raises:
        LibraryBusy: another process holds it for longer than making a library takes.
    """
    return _held(folder / _LOCK, _MAKING_S, f"Another clipsearch is at work in {folder}.")


def watching(folder: Path) -> AbstractContextManager[None]:
    """Be the one that watches the folders of a library, whose own folder this is.

    Raises:
        LibraryBusy: another process watches them.
    """
    busy = f"Another clipsearch watches the folders of the library in {folder} already."
    return _held(folder / _WATCH_LOCK, _GLANCE_S, busy)


def patience(folder: Path) -> float:
    """For how many seconds to wait for the lock of the library in ``folder``.

    Whoever watches its folders holds it for some seconds at a time, and is waited for; a run of
    another kind may take hours.
    """
    if not (folder / _WATCH_LOCK).exists():
        return 0
    try:
        with _held(folder / _WATCH_LOCK, 0, "somebody watches"):
            return 0
    except LibraryBusy:
        return _WATCHER_S


@contextmanager
def _held(lock: Path, wait: float, busy: str) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        with FileLock(lock, timeout=wait):
            yield
    except Timeout as error:
        raise LibraryBusy(busy) from error

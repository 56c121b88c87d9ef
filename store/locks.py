"""The locks of a library: one process at a time changes what a search can find, and one watches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from store.errors import LibraryBusy
from store.values import Tell

_LOCK = "writer.lock"
_WATCH_LOCK = "watch.lock"
_MEND_LOCK = "mend.lock"
_MAKING_S = 30.0  # longer than it takes anybody to make an empty library
_PATIENCE_S = 60.0  # longer than a watcher, or a search that mends, holds the lock at a time
_UNTOLD_S = 0.5  # a wait that is shorter than this is not worth a line
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


@contextmanager
def awaited(folder: Path, tell: Tell) -> Iterator[None]:
    """Hold the same lock; who holds it for some seconds only is waited for, and ``tell`` told.

    Raises:
        LibraryBusy: another process (or thread) holds it, and may do so for long.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(locked(folder))
        except LibraryBusy:
            wait = patience(folder)
            try:  # again in any case: whoever was waited for may be done by now
                stack.enter_context(locked(folder, wait=min(wait, _UNTOLD_S)))
            except LibraryBusy:
                if not wait:
                    raise
                tell("Waiting for another clipsearch, which is changing the library")
                stack.enter_context(locked(folder, wait=wait))
        yield


@contextmanager
def mending(folder: Path) -> Iterator[None]:
    """Hold the same lock while a search brings derived files up to date.

    Raises:
        LibraryBusy: another process holds it, for this or to change the library.
    """
    # First the one that says what the other is held for; it is let go of last.
    with _held(folder / _MEND_LOCK, 0, "somebody mends"), locked(folder):
        yield


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

    Whoever watches its folders holds it for some seconds at a time, and so does a search that
    mends: they are waited for. A run of another kind may take hours.
    """
    return _PATIENCE_S if is_watched(folder) or _is_held(folder / _MEND_LOCK) else 0


def is_watched(folder: Path) -> bool:
    """Whether somebody watches the folders of the library in ``folder``."""
    return _is_held(folder / _WATCH_LOCK)


def _is_held(lock: Path) -> bool:
    if not lock.exists():
        return False
    try:
        with _held(lock, 0, "somebody has it"):
            return False
    except LibraryBusy:
        return True


@contextmanager
def _held(lock: Path, wait: float, busy: str) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        with FileLock(lock, timeout=wait):
            yield
    except Timeout as error:
        raise LibraryBusy(busy) from error

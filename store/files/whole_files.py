"""Files that are there whole or not at all, for whoever needs a path to write to, as SQLite does.

``store.files.atomic`` does the same for those who take an open file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from store.errors import FileRefused
from store.files.atomic import naming

_COMPANIONS = ("", "-wal", "-shm", "-journal")  # what SQLite may leave beside a database


@contextmanager
def written_whole(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """A temporary path beside ``path`` to write to; at the end that file is synced and renamed.

    If the block raises, nothing of it stays. A kill leaves a file whose name has ``.tmp`` in it.

    Raises:
        FileRefused: there is a file at ``path``, and ``replace`` is false.
    """
    refuse_existing(path, replace)
    beside = path.with_name(f"{path.name}.tmp{os.getpid()}")
    try:
        with naming(path):
            yield beside
            sync(beside)
            refuse_existing(path, replace)
            beside.replace(path)
            sync_folder(path.parent)
    finally:
        remove_database(beside)


def refuse_existing(path: Path, replace: bool) -> None:
    """Raise ``FileRefused`` if something is at ``path`` that may not be replaced."""
    if path.is_dir() or (not replace and os.path.lexists(path)):
        raise FileRefused(f"{path} is there already: choose another name, or add --force.")


def remove_database(path: Path) -> None:
    """Remove a database file, if it is there, and what SQLite may have left beside it."""
    for ending in _COMPANIONS:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until what was written to ``path`` is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in ``folder`` are on the disk, where the system knows how to."""
    with suppress(OSError):  # Windows opens no folder; some network drives sync none
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

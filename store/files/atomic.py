"""Files that are there whole or not at all, whatever happens while they are written.

Each is written beside its place, brought to the disk, and renamed. ``write_whole`` takes the bytes,
``replaced`` gives an open file, ``written_whole`` a path, for whoever needs one (SQLite does), and
``written_beside`` leaves the renaming to the caller.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from store.errors import FileRefused

LEFT_BY_A_KILL = ".clipsearch-*.part"
"""Matches the names that files have until they are whole."""

_COMPANIONS = ("", "-wal", "-shm", "-journal")  # what SQLite may leave beside a database


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an error of the system say which file it is about: a full disk does not by itself."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def write_whole(path: Path, content: bytes, *, keep: bool = True) -> None:
    """Let ``path`` hold ``content``; what was there before stays until then.

    Args:
        keep: wait until it is on the disk. What can be made again need not survive a power cut.

    Raises:
        OSError: it can't be written.
    """
    with replaced(path, keep=keep) as file:
        file.write(content)


@contextmanager
def replaced(path: Path, *, keep: bool = True) -> Iterator[BinaryIO]:
    """A new file that takes the place of ``path`` when the block ends; see ``write_whole``."""
    with written_beside(path, keep=keep) as (beside, file):
        yield file
    beside.replace(path)


@contextmanager
def written_beside(path: Path, *, keep: bool = True) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file in the folder of ``path``, and its path, to be renamed by whoever filled it.

    When the block ends it is on the disk (see ``write_whole``). If it ends in an error, the file is
    removed.

    Raises:
        OSError: it can't be written; the error names ``path``.
    """
    beside = path.with_name(f".clipsearch-{secrets.token_hex(6)}.part")
    try:
        with naming(path), beside.open("xb") as file:
            yield beside, file
            file.flush()
            if keep:
                os.fsync(file.fileno())
    except BaseException as error:
        if isinstance(error, OSError) and error.filename == str(beside):
            error.filename = str(path)
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


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

"""SQLite files that can be read but not written: a different user's, or on a read-only disk."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from store.errors import LibraryReadOnly


def is_read_only(path: Path) -> bool:
    """Whether a SQLite file that is there can't be written to: it, or the folder it is in.

    SQLite makes files beside it to write, and even to read. Windows may say no later on.
    """
    return path.is_file() and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def connect(path: Path) -> sqlite3.Connection:
    """A connection that reads only, and makes no file.

    To be used for a short time: where nobody was writing when it was opened, it takes no notice
    of anybody who begins to.
    """
    if path.is_symlink():  # SQLite has the log beside what it leads to
        path = path.resolve()
    log, memory = (path.with_name(f"{path.name}-{end}") for end in ("wal", "shm"))
    settled = not log.exists() or (not log.stat().st_size and not memory.exists())
    # Without its log, a file in WAL mode can be read as "immutable" only. With one, that would
    # leave out all that is in there.
    options = "mode=ro&immutable=1" if settled else "mode=ro"
    uri = f"{path.absolute().as_uri()}?{options}"
    return sqlite3.connect(uri, uri=True, check_same_thread=False)


def refusal(folder: Path) -> LibraryReadOnly:
    """What is raised where something in the library in ``folder`` was to be changed."""
    return LibraryReadOnly(
        f"The library in {folder} can't be written to (it belongs to somebody else, or the disk "
        "is read-only): it can be searched, but nothing in it can be changed."
    )


def is_denied(error: object) -> bool:
    """Whether SQLite said that it may not write, or not open, a file."""
    code = getattr(error, "sqlite_errorcode", None) or 0
    return code & 0xFF in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)

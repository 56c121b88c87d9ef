"""Whether a database file is one of ours, as far as that can be told without reading all of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from store.errors import WHEN_DAMAGED, LibraryDamaged, LibraryError, LibraryTooNew
from store.sql.dialect.file_header import read_header
from store.sql.dialect.upgrades import SCHEMA_VERSION

if TYPE_CHECKING:  # SQLAlchemy is not for those who only look at the file
    from sqlalchemy import Connection

_MAGIC = b"SQLite format 3\0"
_HEADER = 100  # bytes
_SIZES = {1, *(1 << power for power in range(9, 16))}  # of pages; 1 stands for 65,536
ADVICE = f"Nothing was changed. {WHEN_DAMAGED}"


def check_file(path: Path) -> None:
    """Look at the header of the file at ``path`` before SQLite does, which takes an empty one
    for a new database.

    Raises:
        LibraryDamaged: it can't be one of ours.
        LibraryError: it can't be read.
    """
    try:
        header = read_header(path, _HEADER)
    except OSError as error:
        raise LibraryError(f"The library {path} can't be used: {error.strerror}.") from error
    if not header:
        raise LibraryDamaged(f"{path} is empty, and should hold a library. {ADVICE}")
    page = int.from_bytes(header[16:18], "big")
    if len(header) < _HEADER or not header.startswith(_MAGIC) or page not in _SIZES:
        raise LibraryDamaged(f"{path} is not a library, or its beginning is damaged. {ADVICE}")
    pages = int.from_bytes(header[28:32], "big")
    whole = pages * (65_536 if page == 1 else page)
    # What is missing may still be in the log, which SQLite writes back by and by; another process
    # may do so just now, and be done when we look for the log: so the size is looked at last.
    if path.stat().st_size < whole and not _has_log(path) and path.stat().st_size < whole:
        raise LibraryDamaged(f"{path} is cut short: it should have {whole:,} bytes. {ADVICE}")


def _has_log(path: Path) -> bool:
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def check_not_newer(version: int, what: str) -> None:
    """Raise ``LibraryTooNew`` if ``what`` has a format that only a newer clipsearch reads."""
    if version > SCHEMA_VERSION:
        raise LibraryTooNew(
            f"{what} has format {version}, this clipsearch reads up to {SCHEMA_VERSION}. "
            "Update clipsearch: pip install --upgrade clipsearch"
        )


def check_version(version: int, path: Path) -> None:
    """Raise ``LibraryTooNew``, or ``LibraryDamaged`` for a version that no library has."""
    check_not_newer(version, "This library")
    if version < 1:
        raise LibraryDamaged(f"{path} is a database without a library in it. {ADVICE}")


def check_schema(connection: Connection, path: Path) -> None:
    """Raise ``LibraryDamaged`` if a table or column is missing."""
    from store.sql.dialect import statements
    from store.sql.schema import Base

    there = statements.columns_there(connection)
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if (table.name, column.name) not in there:
                raise LibraryDamaged(
                    f"{path} is damaged: it lacks {table.name}.{column.name}. {ADVICE}"
                )

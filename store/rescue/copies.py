"""Copies of a library's database: made while others write to it, and checked before they count.

SQLite's online backup copies the pages as one read transaction sees them, so that a run that
writes meanwhile neither waits nor shows. ``VACUUM INTO`` would write a tidier file, but allows no
transaction around it, in which the rows could be counted for the comparison.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from store.checksums import checksum
from store.errors import WHEN_DAMAGED, FileRefused, LibraryDamaged, LibraryError
from store.files.atomic import written_whole

_PAGES = 2_000  # copied at a time: Ctrl-C is heard between
_TABLES = {"root", "photo", "content", "model", "embedding", "setting"}  # in every format
_CHECKSUMS = 5  # the first format that has them
_BAD_VECTORS = (
    "SELECT count(*) FROM embedding LEFT JOIN content ON content.id = embedding.content_id "
    "WHERE content.digest IS NULL OR checksum IS NOT checksum_of(content.digest, vector)"
)


@dataclass(frozen=True)
class DatabaseFacts:
    """What is in a database file.

    Attributes:
        version: its format.
        counts: how many rows each table has, by its name.
        bad_vectors: how many vectors do not match their checksums; 0 in formats without them.
    """

    version: int
    counts: dict[str, int]
    bad_vectors: int


def examine(path: Path) -> DatabaseFacts:
    """Read a database through and check it.

    Raises:
        FileRefused: it is no library's database, or there is none.
        LibraryDamaged: SQLite finds it damaged.
    """
    if not path.is_file():
        raise FileRefused(f"There is no file {path}.")
    try:
        with closing(connect_reading(path)) as connection:
            for (line,) in connection.execute("PRAGMA integrity_check(1)"):
                if line != "ok":
                    raise LibraryDamaged(f"{path} is damaged: {' '.join(line.split())}.")
            version, counts = _snapshot(connection)
            if not counts.keys() >= _TABLES or version < 1:
                raise FileRefused(f"{path} is not a clipsearch library.")
            bad = _bad_vectors(connection, version)
    except sqlite3.OperationalError as error:
        raise LibraryError(f"{path} can't be read: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise LibraryDamaged(f"{path} can't be read as a library: {error}.") from error
    return DatabaseFacts(version, counts, bad)


def copy_database(
    source: Path, target: Path, *, version: int | None = None, replace: bool = False
) -> DatabaseFacts | None:
    """Copy a library's database to ``target``, which appears only when the copy is proven whole.

    Args:
        version: copy this format only; if ``source`` has a different one, nothing is written and
            None is returned.
        replace: whether a file at ``target`` may be replaced.

    Raises:
        FileRefused: ``target`` is there already, or ``source`` is no library.
        LibraryDamaged: ``source`` is damaged.
        LibraryError: ``target`` can't be written; it names the path.
    """
    try:
        with (
            written_whole(target, replace=replace) as beside,
            closing(connect_reading(source)) as connection,
        ):
            connection.execute("BEGIN")
            before = _snapshot(connection)
            if version is not None and before[0] != version:
                raise _OtherVersion
            copy_pages(connection, beside)
            facts = _examine_copy(beside, source)
            same = (facts.version, facts.counts) == before
            if facts.bad_vectors:  # that may be the source's own
                same &= facts.bad_vectors == _bad_vectors(connection, facts.version)
            if not same:
                raise LibraryError(
                    f"The copy {target} differs from {source}: is its disk all right?"
                )
            return facts
    except _OtherVersion:
        return None
    except sqlite3.OperationalError as error:
        raise LibraryError(f"{source} can't be copied to {target}: {error}.") from error
    except sqlite3.DatabaseError as error:
        raise LibraryDamaged(
            f"{source} can't be read as a library: {error}. {WHEN_DAMAGED}"
        ) from error


def _examine_copy(copy: Path, source: Path) -> DatabaseFacts:
    """``examine``, with what is wrong said of ``source``."""
    try:
        return examine(copy)
    except LibraryDamaged as error:
        said = str(error).replace(str(copy), str(source))
        raise LibraryDamaged(f"{said} {WHEN_DAMAGED}") from error
    except FileRefused as error:
        raise FileRefused(f"{source} is not a clipsearch library.") from error


def copy_pages(source: sqlite3.Connection, target: Path) -> None:
    """Copy a database as ``source`` sees it, damage included, to a file of its own."""
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        copy.execute("PRAGMA synchronous = OFF")  # the file is synced as a whole
        source.backup(copy, pages=_PAGES, progress=lambda *_: None)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, that opens where none can be made


def keep_before_upgrade(path: Path, version: int) -> None:
    """Keep a copy of a library of an earlier format, beside it, before it is changed.

    It takes the place of the one that was kept before an earlier change.

    Raises:
        LibraryDamaged: the library is damaged: it is better not changed.
        LibraryError: the copy can't be written; nothing was changed.
    """
    kept = path.with_name(f"{path.stem}-format-{version}.db")
    needed = sum(p.stat().st_size for p in (path, path.with_name(path.name + "-wal")) if p.exists())
    free = shutil.disk_usage(path.parent).free
    try:
        if free < needed:
            raise LibraryError(f"{needed / 1e6:,.0f} MB are needed, {free / 1e6:,.0f} MB are free")
        if copy_database(path, kept, version=version, replace=True) is None:
            return  # another process has brought it up to date meanwhile
    except LibraryDamaged:
        raise
    except (LibraryError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error).rstrip(".")
        raise LibraryError(
            f"{path} has the older format {version}, and no copy of it can be kept in its folder "
            f"before it is changed: {reason}. It was not changed; an earlier clipsearch reads it."
        ) from error
    for older in path.parent.glob(f"{path.stem}-format-*.db"):
        if older != kept:
            older.unlink(missing_ok=True)


def connect_reading(path: Path) -> sqlite3.Connection:
    """A connection that changes nothing, also to a file in a folder that can't be written."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:
        connection.close()
        if path.with_name(path.name + "-wal").exists():
            raise
        connection = sqlite3.connect(f"{uri}&immutable=1", uri=True, isolation_level=None)
    except sqlite3.DatabaseError:
        connection.close()
        raise
    connection.create_function("checksum_of", 2, checksum, deterministic=True)
    return connection


class _OtherVersion(Exception):
    """The database has a different format from the one that was asked for."""


def _snapshot(connection: sqlite3.Connection) -> tuple[int, dict[str, int]]:
    """The format, and how many rows each table has."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    query = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
    names = [name for (name,) in connection.execute(query)]
    counts = {}
    for name in names:
        quoted = name.replace('"', '""')
        (counts[name],) = connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()
    return version, counts


def _bad_vectors(connection: sqlite3.Connection, version: int) -> int:
    if version < _CHECKSUMS:
        return 0
    count: int = connection.execute(_BAD_VECTORS).fetchone()[0]
    return count

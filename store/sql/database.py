"""The database file: engine, pragmas and schema version."""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext

from store.checksums import checksum
from store.errors import (
    WHEN_DAMAGED,
    LibraryDamaged,
    LibraryError,
    LibraryNotFound,
    LibraryReadOnly,
    LibraryTooNew,
)
from store.rescue.copies import keep_before_upgrade
from store.sql import file_checks, read_only
from store.sql.connections import reading_engine, writing_engine
from store.sql.fspath import from_text
from store.sql.schema import TRIGGERS, Base

SCHEMA_VERSION = 5
"""Raised by one for each entry that ``_MIGRATIONS`` gains."""

_MIGRATIONS: dict[int, tuple[str, ...]] = {
    2: (
        "CREATE TABLE change (number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "
        "content_id INTEGER NOT NULL)",
        "DROP INDEX photo_state",
        "CREATE INDEX photo_visible ON photo (state, content_id)",
        *TRIGGERS,
    ),
    3: (
        "CREATE TABLE tag (content_id INTEGER NOT NULL, name VARCHAR NOT NULL, "
        "PRIMARY KEY (content_id, name), "
        "FOREIGN KEY(content_id) REFERENCES content (id) ON DELETE CASCADE)",
        "CREATE INDEX tag_name ON tag (name)",
        "ALTER TABLE content ADD COLUMN place VARCHAR",
        "CREATE INDEX content_unplaced ON content (id) "
        "WHERE latitude IS NOT NULL AND longitude IS NOT NULL AND place IS NULL",
        "CREATE TABLE concept_example (id INTEGER NOT NULL, concept VARCHAR NOT NULL, "
        "path VARCHAR NOT NULL, negative BOOLEAN NOT NULL, content_id INTEGER, "
        "model_id INTEGER NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (id), "
        "UNIQUE (concept, path), "
        "FOREIGN KEY(content_id) REFERENCES content (id) ON DELETE SET NULL, "
        "FOREIGN KEY(model_id) REFERENCES model (id))",
    ),
    4: (
        "CREATE TABLE saved_search (name VARCHAR NOT NULL, query VARCHAR NOT NULL, "
        "PRIMARY KEY (name))",
        "CREATE TABLE past_search (query VARCHAR NOT NULL, at DATETIME NOT NULL, "
        "PRIMARY KEY (query))",
    ),
    5: (
        "CREATE TABLE filesystem (id INTEGER NOT NULL, name VARCHAR NOT NULL, PRIMARY KEY (id), "
        "UNIQUE (name))",
        "ALTER TABLE photo ADD COLUMN filesystem_id INTEGER REFERENCES filesystem (id)",
        "ALTER TABLE photo ADD COLUMN away BOOLEAN NOT NULL DEFAULT 0",
        "ALTER TABLE photo ADD COLUMN previous_id INTEGER REFERENCES content (id)",
        "CREATE INDEX photo_away ON photo (root_id) WHERE away",
        "CREATE INDEX photo_previous ON photo (previous_id) WHERE previous_id IS NOT NULL",
        "ALTER TABLE embedding ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0",
        "UPDATE embedding SET checksum = checksum_of("
        "(SELECT digest FROM content WHERE content.id = embedding.content_id), vector)",
        "ALTER TABLE tag RENAME TO tag_of_content",
        "CREATE TABLE tag (digest BLOB NOT NULL, name VARCHAR NOT NULL, "
        "PRIMARY KEY (digest, name))",
        "INSERT INTO tag SELECT content.digest, tag_of_content.name FROM tag_of_content "
        "JOIN content ON content.id = tag_of_content.content_id",
        "DROP TABLE tag_of_content",
        "CREATE INDEX tag_name ON tag (name)",
        "ALTER TABLE concept_example RENAME TO example_of_content",
        "CREATE TABLE concept_example (id INTEGER NOT NULL, concept VARCHAR NOT NULL, "
        "path VARCHAR NOT NULL, negative BOOLEAN NOT NULL, digest BLOB, "
        "model_id INTEGER NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (id), "
        "UNIQUE (concept, path), FOREIGN KEY(model_id) REFERENCES model (id))",
        "INSERT INTO concept_example SELECT e.id, e.concept, e.path, e.negative, content.digest, "
        "e.model_id, e.vector FROM example_of_content e "
        "LEFT JOIN content ON content.id = e.content_id",
        "DROP TABLE example_of_content",
    ),
}
"""Statements that bring a library from version n - 1 to n, by n (from 2 on)."""

_BUSY_TIMEOUT_MS = 30_000  # a reader or second writer waits this long for a commit to finish


def open_database(path: Path, *, create: bool = False, keep_copy: bool = True) -> Engine:
    """The engine for one library file, its schema brought up to date in one transaction.

    Args:
        keep_copy: keep a copy of a library of an earlier format, beside it, before that.

    Raises:
        LibraryNotFound: there is no file, and ``create`` is false.
        LibraryTooNew: a newer clipsearch wrote it.
        LibraryReadOnly: it would have to be changed to be read, and can't be.
        LibraryDamaged: the file is not a SQLite database, or a broken one.
    """
    if path.exists():
        file_checks.check_file(path)
    elif create:
        _create(path)
    else:
        raise LibraryNotFound(
            f"There is no library in {path.parent} yet. Make one with: clipsearch index FOLDER"
        )
    if read_only.is_read_only(path):
        return _opened(path, writable=False)
    try:
        return _opened(path, writable=True, keep_copy=keep_copy)
    except LibraryError as error:
        if create or not path.is_file() or not read_only.is_denied(error.__cause__):
            raise
        return _opened(path, writable=False)


def is_writable(engine: Engine) -> bool:
    """Whether the library could be written to when it was opened."""
    writable: bool = engine.get_execution_options()["writable"]
    return writable


def _opened(path: Path, *, writable: bool, keep_copy: bool = True) -> Engine:
    engine = _connect(path, path, writable=writable)
    try:
        with engine.begin() as connection:
            version = _version(connection)
            file_checks.check_version(version, path)
            if version == SCHEMA_VERSION:
                file_checks.check_schema(connection, path)
        if version != SCHEMA_VERSION:
            if not writable:
                raise LibraryReadOnly(
                    f"The library in {path.parent} is of an older clipsearch, and can't be brought "
                    "up to date because it can't be written to. Open it once from where it can."
                )
            if keep_copy:
                keep_before_upgrade(path, version)
            with immediate(engine) as connection:
                _upgrade(connection)
                file_checks.check_schema(connection, path)
    except LibraryError:
        engine.dispose()
        raise
    except UnicodeDecodeError as error:  # of what SQLite says, which quotes the damaged schema
        engine.dispose()
        raise LibraryDamaged(
            f"{path} is damaged: its tables have no readable names. {file_checks.ADVICE}"
        ) from error
    return engine


def _create(path: Path) -> None:
    """Make an empty library beside ``path`` and rename it into place, whole or not at all.

    An empty file there is damage, then, and never a library that was just being made.
    """
    beside = path.with_name(f"{path.name}.new{os.getpid()}")
    logs = ("", "-wal", "-shm")
    # Left by a process that was killed; and logs of a library that is gone, which SQLite would
    # write into the new one.
    for name in ("-wal", "-shm", ".new*"):
        for left in path.parent.glob(path.name + name):
            with suppress(OSError):
                left.unlink()
    engine = _connect(beside, path)
    try:
        with immediate(engine) as connection:
            Base.metadata.create_all(connection)
            for statement in TRIGGERS:
                connection.exec_driver_sql(statement)
            connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
        engine.dispose()  # the last connection takes the log along
        beside.rename(path)
    finally:
        engine.dispose()
        for end in logs:
            beside.with_name(beside.name + end).unlink(missing_ok=True)


def _connect(path: Path, named: Path, *, writable: bool = True) -> Engine:
    """An engine for the file at ``path``; errors call it ``named``."""
    options = {"writable": writable}
    if writable:
        engine = writing_engine(path, execution_options=options)
    else:
        engine = reading_engine(lambda: read_only.connect(path), execution_options=options)
    event.listen(engine, "connect", _set_pragmas)
    if writable:
        event.listen(engine, "connect", _set_journal)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", lambda context: _translate(context, named, writable))
    return engine


def _translate(context: ExceptionContext, path: Path, writable: bool) -> None:
    """What SQLite says of the file, at any time, as an error of ours in one line."""
    error = context.original_exception
    if isinstance(error, sqlite3.OperationalError):  # full, locked, read-only, not openable
        code = error.sqlite_errorcode & 0xFF
        if code == sqlite3.SQLITE_READONLY and not writable:
            raise read_only.refusal(path.parent) from error
        if code == sqlite3.SQLITE_CANTOPEN and not writable:
            raise LibraryReadOnly(
                f"{path} was left in the middle of a change, and that can't be finished because "
                "the folder can't be written to. Open it once from where it can, or copy it."
            ) from error
        raise LibraryError(f"The library {path} can't be used: {error}.") from error
    if type(error) is sqlite3.DatabaseError:  # its subclasses are mistakes in a statement
        raise LibraryDamaged(
            f"{path} can't be read as a library: {error}. {WHEN_DAMAGED}"
        ) from error


def _set_pragmas(connection: sqlite3.Connection, _record: Any) -> None:
    connection.create_function("matches", 2, _matches, deterministic=True)
    connection.create_function("checksum_of", 2, checksum, deterministic=True)
    connection.isolation_level = None  # transactions are begun below, for reads too
    for pragma in (f"busy_timeout = {_BUSY_TIMEOUT_MS}", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _set_journal(connection: sqlite3.Connection, _record: Any) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL"):  # no reader blocks the writer
        connection.execute(f"PRAGMA {pragma}")


def _matches(name: str, pattern: str) -> bool:
    """The SQL function ``matches``: SQLite's own ways to compare fold ASCII only, or no case."""
    # Compiled once: ``re`` keeps them.
    return bool(re.match(from_text(pattern), from_text(name).casefold()))


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read with. What is in a row and can't be understood is damage.

    Raises:
        LibraryDamaged: a value is not of its kind: a date that is none, a state that there is not.
    """
    try:
        with engine.connect() as connection:
            yield connection
    except (ValueError, TypeError, AttributeError, AssertionError) as error:
        raise _unreadable(engine, error) from error


def _unreadable(engine: Engine, error: Exception) -> LibraryDamaged:
    reason = " ".join(str(error).split())
    return LibraryDamaged(
        f"The library {engine.url.database} holds what can't be read: {reason}. "
        "Mend it with: clipsearch doctor"
    )


@contextmanager
def immediate(engine: Engine) -> Iterator[Connection]:
    """A transaction that takes the write lock at once, so that it can't fail half way for it."""
    try:
        with engine.execution_options(begin="IMMEDIATE").begin() as connection:
            yield connection
    except (json.JSONDecodeError, UnicodeDecodeError) as error:  # of a setting, or a root
        raise _unreadable(engine, error) from error


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', '')}")


def _version(connection: Connection) -> int:
    found: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if found > SCHEMA_VERSION:
        raise LibraryTooNew(
            f"This library has format {found}, this clipsearch reads up to {SCHEMA_VERSION}. "
            "Update clipsearch: pip install --upgrade clipsearch"
        )
    return found


def _upgrade(connection: Connection) -> None:
    wanted = range(_version(connection) + 1, SCHEMA_VERSION + 1)
    for version in wanted:
        for statement in _MIGRATIONS[version]:
            connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")

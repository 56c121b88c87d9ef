"""The database file: engine, pragmas and schema version."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.pool import NullPool

from store import read_only
from store.checksums import checksum
from store.copies import keep_before_upgrade
from store.errors import (
    WHEN_DAMAGED,
    LibraryDamaged,
    LibraryError,
    LibraryNotFound,
    LibraryReadOnly,
    LibraryTooNew,
)
from store.fspath import from_text
from store.schema import TRIGGERS, Base

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
    if not create and not path.exists():
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
    options = {"writable": writable}
    if writable:
        engine = create_engine(URL.create("sqlite", database=str(path)), execution_options=options)
    else:
        engine = create_engine(
            "sqlite://",
            creator=lambda: read_only.connect(path),
            poolclass=NullPool,  # such connections are for a short time
            execution_options=options,
        )
    event.listen(engine, "connect", _set_pragmas)
    if writable:
        event.listen(engine, "connect", _set_journal)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", lambda context: _translate(context, path, writable))
    try:
        with engine.begin() as connection:
            version = _version(connection)
        if version != SCHEMA_VERSION:
            if not writable:
                raise LibraryReadOnly(
                    f"The library in {path.parent} is of an older clipsearch, and can't be brought "
                    "up to date because it can't be written to. Open it once from where it can."
                )
            if version and keep_copy:
                keep_before_upgrade(path, version)
            with immediate(engine) as connection:
                _upgrade(connection)
    except LibraryError:
        engine.dispose()
        raise
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
def immediate(engine: Engine) -> Iterator[Connection]:
    """A transaction that takes the write lock at once, so that it can't fail half way for it."""
    with engine.execution_options(begin="IMMEDIATE").begin() as connection:
        yield connection


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', '')}")


def _version(connection: Connection) -> int:
    found: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if found > SCHEMA_VERSION:
        raise LibraryTooNew(
            f"This library has format {found}, this clipsearch reads up to {SCHEMA_VERSION}. "
            "Update clipsearch: pip install --upgrade clipsearch"
        )
    if found < 0:
        raise LibraryDamaged(
            f"This library has format {found}, which there never was. {WHEN_DAMAGED}"
        )
    return found


def _upgrade(connection: Connection) -> None:
    found = _version(connection)
    if found == 0:
        if connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one():
            raise LibraryDamaged(f"It is a database, but not one of clipsearch. {WHEN_DAMAGED}")
        Base.metadata.create_all(connection)
        statements = TRIGGERS
    else:
        wanted = range(found + 1, SCHEMA_VERSION + 1)
        statements = tuple(s for version in wanted for s in _MIGRATIONS[version])
    for statement in statements:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")

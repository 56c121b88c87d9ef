"""How each connection to a library is set up, and what SQLite's errors mean."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext

from store.checksums import checksum
from store.errors import WHEN_DAMAGED, LibraryDamaged, LibraryError, LibraryReadOnly
from store.sql.dialect import read_only, server
from store.sql.dialect.connections import reading_engine, writing_engine
from store.sql.fspath import from_text
from store.words import folder_words, name_words, text_words, whole_name, whole_text

_BUSY_TIMEOUT_MS = 30_000  # a reader or second writer waits this long for a commit to finish


def connect(path: Path, named: Path, *, writable: bool = True) -> Engine:
    """An engine for the library file at ``path``; errors call it ``named``.

    Its execution option ``writable`` says what it was made for.
    """
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


def taking_the_lock(engine: Engine) -> Engine:
    """``engine``, whose transactions take the write lock at once, not at their first change."""
    if engine.dialect.name == "postgresql":
        return server.taking_the_lock(engine)
    return engine.execution_options(begin="IMMEDIATE")


def seeing_each_commit(engine: Engine) -> Engine:
    """``engine``, whose connections see what others wrote before each question; to read only."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="AUTOCOMMIT")
    return engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', '')}")


def _set_pragmas(connection: sqlite3.Connection, _record: Any) -> None:
    add_functions(connection)
    connection.isolation_level = None  # transactions are begun above, for reads too
    for pragma in (f"busy_timeout = {_BUSY_TIMEOUT_MS}", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def add_functions(connection: sqlite3.Connection) -> None:
    """Give a connection the SQL functions of ours: without them no photo can be written."""
    connection.create_function("matches", 2, _matches, deterministic=True)
    connection.create_function("checksum_of", 2, checksum, deterministic=True)
    for words in (name_words, whole_name, folder_words, text_words, whole_text):
        connection.create_function(words.__name__, 1, words, deterministic=True)


def _set_journal(connection: sqlite3.Connection, _record: Any) -> None:
    for pragma in ("journal_mode = WAL", "synchronous = NORMAL"):  # no reader blocks the writer
        connection.execute(f"PRAGMA {pragma}")


def _matches(name: str, pattern: str) -> bool:
    """The SQL function ``matches``: SQLite's own ways to compare fold ASCII only, or no case."""
    # Compiled once: ``re`` keeps them.
    return bool(re.match(from_text(pattern), from_text(name).casefold()))


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

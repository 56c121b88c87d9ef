"""The database of a library: made, opened, brought up to date; and its two kinds of transaction."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine

from store.errors import LibraryDamaged, LibraryError, LibraryNotFound, LibraryReadOnly
from store.sql.dialect import (
    content_words,
    file_checks,
    name_words,
    read_only,
    sessions,
    statements,
    text_trigrams,
    upgrades,
)
from store.sql.dialect.ddl import FACT_CHANGE, TRIGGERS
from store.sql.dialect.upgrades import SCHEMA_VERSION
from store.sql.schema import Base
from store.values import Tell, silent

UNFINISHED_COPY = "library-copying.db"
"""What the database is called while a library is being copied to a folder, until it is whole."""


def open_database(
    path: Path, *, create: bool = False, keep_copy: bool = True, tell: Tell = silent
) -> Engine:
    """The engine for one library file, its schema brought up to date in one transaction.

    Args:
        keep_copy: keep a copy of a library of an earlier format, beside it, before that.
        tell: takes lines for the user about how far that is, where it takes long.

    Raises:
        LibraryNotFound: there is no file, and ``create`` is false; or a copy that is not whole.
        LibraryTooNew: a newer clipsearch wrote it.
        LibraryReadOnly: it would have to be changed to be read, and can't be.
        LibraryDamaged: the file is not a SQLite database, or a broken one.
    """
    if path.exists():
        file_checks.check_file(path)
    elif (unfinished := path.with_name(UNFINISHED_COPY)).exists():
        raise LibraryNotFound(
            f"The library in {path.parent} is a copy that was not finished. Finish it with: "
            f"clipsearch copy FROM {path.parent}; or remove {unfinished}"
        )
    elif create:
        _create(path)
    else:
        raise LibraryNotFound(
            f"There is no library in {path.parent} yet. Make one with: clipsearch index FOLDER"
        )
    if read_only.is_read_only(path):
        return _opened(path, writable=False)
    try:
        return _opened(path, writable=True, keep_copy=keep_copy, tell=tell)
    except LibraryError as error:
        if create or not path.is_file() or not read_only.is_denied(error.__cause__):
            raise
        return _opened(path, writable=False)


def is_writable(engine: Engine) -> bool:
    """Whether the library could be written to when it was opened."""
    writable: bool = engine.get_execution_options()["writable"]
    return writable


def _opened(path: Path, *, writable: bool, keep_copy: bool = True, tell: Tell = silent) -> Engine:
    engine = sessions.connect(path, path, writable=writable)
    try:
        with engine.begin() as connection:
            version = statements.format_of(connection)
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
                from store.rescue.copies import keep_before_upgrade

                keep_before_upgrade(path, version)
            with immediate(engine) as connection:
                _upgrade(connection, path, tell)
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
    engine = sessions.connect(beside, path)
    try:
        with immediate(engine) as connection:
            Base.metadata.create_all(connection)
            for statement in (
                *(FACT_CHANGE, *TRIGGERS, name_words.TABLE, *name_words.TRIGGERS),
                *(text_trigrams.TABLE, *text_trigrams.TRIGGERS),
                *(content_words.TABLE, *content_words.TRIGGERS),
            ):
                connection.exec_driver_sql(statement)
            statements.set_format(connection, SCHEMA_VERSION)
        engine.dispose()  # the last connection takes the log along
        beside.rename(path)
    finally:
        engine.dispose()
        for end in logs:
            beside.with_name(beside.name + end).unlink(missing_ok=True)


def _upgrade(connection: Connection, path: Path, tell: Tell) -> None:
    version = statements.format_of(connection)  # as it is now that nobody else can change it
    file_checks.check_version(version, path)
    upgrades.carry_out(connection, version, tell)
    statements.set_format(connection, SCHEMA_VERSION)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read with. A row that can't be understood counts as damaged.

    Raises:
        LibraryDamaged: a value makes no sense, such as an impossible date or an unknown state.
    """
    replica = engine.get_execution_options().get("replica")
    try:
        with replica.connect() if replica else engine.connect() as connection:
            yield connection
    except (ValueError, TypeError, AttributeError, AssertionError) as error:
        raise _unreadable(engine, error) from error


@contextmanager
def immediate(engine: Engine) -> Iterator[Connection]:
    """A transaction that takes the write lock at once, so that it can't fail half way for it."""
    replica = engine.get_execution_options().get("replica")
    try:
        with sessions.taking_the_lock(engine).begin() as connection:
            yield connection
    except (json.JSONDecodeError, UnicodeDecodeError) as error:  # of a setting, or a root
        raise _unreadable(engine, error) from error
    if replica:
        replica.note_change()


def _unreadable(engine: Engine, error: Exception) -> LibraryDamaged:
    reason = " ".join(str(error).split())
    named = engine.get_execution_options().get("named", engine.url.database)
    return LibraryDamaged(
        f"The library {named} holds what can't be read: {reason}. Mend it with: clipsearch doctor"
    )

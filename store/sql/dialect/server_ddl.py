"""What a library on a PostgreSQL server has beside the tables of ``store.sql.schema``."""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, Engine, text

from store.address import Address
from store.errors import LibraryDamaged, LibraryError, LibraryNotFound, LibraryTooNew
from store.sql import key_values
from store.sql.dialect import content_words, name_words, server, text_trigrams
from store.sql.dialect.moments import SERVER_DDL
from store.sql.dialect.server_page import make_page
from store.sql.dialect.upgrades import SERVER_FORMAT
from store.sql.schema import Base

_NEARBY = """CREATE TABLE nearby (
    model_id bigint NOT NULL, content_id bigint NOT NULL, vector halfvec NOT NULL,
    PRIMARY KEY (model_id, content_id),
    FOREIGN KEY (content_id, model_id) REFERENCES embedding (content_id, model_id)
    ON DELETE CASCADE)"""
"""Vectors once more, at half the precision and in pgvector's own type, to find candidates by.

Not a column of ``embedding``: a row with both would not fit a page, and whoever compares vectors
would have to fetch each of them from elsewhere (TOAST).
"""

_UNSETTLED_RUN = """CREATE TABLE unsettled_run (
    run bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, ended bigint)"""
"""See ``store.sql.concurrent_moves``; its sequence gives the numbers of runs."""


_LOOKED_UP = (
    "CREATE INDEX content_camera ON content (camera)",
    "CREATE INDEX content_lens ON content (lens)",
    "CREATE INDEX content_place ON content (place)",
    "CREATE INDEX photo_size ON photo (size)",
)
"""Indexes of what filters ask for. In a folder's library a look at every row is fast enough."""


def make(engine: Engine, address: Address) -> None:
    """Make an empty library in the database, whole or not at all; one that is there stays.

    Raises:
        LibraryError: the server or its pgvector is too old, or there is none.
        LibraryReadOnly: no table may be made there.
    """
    with server.taking_the_lock(engine).begin() as connection:
        if _is_there(connection):
            return
        if _version_of_pgvector(connection) is None:
            _add_pgvector(connection)
        _check(connection, address)
        for table in Base.metadata.tables.values():
            for index in table.indexes:  # to say so in the schema costs every command 0.1 s
                where = index.dialect_options["sqlite"]["where"]
                index.dialect_options["postgresql"]["where"] = where
        Base.metadata.create_all(connection)
        for statement in (
            _NEARBY,
            _UNSETTLED_RUN,
            *SERVER_DDL,
            *name_words.SERVER_DDL,
            *text_trigrams.SERVER_DDL,
            *content_words.SERVER_DDL,
            *_LOOKED_UP,
        ):
            connection.execute(text(statement))
        make_page(connection)
        key_values.put(connection, "generation", 0)
        key_values.put(connection, "format", SERVER_FORMAT)
        key_values.put(connection, "past", secrets.token_hex(8))


def opened(engine: Engine, address: Address, *, unfinished: bool = False) -> Engine:
    """``engine``, once a library of today's format is there: one of an earlier format becomes that.

    Its execution option ``writable`` says whether this user may change it.

    Args:
        unfinished: also if it is a copy that is not whole.

    Raises:
        LibraryNotFound, LibraryTooNew, LibraryDamaged, LibraryError: see ``store.errors``.
    """
    if _checked_format(engine, address) < SERVER_FORMAT:
        from store.sql.dialect.server_upgrades import bring_up_to_date

        bring_up_to_date(engine, address)
    with engine.connect() as connection:
        if not unfinished:
            key_values.require_whole(connection, str(address))
        writable = connection.execute(
            text(
                "SELECT has_table_privilege('photo', 'INSERT') AND NOT pg_is_in_recovery() "
                "AND has_table_privilege('setting', 'UPDATE')"
            )
        ).scalar_one()
    return engine.execution_options(writable=bool(writable), named=str(address))


def _checked_format(engine: Engine, address: Address) -> int:
    """The format of the library that is there, which is not newer than today's."""
    with engine.connect() as connection:
        if not _is_there(connection):
            raise LibraryNotFound(
                f"There is no library at {address} yet. Make one with: clipsearch index FOLDER"
            )
        _check(connection, address)
        version = int(key_values.get(connection, "format", 0))
        if version > SERVER_FORMAT:
            raise LibraryTooNew(
                f"The library at {address} has format {version}, this clipsearch reads up to "
                f"{SERVER_FORMAT}. Update clipsearch: pip install --upgrade clipsearch"
            )
        if version < 1:
            raise LibraryDamaged(f"The database of {address} has tables of another program.")
        return version


def warning(engine: Engine) -> str | None:
    """What is to be said of the server's pgvector, if anything."""
    with engine.connect() as connection:
        return server.warning_of(_version_of_pgvector(connection) or "")


def _is_there(connection: Connection) -> bool:
    query = text("SELECT to_regclass('setting') IS NOT NULL")
    return bool(connection.execute(query).scalar_one())


def _check(connection: Connection, address: Address) -> None:
    version = int(connection.execute(text("SHOW server_version_num")).scalar_one())
    server.check_server(version, _version_of_pgvector(connection), address)


def _version_of_pgvector(connection: Connection) -> str | None:
    query = text("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
    version: str | None = connection.execute(query).scalar()
    return version


def _add_pgvector(connection: Connection) -> None:
    """Add it where this user may; if not, ``_check`` says what is missing."""
    may = "SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'"
    if connection.execute(text(may)).scalar_one():
        with connection.begin_nested() as attempt:
            try:
                connection.execute(text("CREATE EXTENSION vector"))
            except LibraryError:
                attempt.rollback()

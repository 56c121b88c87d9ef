"""Many rows at once, and what else a copy of a library needs that each database has its own way of.

``COPY`` into PostgreSQL goes past SQLAlchemy, and so do its errors: see ``explaining``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, func, insert, select, text
from sqlalchemy.exc import DataError, IntegrityError

from store.address import Address
from store.errors import LibraryDamaged
from store.sql.dialect import (
    content_words,
    name_words,
    nearby,
    server,
    statements,
    text_trigrams,
)
from store.sql.dialect.ddl import TRIGGERS
from store.sql.schema import Base
from store.values import ModelInfo
from store.vectors import Ids, Vectors

_LOCK = f"{0x636C6970} # hashtext(current_schema()), 9"  # "clip", as in ``server``


def write(
    connection: Connection, table: Table, columns: Sequence[Column[Any]], rows: Sequence[Any]
) -> None:
    """Insert rows, which have the values of ``columns`` in their order."""
    if not rows:
        return
    names = [column.name for column in columns]
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])
        return
    dialect = connection.dialect
    processors = [c.type.dialect_impl(dialect).bind_processor(dialect) for c in columns]
    listed = ", ".join(f'"{name}"' for name in names)
    cursor = connection.connection.cursor()
    with cursor.copy(f'COPY "{table.name}" ({listed}) FROM STDIN') as copy:
        for row in rows:
            values = zip(processors, row, strict=True)
            copy.write_row(
                [value if process is None else process(value) for process, value in values]
            )
    cursor.close()


def know_vectors(connection: Connection, model: ModelInfo, ids: Ids, vectors: Vectors) -> None:
    """Make vectors, whose rows were written just now, known to searches."""
    if connection.dialect.name == "postgresql":
        nearby.put(connection, model, ids, vectors)


def unknown_vectors(connection: Connection) -> int:
    """How many vectors searches on a server do not know."""
    if connection.dialect.name != "postgresql":
        return 0
    query = (
        "SELECT count(*) FROM embedding LEFT JOIN nearby USING (content_id, model_id) "
        "WHERE nearby.content_id IS NULL"
    )
    return int(connection.execute(text(query)).scalar_one())


# -- ids --------------------------------------------------------------------------------------


def last_ids(connection: Connection, tables: Sequence[Table]) -> dict[str, int]:
    """The last id that was ever given, by table, as far as that can be known.

    SQLite does not remember it of tables whose ids may be given again, and who may only read on a
    server is not told.
    """
    known = {table.name: _last_id(connection, table) for table in _counting(tables)}
    return {name: number for name, number in known.items() if number is not None}


def go_on_from(connection: Connection, tables: Sequence[Table], last: dict[str, int]) -> None:
    """Let new ids be above those of all rows, above ``last`` (by table), and new in any case."""
    before = last_ids(connection, tables)
    for table in _counting(tables):
        (key,) = table.primary_key.columns
        highest = connection.execute(select(func.max(key))).scalar() or 0
        highest = max(highest, last.get(table.name, 0), before.get(table.name, 0))
        if connection.dialect.name == "postgresql":
            names = {"table": table.name, "key": key.name, "n": max(1, highest), "any": highest > 0}
            query = text("SELECT setval(pg_get_serial_sequence(:table, :key), :n, :any)")
            connection.execute(query, names)
        elif _never_twice(table):
            statements.set_last_number(connection, table.name, highest)


def begin_runs_after(connection: Connection, last: int) -> None:
    """Let the next run on a server have a number above ``last``."""
    sequence = "pg_get_serial_sequence('unsettled_run', 'run')"
    query = f"SELECT setval({sequence}, greatest(:last, nextval({sequence})))"
    connection.execute(text(query), {"last": last})


def _counting(tables: Sequence[Table]) -> list[Table]:
    """Those that give their rows ids."""
    return [table for table in tables if any(column.identity for column in table.columns)]


def _never_twice(table: Table) -> bool:
    return bool(table.dialect_options["sqlite"]["autoincrement"])


def _last_id(connection: Connection, table: Table) -> int | None:
    if connection.dialect.name != "postgresql":
        return statements.last_number(connection, table.name) if _never_twice(table) else None
    (key,) = table.primary_key.columns
    names = {"table": table.name, "key": key.name}
    query = (
        "SELECT s, has_sequence_privilege(s, 'SELECT') "
        "FROM pg_get_serial_sequence(:table, :key) AS named (s)"
    )
    sequence, allowed = connection.execute(text(query), names).one()
    if not allowed:
        return None
    query = f"SELECT last_value FROM {sequence} WHERE is_called"
    return int(connection.execute(text(query)).scalar() or 0)


# -- triggers, locks and errors ---------------------------------------------------------------


_INDEXES = (name_words, text_trigrams, content_words)
_EVERY_TRIGGER = (*TRIGGERS, *(trigger for index in _INDEXES for trigger in index.TRIGGERS))


def without_triggers(connection: Connection) -> None:
    """Let a new library in a file write no log of what is copied into it, and no index of words."""
    for statement in _EVERY_TRIGGER:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {statement.split()[2]}")


def with_triggers(connection: Connection) -> None:
    """Let it write one from now on; the names and texts of what it has are indexed."""
    without_triggers(connection)
    for index in _INDEXES:
        index.make_anew(connection)
    for statement in _EVERY_TRIGGER:
        connection.exec_driver_sql(statement)


def lock_tables(connection: Connection) -> None:
    """Keep everybody else on a server from changing the library until this transaction ends."""
    names = ", ".join(f'"{name}"' for name in sorted(Base.metadata.tables))
    connection.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))


@contextmanager
def one_copy_at_a_time(engine: Engine) -> Iterator[bool]:
    """Hold a server's library against other copies to it; False: there is one."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        query = f"SELECT pg_try_advisory_lock({_LOCK})"
        try:
            yield bool(connection.exec_driver_sql(query).scalar_one())
        finally:
            connection.invalidate()  # the server lets go of it with the connection


def analyze(connection: Connection) -> None:
    """Have the server look at what it was given, to plan its searches."""
    names = ", ".join(f'"{name}"' for name in (*sorted(Base.metadata.tables), "nearby"))
    connection.execute(text(f"ANALYZE {names}"))


@contextmanager
def explaining(engine: Engine, origin: str, address: Address | None = None) -> Iterator[None]:
    """Errors of rows that do not fit, and those of a server that SQLAlchemy did not see, as ours.

    Raises:
        LibraryDamaged: rows of ``origin`` do not fit together, or have values that can't be kept.
    """
    driver: Any = engine.dialect.loaded_dbapi
    try:
        yield
    except (IntegrityError, DataError, driver.IntegrityError, driver.DataError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0].rstrip(".")
        raise LibraryDamaged(f"{origin} has a row that can't be copied: {reason}.") from error
    except driver.Error as error:
        if address is None:
            raise
        raise server.explained(error, address) from None

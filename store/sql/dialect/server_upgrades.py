"""How a library on a server that an earlier clipsearch made becomes today's."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, text
from sqlalchemy.sql.compiler import IdentifierPreparer

from store.address import Address
from store.errors import LibraryBusy, LibraryDamaged, LibraryError, LibraryReadOnly
from store.sql import key_values
from store.sql.dialect import server, upgrades
from store.sql.dialect.writing_session import has_alone
from store.sql.schema import Base

_LONGEST_WAIT = "30s"  # for what others are doing in the library; searches behind it wait too
_GIVEN_UP = ("55P03", "40P01")  # waiting for a lock: for too long, or each for the other
_MAY = """SELECT NOT pg_is_in_recovery() AND bool_and(pg_has_role(relowner, 'USAGE'))
    FROM unnest(CAST(:tables AS text[])) name JOIN pg_class ON pg_class.oid = to_regclass(name)"""


def bring_up_to_date(engine: Engine, address: Address) -> None:
    """Bring the library to today's format, in one transaction, while nobody else uses it.

    Whoever comes meanwhile waits. A library that is up to date by then stays as it is.

    Raises:
        LibraryReadOnly: this user does not own its tables, or the server is a replica.
        LibraryBusy: somebody indexes it, or reads from it for long.
    """
    with server.taking_the_lock(engine).begin() as connection:
        names = [table.name for table in Base.metadata.sorted_tables]
        if not connection.execute(text(_MAY), {"tables": names}).scalar_one():
            raise LibraryReadOnly(
                f"The library at {address} is of an older clipsearch, and only the owner of its "
                "tables can bring it up to date. Have them open it once with this version."
            )
        if not has_alone(connection):
            raise _busy(address)
        _lock_tables(connection, address)
        version = int(key_values.get(connection, "format", 0))  # as nobody can change it any more
        if version < upgrades.SERVER_FORMAT:
            upgrades.carry_out(connection, version)
            key_values.put(connection, "format", upgrades.SERVER_FORMAT)
            check_columns(connection, address)


def check_columns(connection: Connection, address: Address) -> None:
    """Raise ``LibraryDamaged`` if a table or column is missing."""
    query = text(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = current_schema()"
    )
    there = {(table, name) for table, name in connection.execute(query)}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if (table.name, column.name) not in there:
                raise LibraryDamaged(
                    f"The library at {address} is damaged: it lacks {table.name}.{column.name}."
                )


def _lock_tables(connection: Connection, address: Address) -> None:
    """Take every table that is there for this transaction alone."""
    query = text(
        "SELECT relname FROM pg_class WHERE relkind = 'r' "
        "AND relnamespace = CAST(current_schema() AS regnamespace) ORDER BY relname"
    )
    quote = IdentifierPreparer(connection.dialect).quote
    names = ", ".join(quote(name) for name in connection.execute(query).scalars())
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LONGEST_WAIT}'")
    try:
        connection.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")
    except LibraryError as error:
        if getattr(error.__context__, "sqlstate", None) in _GIVEN_UP:
            raise _busy(address) from None
        raise


def _busy(address: Address) -> LibraryBusy:
    return LibraryBusy(
        f"The library at {address} is of an older clipsearch, and can be brought up to date only "
        "while nobody uses it. Stop those who index it or search in it, then try again."
    )

"""How a connection to a library on a PostgreSQL server is set up, and what its errors mean."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import ExceptionContext

from store.address import Address
from store.errors import LibraryBusy, LibraryError, LibraryReadOnly

if TYPE_CHECKING:
    import psycopg

_QUIET = logging.NullHandler()  # without any, Python prints what they log
_CONNECT_S = 10  # then a server counts as not there
_OLDEST_SERVER = 16
_OLDEST_PGVECTOR = (0, 8)  # the first with iterative scans
_SOUND_PGVECTOR = (0, 8, 4)
_NOT_ALLOWED = ("42501", "25006")  # no rights; a transaction, or a server, that only reads
_NUMBER = 0x636C6970  # "clip": our numbers among the advisory locks of the database
ONE_BY_ONE = text(f"SELECT pg_advisory_xact_lock({_NUMBER} # hashtext(current_schema()), 2)")
"""Waits, in a transaction, for others that did the same."""

_DRAW_IDS = text(
    "SELECT nextval(pg_get_serial_sequence('content', 'id')) FROM generate_series(1, :count)"
)
# A serialization failure, a deadlock, the same row twice, a lock that took too long to get.
_CONTENDED = ("40001", "40P01", "23505", "55P03")
_WITH_PATIENCE = text("SET LOCAL lock_timeout = '5s'")  # a page waits for this
_OF_A_REPLICA = "conflict with recovery"


def connect(address: Address, patience_s: int = _CONNECT_S) -> Engine:
    """An engine for the library at ``address``; connecting is left to its first use.

    Args:
        patience_s: seconds after which a server that does not answer counts as not there.

    Raises:
        LibraryError: psycopg is not installed, or the address can't be understood.
    """
    connection = _connector(address, patience_s)
    engine = create_engine(
        "postgresql+psycopg://",
        creator=connection,
        pool_pre_ping=True,  # a server that was started again is no reason to fail
        isolation_level="REPEATABLE READ",  # who reads sees one moment, as in SQLite
        execution_options={"preserve_rowcount": True, "address": address},  # of inserts too
    )
    for name in ("psycopg", "sqlalchemy"):  # they log cut connections, which raise errors too
        logging.getLogger(name).addHandler(_QUIET)
    event.listen(engine, "connect", _set_time_zone)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", lambda context: _translate(context, address))
    return engine


def _connector(address: Address, patience_s: int) -> Callable[[], psycopg.Connection[Any]]:
    try:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict
    except ImportError as error:
        raise LibraryError(
            "Libraries on a server need one package more: pip install 'clipsearch[server]'"
        ) from error
    try:
        options = conninfo_to_dict(address.url)
    except psycopg.Error:  # whose message may quote a password
        raise LibraryError(
            "The library's address can't be understood. It should be like: "
            "postgresql://USER@HOST/DATABASE"
        ) from None
    options = {"connect_timeout": patience_s, "application_name": "clipsearch", **options}
    return lambda: psycopg.connect(**options)  # type: ignore[arg-type]


# -- transactions -----------------------------------------------------------------------------


def taking_the_lock(engine: Engine) -> Engine:
    """``engine``, whose transactions change a library one after the other."""
    return engine.execution_options(isolation_level="READ COMMITTED", takes_the_lock=True)


def draw_content_ids(connection: Connection, count: int) -> list[int]:
    """``count`` ids that no content has or will be given, in order."""
    ids = connection.execute(_DRAW_IDS, {"count": count}).scalars()
    return sorted(ids)


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get("takes_the_lock"):
        connection.execute(_WITH_PATIENCE)
        connection.execute(ONE_BY_ONE)


# -- times ------------------------------------------------------------------------------------


def _set_time_zone(connection: psycopg.Connection[Any], _record: Any) -> None:
    """File times are shown, and filtered by, in the time zone of whoever asks."""
    from psycopg import Error

    for zone in (_time_zone(), f"{datetime.now().astimezone():%z}"):
        try:
            connection.execute("SELECT set_config('TimeZone', %s, false)", (zone,))
            connection.commit()
            return
        except Error:  # the server does not know a zone of this name
            connection.rollback()


def _time_zone() -> str:
    """The name of this machine's time zone, as far as it can be told."""
    if named := os.environ.get("TZ", "").lstrip(":"):
        return named
    _, _, name = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")
    return name.removeprefix("posix/") or "UTC"


# -- what errors mean -------------------------------------------------------------------------


def check_server(server: int, pgvector: str | None, address: Address) -> None:
    """Raise ``LibraryError`` if the server, or its pgvector, is too old for a library.

    Args:
        server: its version, as in 170002.
        pgvector: its version, as in "0.8.1"; None if the database has no such extension.
    """
    if server // 10_000 < _OLDEST_SERVER:
        raise LibraryError(
            f"The server of {address} is PostgreSQL {server // 10_000}; a library needs "
            f"{_OLDEST_SERVER} or newer."
        )
    if pgvector is None:
        raise LibraryError(
            f"The database of {address} lacks the extension vector (pgvector). Whoever "
            "administers it can add it: CREATE EXTENSION vector"
        )
    if _numbers(pgvector) < _OLDEST_PGVECTOR:
        raise LibraryError(
            f"The database of {address} has pgvector {pgvector}; a library needs 0.8 or newer. "
            "Update it, then: ALTER EXTENSION vector UPDATE"
        )


def warning_of(pgvector: str) -> str | None:
    """What is to be said of a pgvector that works, but may damage its indexes."""
    if _numbers(pgvector) >= _SOUND_PGVECTOR:
        return None
    return f"pgvector {pgvector} has faults that 0.8.4 mends: its indexes may be damaged."


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def _translate(context: ExceptionContext, address: Address) -> None:
    """What the server says, at any time, as an error of ours in one line."""
    if not context.is_pre_ping and (said := meaning(context.original_exception, address)):
        raise said from None  # a connection that does not answer is made again


def meaning(error: BaseException, address: Address) -> LibraryError | None:
    """What an error of psycopg's means; None if it is none, or a mistake in a statement."""
    import psycopg

    if not isinstance(error, psycopg.Error):
        return None
    reason = address.without_secrets(_reason(error))
    if error.sqlstate in _NOT_ALLOWED:
        return LibraryReadOnly(f"{refusal(address)} The server says: {reason}.")
    if _OF_A_REPLICA in reason:
        return LibraryError(
            f"The replica at {address} gave this up for changes that it had to make: try it again."
        )
    if error.sqlstate in _CONTENDED:
        return LibraryBusy(
            f"Others are changing the same rows of the library at {address}: try it again."
        )
    broken = psycopg.OperationalError | psycopg.InternalError | psycopg.InterfaceError
    if isinstance(error, broken):
        return LibraryError(f"The library at {address} can't be used: {reason}.")
    return None


def explained(error: psycopg.Error, address: Address) -> LibraryError:
    """The same for an error that SQLAlchemy does not get to see, whatever it is."""
    reason = address.without_secrets(_reason(error))
    return meaning(error, address) or LibraryError(
        f"The library at {address} can't be used: {reason}."
    )


@contextmanager
def errors_of(connection: Connection) -> Iterator[None]:
    """What is done with psycopg itself on ``connection``; its errors become ours too."""
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        if said := meaning(error, connection.get_execution_options()["address"]):
            raise said from None
        raise


def refusal(address: Address) -> LibraryReadOnly:
    """What is raised where something in the library was to be changed by who may only read it."""
    return LibraryReadOnly(
        f"The library at {address} can't be changed with the rights that you have there: it can "
        "be searched, but nothing in it can be changed."
    )


def _reason(error: psycopg.Error) -> str:
    """What the server or libpq says, without libpq's questions and the addresses that it tried."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    failed = [line for line in lines if "failed:" in line]
    said = error.diag.message_primary or (failed[-1] if failed else lines[0])
    return re.sub(r"^(- |connection failed: |connection is bad: )+", "", said.strip()).rstrip(".")

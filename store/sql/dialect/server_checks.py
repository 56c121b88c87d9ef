"""Whether a server's own files and indexes are sound, as far as its administrator lets us see."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import Connection, text
from sqlalchemy.sql.compiler import IdentifierPreparer

from store.errors import LibraryError

_INDEXES = """SELECT i.indexrelid, c.relname, a.amname, i.indisvalid AND i.indisready
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
    WHERE c.relnamespace = CAST(current_schema() AS regnamespace) ORDER BY c.relname"""
_TABLES = """SELECT oid, relname FROM pg_class WHERE relkind = 'r'
    AND relnamespace = CAST(current_schema() AS regnamespace) ORDER BY relname"""
_FAILURES = "SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()"
_AMCHECK = """SELECT CAST(n.nspname AS text) FROM pg_extension e
    JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'amcheck'"""


def problems(connection: Connection) -> list[str]:
    """What the server itself can say that is wrong; nothing if all is well."""
    wrong = [f"its index {name} is not valid" for name in _invalid(connection)]
    if failures := connection.execute(text(_FAILURES)).scalar():
        wrong.append(f"it met {failures} damaged pages in this database; its log names them")
    wrong += [f"its index {name} is damaged: {why}" for name, why in _damaged_indexes(connection)]
    wrong += [f"its table {name} is damaged: {why}" for name, why in _damaged_tables(connection)]
    return [f"the server: {line}" for line in wrong]


def mend_indexes(connection: Connection) -> list[str]:
    """Make indexes anew that are not valid, or damaged. Returns a line for each."""
    mended = []
    quote = IdentifierPreparer(connection.dialect).quote
    damaged = [name for name, _ in _damaged_indexes(connection)]
    for name in dict.fromkeys([*_invalid(connection), *damaged]):
        # Only the owner may, and only of a sound table; else it stays among the problems.
        with suppress(LibraryError), connection.begin_nested():
            connection.exec_driver_sql(f"REINDEX INDEX {quote(name)}")
            mended.append(f"the server's index {name} was not sound, and was made anew")
    return mended


def has_amcheck(connection: Connection) -> bool:
    """Whether the server can look through its own tables and indexes, for this user."""
    return _amcheck(connection) is not None


def _invalid(connection: Connection) -> list[str]:
    rows = connection.execute(text(_INDEXES)).all()
    return [name for _, name, _, valid in rows if not valid]


def _amcheck(connection: Connection) -> str | None:
    """The schema of the extension's functions, if it is there and this user may call them."""
    schema = connection.execute(text(_AMCHECK)).scalar()
    if schema is None:
        return None
    quoted = IdentifierPreparer(connection.dialect).quote(schema)
    asked = {"index": f"{quoted}.bt_index_check(regclass, boolean)"}
    may = "SELECT has_function_privilege(CAST(:index AS text), 'EXECUTE')"
    return quoted if connection.execute(text(may), asked).scalar_one() else None


def _damaged_indexes(connection: Connection) -> list[tuple[str, str]]:
    """(name, what is wrong) of indexes in which rows of their tables are missing, say."""
    schema = _amcheck(connection)
    if schema is None:
        return []
    damaged = []
    check = text(f"SELECT {schema}.bt_index_check(CAST(:index AS regclass), true)")
    for number, name, kind, valid in connection.execute(text(_INDEXES)).all():
        if kind == "btree" and valid:
            try:
                with connection.begin_nested():
                    connection.execute(check, {"index": number})
            except LibraryError as error:
                damaged.append((name, _said(error)))
    return damaged


def _damaged_tables(connection: Connection) -> list[tuple[str, str]]:
    schema = _amcheck(connection)
    if schema is None:
        return []
    damaged = []
    check = text(f"SELECT count(*), min(msg) FROM {schema}.verify_heapam(CAST(:table AS regclass))")
    for number, name in connection.execute(text(_TABLES)).all():
        count, why = connection.execute(check, {"table": number}).one()
        if count:
            damaged.append((name, f"{why} ({count} of this kind)"))
    return damaged


def _said(error: LibraryError) -> str:
    return str(error.__context__ or error).strip().splitlines()[0].rstrip(".")

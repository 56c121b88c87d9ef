"""What is asked of the database itself, and not of the rows in it."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection

from store.errors import LibraryError

_COLUMNS = (
    "SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c "
    "WHERE m.type = 'table'"
)
_LOST_REFERENCES = 'SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2'
_OF_AN_INDEX = ("missing from index", "wrong # of entries in index", "non-unique entry in index")
_OF_NAMES = "FTS5 table"


def format_of(connection: Connection) -> int:
    """The format that the database says it has; 0 if it is no library's."""
    version: int = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    return version


def set_format(connection: Connection, version: int) -> None:
    connection.exec_driver_sql(f"PRAGMA user_version = {version}")


def columns_there(connection: Connection) -> set[tuple[str, str]]:
    """Every (table, column) that the database has."""
    return {(table, column) for table, column in connection.exec_driver_sql(_COLUMNS)}


def last_number(connection: Connection, table: str) -> int:
    """The last number that ``table`` gave to a row, 0 if there was none ever.

    Not from the table, whose rows may have been removed. It has to count up by
    ``ddl.NEVER_USED_TWICE``.
    """
    query = "SELECT seq FROM sqlite_sequence WHERE name = ?"
    return int(connection.exec_driver_sql(query, (table,)).scalar() or 0)


def set_last_number(connection: Connection, table: str, number: int) -> None:
    """Let ``table`` go on from ``number``."""
    connection.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
    query = "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)"
    connection.exec_driver_sql(query, (table, number))


def problems(connection: Connection) -> list[str]:
    """What SQLite's full check says of the file; nothing if all is well."""
    # The check does not see by itself that another connection has changed the full-text index since
    # this one last read it, and calls it damaged; a query does.
    for index in ("photo_words", "picture_trigrams", "content_words"):
        connection.exec_driver_sql(f"SELECT rowid FROM {index} LIMIT 1").all()
    lines = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
    return [line for line in lines if line != "ok"]


def lost_references(connection: Connection) -> list[tuple[str, str, int]]:
    """(table, parent, count) where rows of a table refer to rows that are not there."""
    rows = connection.exec_driver_sql(_LOST_REFERENCES)
    return [(table, parent, count) for table, parent, count in rows]


def only_indexes(lines: list[str]) -> bool:
    """Whether all that ``problems`` says can be mended by ``make_indexes_anew``."""
    return all(any(kind in line for kind in (*_OF_AN_INDEX, _OF_NAMES)) for line in lines)


def mend_words(
    connection: Connection,
    index: str,
    different: Callable[[Connection], int],
    make_anew: Callable[[Connection], None],
) -> bool:
    """Make a full-text index anew if it is not what the rows say, or can't be read; whether it was.

    Args:
        different: counts its entries that are not what the rows say.
    """
    try:
        # It raises where the index does not fit what it indexes.
        connection.exec_driver_sql(f"INSERT INTO {index} ({index}) VALUES ('integrity-check')")
        sound = not different(connection)
    except LibraryError:
        sound = False
    if not sound:
        make_anew(connection)
    return not sound


def make_indexes_anew(connection: Connection) -> None:
    connection.exec_driver_sql("REINDEX")

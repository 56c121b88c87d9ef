"""Single values by name: the rows of ``setting``."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from store.errors import LibraryNotFound
from store.sql.dialect.expressions import insert
from store.sql.schema import Setting

UNFINISHED = "unfinished_copy_of"
"""The setting that a library has until all of it has been copied."""


def get(connection: Connection, key: str, default: Any = None) -> Any:
    row = connection.execute(select(Setting.value).where(Setting.key == key)).first()
    return default if row is None else row[0]


def put(connection: Connection, key: str, value: Any) -> None:
    connection.execute(
        insert(Setting)
        .values(key=key, value=value)
        .on_conflict_do_update(index_elements=["key"], set_={"value": value})
    )


def generation(connection: Connection) -> int:
    """A number that grows with every change to what a search can find."""
    return int(get(connection, "generation", 0))


def bump_generation(connection: Connection) -> None:
    put(connection, "generation", generation(connection) + 1)


def require_whole(connection: Connection, named: str) -> None:
    """Raise ``LibraryNotFound`` if the library, called ``named``, was not copied to its end."""
    origin = get(connection, UNFINISHED)
    if origin is not None:
        raise LibraryNotFound(
            f"The library at {named} is a copy that was not finished. Finish it with: "
            f"clipsearch copy {origin['named']} {named}"
        )

"""Single values by name: the rows of ``setting``."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from store.sql.dialect.expressions import insert
from store.sql.schema import Setting


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

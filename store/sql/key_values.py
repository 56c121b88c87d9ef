"""Single values by name: the rows of ``setting``."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from store.sql.schema import Setting


def get(connection: Connection, key: str, default: Any = None) -> Any:
    found = connection.execute(select(Setting.value).where(Setting.key == key)).first()
    return default if found is None else found[0]


def put(connection: Connection, key: str, value: Any) -> None:
    connection.execute(
        insert(Setting)
        .values(key=key, value=value)
        .on_conflict_do_update(index_elements=["key"], set_={"value": value})
    )

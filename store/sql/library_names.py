"""The different names that photos have: of places, cameras and folders."""

from __future__ import annotations

import json
from pathlib import PurePath

from sqlalchemy import Connection, func, select

from store.filters import HIDDEN
from store.library_names import StoredNames
from store.sql import key_values
from store.sql.dialect.distinct import distinct_rows
from store.sql.roots import roots
from store.sql.schema import Content, Photo, Tag


def state(connection: Connection) -> str:
    """What changes whenever names may have: of one library, and cheap to ask for."""
    last = connection.execute(
        select(
            select(func.max(Photo.id)).scalar_subquery(),
            select(func.max(Content.id)).scalar_subquery(),
        )
    ).one()
    known = [str(root.path) for root in roots(connection)]
    past, generation = key_values.get(connection, "past", ""), key_values.generation(connection)
    return json.dumps([past, generation, *last, *known], ensure_ascii=True)


def names(connection: Connection) -> StoredNames:
    """The names, in order. Reads all rows, or on a server the indexes of these columns."""
    paths = {root.id: root.path for root in roots(connection)}
    folders: set[str] = set()
    for root_id, folder in distinct_rows(connection, Photo.root_id, Photo.folder):
        folders |= {*paths[root_id].parts[-1:], *PurePath(folder).parts}
    return StoredNames(
        places=_values(distinct_rows(connection, Content.place)),
        cameras=_values(distinct_rows(connection, Content.camera)),
        folders=tuple(sorted(folders)),
    )


def tags(connection: Connection) -> tuple[str, ...]:
    """The names of all tags, in order."""
    return tuple(name for name in _values(distinct_rows(connection, Tag.name)) if name != HIDDEN)


def _values(rows: list[tuple[str | None]]) -> tuple[str, ...]:
    return tuple(sorted(value for (value,) in rows if value))

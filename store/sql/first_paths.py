"""Statements of the contents that a search may find, one row for each, on a server.

A content's row is of its first living path: the one with the smallest id. That path decides on its
root, and on its time where the camera left none.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    DateTime,
    Select,
    exists,
    func,
    literal_column,
    select,
)
from sqlalchemy import cast as sql_cast

from store.filters import PhotoFilter
from store.online import is_online
from store.sql import filter_sql
from store.sql.dialect.expressions import among
from store.sql.schema import Content, Embedding, Photo
from store.states import State
from store.vectors import Ids

FILE_SECOND: ColumnElement[int] = literal_column("photo.mtime_ns / 1000000000", BigInteger)
"""As ``store.sql.dialect.server_page`` has it in an index: to the letter, or it is of no use."""


def first() -> ColumnElement[bool]:
    """Whether a path is the first living one of its content."""
    earlier = Photo.__table__.alias().c
    return ~exists().where(
        earlier.content_id == Photo.content_id,
        earlier.state == State.INDEXED,
        earlier.id < Photo.id,
    )


def file_moment() -> ColumnElement[datetime]:
    """A file's time, local to whoever asks, in whole seconds."""
    return sql_cast(func.to_timestamp(FILE_SECOND), DateTime)


def moment() -> ColumnElement[datetime]:
    """When a photo was taken: of the content, else of the file."""
    return func.coalesce(func.date_trunc("second", Content.taken_at), file_moment())


def embedded(model_id: int) -> ColumnElement[bool]:
    """Whether the model has embedded a content."""
    return exists().where(Embedding.content_id == Content.id, Embedding.model_id == model_id)


def living(connection: Connection, filter: PhotoFilter | None, ids: Ids | None) -> Select[int]:
    """The contents of living paths that meet ``filter``, of all or only of ``ids`` (n,)."""
    listed = None if ids is None else ids.tolist()
    return filter_sql.living(connection, filter, is_online, among_ids=listed)


def contents(
    connection: Connection, model_id: int, filter: PhotoFilter | None, ids: Ids | None
) -> Select[int]:
    """The contents that meet ``filter`` at some living path, of all or only of ``ids`` (n,).

    One may come more than once.
    """
    return living(connection, filter, ids).where(
        exists().where(Embedding.content_id == filter_sql.CONTENT, Embedding.model_id == model_id)
    )


def rows(
    connection: Connection,
    model_id: int,
    filter: PhotoFilter | None,
    ids: Ids | None,
    *columns: Any,
) -> Select[Any]:
    """``columns`` of ``content`` and of its first path, for ``contents``."""
    query = (
        select(*columns)
        .select_from(Photo)
        .join(Content, Content.id == Photo.content_id)
        .where(Photo.state == State.INDEXED, first(), embedded(model_id))
    )
    if ids is not None:
        query = query.where(among(Content.id, ids.tolist()))
    if filter is not None:
        query = query.where(Content.id.in_(filter_sql.living(connection, filter, is_online)))
    return query

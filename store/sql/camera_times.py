"""When cameras took photos, for finding bursts: one slim question instead of whole photos."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from store.sql.dialect.expressions import among
from store.sql.dialect.moments import taken_around
from store.sql.schema import Content


def camera_times(connection: Connection, content_ids: Sequence[int]) -> dict[int, datetime]:
    """When each content was taken, local time; those that say no more than a day are left out.

    Ids without a content are left out too.
    """
    return _times(connection, among(Content.id, list(content_ids)))


def camera_times_around(connection: Connection, moments: Iterable[datetime]) -> dict[int, datetime]:
    """As ``camera_times``, of all contents taken within ten seconds of one of ``moments``.

    Some that were taken up to twenty seconds from it are included.
    """
    return _times(connection, taken_around(moments))


def _times(connection: Connection, condition: ColumnElement[bool]) -> dict[int, datetime]:
    query = select(Content.id, Content.taken_at).where(
        Content.taken_at.is_not(None), ~Content.only_day, condition
    )
    return {id: taken for id, taken in connection.execute(query) if taken is not None}

"""Paths that moved: missing at one place, met at another with the same content."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, or_, select

from store.sql import queries
from store.sql.schema import Photo
from store.states import Away, State


@dataclass(frozen=True)
class Moves:
    """How many files moved: from paths that were called gone, and from those that were away."""

    from_gone: int
    from_away: int

    @property
    def total(self) -> int:
        return self.from_gone + self.from_away


def settle(connection: Connection, settled_run: int) -> Moves:
    """Remove each missing path whose content is at one first met after run ``settled_run``.

    But not those whose drive is unplugged: what is elsewhere too is a copy of them.
    """
    new = (
        select(Photo.content_id, func.count().label("count"))
        .where(Photo.run > settled_run, Photo.state == State.INDEXED, ~Photo.away)
        .group_by(Photo.content_id)
        .subquery()
    )
    missing = connection.execute(
        select(Photo.id, Photo.content_id, Photo.away, new.c.count)
        .join(new, new.c.content_id == Photo.content_id)
        .where(or_(Photo.state == State.GONE, Photo.away & (Photo.reason == Away.AT_ONCE)))
        .order_by(Photo.id)
    ).all()
    left: dict[int, int] = {}
    moved: list[int] = []
    from_away = 0
    for photo_id, content_id, away, count in missing:
        if left.setdefault(content_id, count) > 0:
            left[content_id] -= 1
            moved.append(photo_id)
            from_away += away
    for part in queries.chunks(moved):
        connection.execute(delete(Photo).where(Photo.id.in_(part)))
    return Moves(len(moved) - from_away, from_away)

"""Paths that moved: missing at one place, met at another with the same content."""

from __future__ import annotations

from sqlalchemy import Connection, case, delete, exists, func, or_, select

from store.outcomes import Moves
from store.sql import key_values, stack_states
from store.sql.dialect.expressions import chunks
from store.sql.schema import Photo
from store.states import LIVING, Away, State

IS_THERE = Photo.state.in_(LIVING) & ~Photo.away
# But not those whose drive is unplugged: what is elsewhere too is a copy of them.
IS_MISSING = or_(Photo.state == State.GONE, Photo.away & (Photo.reason == Away.AT_ONCE))


def settle(connection: Connection, run: int, known: int) -> Moves:
    """Remove each missing path whose content is at one first met since moves were last settled.

    Args:
        run: the run at whose end this is done; there is no other.
        known: the greatest id that a path had when it began.
    """
    settled_run = int(key_values.get(connection, "settled_run", 0))
    if not connection.execute(select(exists().where(Photo.run > settled_run))).scalar_one():
        return Moves(0, 0)
    for key in ("run", "settled_run"):
        key_values.put(connection, key, run)
    new = (
        select(
            Photo.content_id,
            func.count().label("count"),
            func.sum(case((Photo.id <= known, 1), else_=0)).label("before"),
        )
        .where(Photo.run > settled_run, IS_THERE)
        .group_by(Photo.content_id)
        .subquery()
    )
    missing = connection.execute(
        select(Photo.id, Photo.content_id, Photo.away, new.c.count, new.c.before)
        .join(new, new.c.content_id == Photo.content_id)
        .where(IS_MISSING)
        .order_by(Photo.id)
    ).all()
    left: dict[int, int] = {}
    moved: list[int] = []
    from_away = met_before = 0
    for photo_id, content_id, away, count, before in missing:
        if left.setdefault(content_id, count) > 0:
            met_before += count - left[content_id] < before
            left[content_id] -= 1
            moved.append(photo_id)
            from_away += away
    remove(connection, moved)
    return Moves(len(moved) - from_away, from_away, met_before)


def remove(connection: Connection, photo_ids: list[int]) -> None:
    """Take paths that moved off the ledger."""
    for part in chunks(photo_ids):
        connection.execute(delete(Photo).where(Photo.id.in_(part)))
    if photo_ids:
        stack_states.release(connection)

"""Paths that moved, where several runs go on at once: in a library on a server.

A path is new from when a run first meets it until moves are settled. Runs that overlap count as one
for this: a path stays new until all runs have ended that went on when its own did, since any of
them may still miss the photo at its old place. What a run that goes on has met is left to that run,
and to the next one if it dies.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    column,
    delete,
    insert,
    select,
    table,
    update,
)

from store.outcomes import Moves
from store.sql.dialect.expressions import chunks
from store.sql.moves import IS_MISSING, IS_THERE, remove
from store.sql.schema import Photo

UNSETTLED = table("unsettled_run", column("run", BigInteger), column("ended", BigInteger))
"""Runs whose new paths are new still; ``ended``: the last run that had begun when one ended."""


def begin_run(connection: Connection) -> int:
    """A number for a new run, which goes on beside others."""
    made = connection.execute(insert(UNSETTLED).values(ended=None).returning(UNSETTLED.c.run))
    return int(made.scalar_one())


def roots_concerned(connection: Connection) -> set[int]:
    """The roots in which paths are missing that may have moved, because of any run."""
    new = select(Photo.content_id).where(Photo.run.in_(select(UNSETTLED.c.run)), IS_THERE)
    query = select(Photo.root_id).where(IS_MISSING, Photo.content_id.in_(new)).distinct()
    return set(connection.execute(query).scalars())


def settle_beside_others(
    connection: Connection, run: int, is_going: Callable[[int], bool], roots: Collection[int]
) -> Moves:
    """As ``settle``, at the end of a run while others may go on.

    Args:
        is_going: whether somebody else has a run that goes on.
        roots: in which nobody else may find the missing paths again meanwhile.
    """
    rows = connection.execute(select(UNSETTLED.c.run, UNSETTLED.c.ended))
    known: dict[int, int | None] = {row.run: row.ended for row in rows}
    # One that has ended may have its lock for a moment longer.
    going = {one for one, end in known.items() if one != run and end is None and is_going(one)}
    last = max(known, default=run)
    ended = {one: end or last for one, end in known.items() if one not in going}
    moves = _match(connection, run, sorted({run, *ended}), roots)
    for one, end in ended.items():
        number = UNSETTLED.c.run == one
        if any(other <= end for other in going):
            connection.execute(update(UNSETTLED).where(number).values(ended=end))
        else:
            connection.execute(delete(UNSETTLED).where(number))
    return moves


def _match(connection: Connection, run: int, runs: Iterable[int], roots: Collection[int]) -> Moves:
    """Remove missing paths in ``roots``, each for a path that one of ``runs``, ``run`` among them,
    first saw.

    That is not new any more then, so that it can't stand for a second one.
    """
    is_new: ColumnElement[bool] = Photo.run.in_(list(runs)) & IS_THERE
    is_missing = IS_MISSING & Photo.root_id.in_(list(roots))
    new: dict[int | None, list[tuple[int, bool]]] = {}
    lost = select(Photo.content_id).where(is_missing, Photo.content_id.is_not(None))
    query = select(Photo.content_id, Photo.id, Photo.run).where(is_new, Photo.content_id.in_(lost))
    for content_id, id, met_by in connection.execute(query.order_by(Photo.id.desc())):
        new.setdefault(content_id, []).append((id, met_by != run))
    moved, used, from_away, met_before = [], [], 0, 0
    there = select(Photo.content_id).where(is_new)
    missing = select(Photo.id, Photo.content_id, Photo.away).where(
        is_missing, Photo.content_id.in_(there)
    )
    for id, content_id, away in connection.execute(missing.order_by(Photo.id)):
        if new.get(content_id):
            there_now, is_earlier = new[content_id].pop()
            used.append(there_now)
            met_before += is_earlier
            moved.append(id)
            from_away += away
    remove(connection, moved)
    for part in chunks(used):
        connection.execute(update(Photo).where(Photo.id.in_(part)).values(run=0))
    return Moves(len(moved) - from_away, from_away, met_before)

"""Which files are stacked: hidden beside a picture called the same; see ``store.stacks``.

Paths get and lose the state ``STACKED`` here, and nowhere else. Whatever lists, counts or searches
photos takes those that are ``INDEXED``, and so shows each stack once.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select, update

from store.sql import stacking
from store.sql.dialect.expressions import chunks
from store.sql.fspath import to_text
from store.sql.hidden import among, hide_whole
from store.sql.metadata_rows import Place
from store.sql.schema import Photo
from store.stacks import SHOWN_FORMATS, stacked, up_to_dot
from store.states import State


def settle(connection: Connection, files: Iterable[Place]) -> None:
    """Stack or show again what is called like any of ``files`` but for the ending."""
    wanted = {
        (root_id, to_text(folder), to_text(begin))
        for root_id, folder, name in files
        if (begin := up_to_dot(name))
    }
    by_folder: dict[tuple[int, str], list[Row[Any]]] = {}
    for row in connection.execute(stacking.called_alike(sorted(wanted))) if wanted else ():
        by_folder.setdefault((row.root_id, row.folder), []).append(row)
    changed: dict[State, list[int]] = {State.STACKED: [], State.INDEXED: []}
    new: list[list[list[int]]] = []
    for rows in by_folder.values():
        durations = {row.name: row.duration_ms for row in rows}
        hidden = stacked({row.name: row.format for row in rows}, durations)
        for row in rows:
            state = State.STACKED if row.name in hidden else State.INDEXED
            if row.state != state:
                changed[state].append(row.id)
        if stacks := _new_stacks(rows, hidden):
            new.append(stacks)
    for state, ids in changed.items():
        _set(connection, sorted(ids), state)
    if among(connection, [id for stacks in new for stack in stacks for id in stack]):
        for stacks in new:
            hide_whole(connection, stacks)


def _new_stacks(rows: Sequence[Row[Any]], hidden: Container[str]) -> list[list[int]]:
    """The contents of each stack in which one of these files is hidden that was not before."""
    begins = {up_to_dot(r.name) for r in rows if r.name in hidden and r.state != State.STACKED}
    stacks: dict[str, list[int]] = {begin: [] for begin in begins}
    for row in rows:
        if row.name in hidden or row.format in SHOWN_FORMATS:
            stacks.get(up_to_dot(row.name), []).append(row.content_id)
    return list(stacks.values())


def settle_paths(connection: Connection, photo_ids: Sequence[int]) -> None:
    """``settle``, for files by the ids of their paths."""
    files: list[Place] = []
    for part in chunks(photo_ids):
        query = select(Photo.root_id, Photo.folder, Photo.name).where(Photo.id.in_(part))
        files += [(root_id, folder, name) for root_id, folder, name in connection.execute(query)]
    settle(connection, files)


def release(connection: Connection) -> list[str]:
    """Show again all whose picture is not there any more. Returns ``problems`` as it was before."""
    lost = _without_picture(connection)
    _set(connection, lost, State.INDEXED)
    return _said(lost)


def problems(connection: Connection) -> list[str]:
    """A line if paths are stacked beside no picture, so that nothing finds them; else none."""
    return _said(_without_picture(connection))


def _said(lost: Sequence[int]) -> list[str]:
    return [f"{len(lost)} files are stacked beside a picture that is not there"] if lost else []


def _without_picture(connection: Connection) -> list[int]:
    query = select(Photo.id).where(Photo.state == State.STACKED)
    if hidden := set(connection.execute(query).scalars()):
        hidden.difference_update(connection.execute(stacking.pairs("hidden_id")).scalars())
    return sorted(hidden)


def _set(connection: Connection, photo_ids: Sequence[int], state: State) -> None:
    for part in chunks(photo_ids):
        connection.execute(update(Photo).where(Photo.id.in_(part)).values(state=state))

"""Which files are stacked: hidden beside a picture called the same; see ``store.stacks``.

Paths get and lose the state ``STACKED`` here, and nowhere else. Whatever lists, counts or searches
photos takes those that are ``INDEXED``, and so shows each stack once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, String, select, type_coerce, update

from store.sql import stacking
from store.sql.dialect.expressions import chunks
from store.sql.fspath import to_text
from store.sql.hidden import hide_whole
from store.sql.metadata_rows import Place
from store.sql.schema import Content, Photo
from store.stacks import SHOWN_FORMATS, stacked, up_to_dot
from store.states import LIVING, State


def settle(connection: Connection, files: Iterable[Place]) -> None:
    """Stack or show again what is called like any of ``files`` but for the ending."""
    wanted: dict[tuple[int, str], set[str]] = {}
    for root_id, folder, name in files:
        if begin := up_to_dot(name):
            wanted.setdefault((root_id, folder), set()).add(begin)
    for (root_id, folder), names_begin in wanted.items():
        begins = [to_text(begin) for begin in names_begin]
        called = type_coerce(Photo.name, String)
        query = (
            select(
                Photo.id,
                Photo.name,
                Photo.state,
                Photo.content_id,
                Content.format,
                Content.duration_ms,
            )
            .join(Content, Content.id == Photo.content_id)
            .where(
                Photo.root_id == root_id,
                Photo.folder == folder,
                # The names between the first and the last: files come in order of name.
                called >= min(begins),
                called < max(f"{begin[:-1]}/" for begin in begins),  # which comes after "."
                Photo.state.in_(LIVING),
            )
        )
        rows = [row for row in connection.execute(query) if up_to_dot(row.name) in names_begin]
        durations = {row.name: row.duration_ms for row in rows}
        hidden = stacked({row.name: row.format for row in rows}, durations)
        for state in LIVING:
            changed = [
                row.id
                for row in rows
                if row.state != state and (row.name in hidden) == (state is State.STACKED)
            ]
            _set(connection, changed, state)
        new = {
            up_to_dot(row.name) for row in rows if row.name in hidden and row.state != State.STACKED
        }
        stacks: dict[str, list[int]] = {begin: [] for begin in new}
        for row in rows:
            if row.name in hidden or row.format in SHOWN_FORMATS:
                stacks.get(up_to_dot(row.name), []).append(row.content_id)
        hide_whole(connection, list(stacks.values()))


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

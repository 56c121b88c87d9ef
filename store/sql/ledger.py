"""The ledger: what becomes of known paths, and the numbers of runs and file systems."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, and_, delete, func, select, update

from store.sql import key_values, metadata_rows, roots, stack_states
from store.sql.dialect.expressions import chunks, insert
from store.sql.schema import Filesystem, Photo
from store.states import State

_ACCEPTED = {"state": State.GONE, "reason": "missing, and accepted as gone", "away": False}


def begin_run(connection: Connection) -> int:
    """A number for a new run, above those of all runs whose moves were settled.

    Nothing is written: a run that meets no new path leaves its number to the next one.
    """
    last = max(int(key_values.get(connection, key, 0)) for key in ("run", "settled_run"))
    return last + 1


def last_path(connection: Connection) -> int:
    """The greatest id of a path, which is the latest one's; 0 if the library knows none."""
    return int(connection.execute(select(func.max(Photo.id))).scalar() or 0)


def set_values(connection: Connection, photo_ids: Sequence[int], values: dict[str, Any]) -> None:
    """Write the same ``values``, by column, to each of some paths.

    What they, and the sidecars beside them, said of a picture that has other paths counts no more
    where these paths are gone or away, and counts again where they are back.
    """
    for part in chunks(photo_ids):
        connection.execute(update(Photo).where(Photo.id.in_(part)).values(**values))
    if "state" in values:
        stack_states.settle_paths(connection, photo_ids)
    if "away" in values:
        for part in chunks(photo_ids):
            copies = metadata_rows.at_others_too(connection, Photo.id.in_(part))
            metadata_rows.refresh(connection, copies)


def try_again(
    connection: Connection,
    reasons: Iterable[str],
    root_id: int,
    folder: str = "",
    only: Collection[str] | None = None,
) -> None:
    """Let a run read what was passed over for one of ``reasons``, changed or not.

    Args:
        root_id, folder, only: what the run looks through; see ``indexer.folders.steps.Target``.
    """
    states = (State.UNSUPPORTED, State.OTHER)
    failed = (
        Photo.state.in_(states),
        Photo.reason.in_(list(reasons)),
        Photo.root_id == root_id,
    )
    places = [roots.under(folder)]
    if only is not None:
        places = [Photo.folder.in_(part) for part in chunks(sorted(only))]
    values = {"state": State.UNREADABLE, "reason": "it can be read now, and was not yet"}
    for place in places:
        connection.execute(update(Photo).where(*failed, place).values(**values))


def accept_missing(connection: Connection, path: Path) -> int:
    """Say that what is away at or below ``path`` (absolute) is gone. Returns how many paths."""
    accepted = 0
    copies: list[int] = []
    for root_id, place in roots.places(connection, path):
        away = and_(Photo.root_id == root_id, place, Photo.away)
        copies += metadata_rows.at_others_too(connection, away)
        accepted += connection.execute(update(Photo).where(away).values(**_ACCEPTED)).rowcount
    stack_states.release(connection)
    metadata_rows.refresh(connection, copies)
    return accepted


def drop(connection: Connection, photo_ids: Iterable[int]) -> None:
    """Take paths off the ledger; what sidecars among them said counts no more."""
    sidecars: list[tuple[int, str, str]] = []
    for part in chunks(list(photo_ids)):
        query = select(Photo.root_id, Photo.folder, Photo.name)
        query = query.where(Photo.id.in_(part), Photo.sidecar.is_not(None))
        sidecars += [(root, folder, name) for root, folder, name in connection.execute(query)]
        connection.execute(delete(Photo).where(Photo.id.in_(part)))
    if metadata_rows.refresh_beside(connection, sidecars):
        key_values.bump_generation(connection)


def filesystem_id(connection: Connection, name: str) -> int:
    """The number of a file system, made if its name is new."""
    connection.execute(insert(Filesystem).values(name=name).on_conflict_do_nothing())
    query = select(Filesystem.id).where(Filesystem.name == name)
    return connection.execute(query).scalar_one()

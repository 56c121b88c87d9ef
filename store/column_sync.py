"""The columns of all photos as something derived from the rows: trusted only while they match them.

As the vector index is (``store.index_sync``): files that are missing, damaged or of different rows
are never an error. What has changed since they were written is taken from the rows, or everything.
"""

from __future__ import annotations

import os
import secrets
import time
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Connection, Engine

from store.column_merge import merged
from store.columns import ColumnArrays, Columns
from store.files.column_files import ColumnFiles, SavedColumns
from store.sql import changes, columns
from store.sql.changes import FACTS
from store.sql.database import immediate, reading
from store.values import ModelInfo

_ANEW = 0.5  # share of the contents, beyond which all are read
_DAY = 86_400


@dataclass(frozen=True)
class OpenedColumns:
    """Columns that equal the rows.

    Attributes:
        number: that of the last change that is taken in.
        current: whether the files hold just that.
    """

    columns: Columns
    number: int
    current: bool


def is_current(engine: Engine, folder: Path, model: ModelInfo) -> bool:
    """Whether the files, as far as a glance tells, hold just what the rows do."""
    token = ColumnFiles(folder, model).token()
    if token is None:
        return False
    with reading(engine) as connection:
        number = changes.taken_in(connection, _name(model), token, FACTS)
        return number is not None and number == changes.latest(connection, FACTS)


def open_columns(
    engine: Engine, folder: Path, model: ModelInfo, *, rebuild: bool = False
) -> OpenedColumns:
    """The columns as the rows are now, caught up in memory; the files stay as they are.

    Args:
        rebuild: take nothing from the files.
    """
    with reading(engine) as connection:
        saved, taken = (None, None) if rebuild else _load(connection, folder, model)
        number = changes.latest(connection, FACTS)
        if saved and taken is not None:
            try:
                kept = _caught_up(connection, model, saved.arrays, taken, number)
                resolved = columns.resolved(connection, kept)
                return OpenedColumns(resolved, number, current=taken == number)
            except (KeyError, IndexError):
                pass  # of rows that were written past the log
        return OpenedColumns(columns.read(connection, model.id), number, current=False)


def update_columns(
    engine: Engine, folder: Path, model: ModelInfo, *, rebuild: bool = False
) -> Columns:
    """As ``open_columns``, with the files brought up to date; the caller holds the library's lock.

    Raises:
        OSError: they can't be written.
    """
    opened = open_columns(engine, folder, model, rebuild=rebuild)
    if opened.current:
        return opened.columns
    fresh = (_name(model), secrets.token_hex(8), opened.number)
    with immediate(engine) as connection:
        changes.announce(connection, *fresh, FACTS)
    files = ColumnFiles(folder, model)
    files.save(opened.columns, fresh[1], time_zone())
    with immediate(engine) as connection:
        changes.settle(connection, *fresh, FACTS)
    saved = files.load(check=False)  # mapped, the same takes no memory of the process
    if saved is None or saved.token != fresh[1]:
        return opened.columns
    return Columns.of(saved.arrays, opened.columns.generation, opened.columns.root_paths)


def time_zone() -> str:
    """What tells whether a file's time, as seconds, is still the same local time.

    The offsets from UTC from 1970 to 2050, at every third day and some hour of it.
    """
    return _time_zone(os.environ.get("TZ", ""), time.tzname, (time.timezone, time.altzone))


@lru_cache(4)
def _time_zone(zone: str, names: tuple[str, str], _offsets: tuple[int, int]) -> str:
    """That of the process while these are what they are: some 10,000 moments are looked up."""
    moments = range(0, 80 * 365 * _DAY, 3 * _DAY + 5 * 3_600)
    offsets = ",".join(str(time.localtime(moment).tm_gmtoff) for moment in moments)
    return f"{zone} {'/'.join(names)} {zlib.crc32(offsets.encode()):08x}"


def _load(
    connection: Connection, folder: Path, model: ModelInfo
) -> tuple[SavedColumns | None, int | None]:
    """The saved columns, and the last change that they have taken in if they are of these rows.

    Without the lock, a writer may save new ones at any moment: see ``store.index_sync``.
    """
    files, zone = ColumnFiles(folder, model), time_zone()
    while True:
        before = files.token()
        saved = files.load()
        connection.rollback()  # to see the rows as they are now, not before
        taken = changes.taken_in(connection, _name(model), saved.token if saved else "", FACTS)
        if taken is not None or files.token() == before:
            return (saved if saved and saved.zone == zone else None), taken


def _caught_up(
    connection: Connection, model: ModelInfo, kept: ColumnArrays, taken: int, number: int
) -> ColumnArrays:
    if taken == number:
        return kept
    changed = changes.since(connection, taken, FACTS)
    if len(changed) > _ANEW * len(kept):
        return columns.arrays(connection, model.id)
    return merged(kept, changed, columns.arrays(connection, model.id, changed))


def _name(model: ModelInfo) -> str:
    return f"columns-{model.id}"

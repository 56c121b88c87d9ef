"""A backup of a library, and putting one back.

Only the database is in it: the index files, labels and thumbnails beside it are made of it and of
the photos again.

A backup is put back by SQLite itself, as one transaction on the database that is there. A file
that is renamed over it would not do: the page or a search may have the old one open and go on
writing tags into it, and the ``-wal`` that belongs to the old file would be read into the new one.
"""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from store.errors import FileRefused, LibraryError, LibraryNotFound
from store.files.atomic import remove_database, sync, sync_folder, written_whole
from store.library import DATABASE
from store.locks import locked
from store.rescue.copies import DatabaseFacts, connect_reading, copy_database, copy_pages, examine
from store.sql import key_values
from store.sql.database import immediate, open_database
from store.sql.dialect import file_checks

_PATIENCE = 2  # seconds: a search that catches up with the library holds its lock for a moment
_TRIES = 5  # to copy the library while nobody changes it


@dataclass(frozen=True)
class BackedUp:
    """Where a backup is and what is in it."""

    path: Path
    facts: DatabaseFacts


@dataclass(frozen=True)
class Restored:
    """What was restored, and where the earlier library is kept (None: there was none)."""

    facts: DatabaseFacts
    aside: Path | None


def back_up(folder: Path, target: Path, *, replace: bool = False) -> BackedUp:
    """Copy the database of the library in ``folder`` to ``target``, and check the copy.

    That needs no lock: a run may go on meanwhile.

    Args:
        target: the file to make, or a folder to make one with today's date in its name in.
        replace: whether a file that is there may be replaced.

    Raises:
        LibraryNotFound: there is no library in ``folder``.
        FileRefused: ``target`` is there already, or would be the library itself.
        LibraryDamaged: the library is damaged; nothing is written.
        LibraryError, OSError: ``target`` can't be written; nothing of it stays.
    """
    source = folder / DATABASE
    if not source.exists():
        raise LibraryNotFound(f"There is no library in {folder} yet, so nothing to back up.")
    if target.is_dir():
        target = target / f"clipsearch-{datetime.now():%Y-%m-%d-%H%M%S}.db"
    inside = target.parent.exists() and target.parent.samefile(folder)
    if inside and target.name.startswith(DATABASE):
        raise FileRefused(f"{target} belongs to the library itself: choose another name.")
    if not target.parent.is_dir():
        raise FileRefused(f"There is no folder {target.parent} for the backup.")
    facts = copy_database(source, target, replace=replace)
    assert facts is not None
    return BackedUp(target, facts)


def check_backup(path: Path) -> DatabaseFacts:
    """Read a backup through.

    Raises:
        FileRefused, LibraryDamaged, LibraryTooNew: it can't be put back.
    """
    facts = examine(path)
    file_checks.check_not_newer(facts.version, str(path))
    return facts


def restore_backup(folder: Path, backup: Path) -> Restored:
    """Put a backup in the place of the library in ``folder``, or make it the library there.

    What was there is kept beside it, under a name with the date. Nothing is changed until the
    last step, which is one transaction.

    Raises:
        FileRefused, LibraryDamaged, LibraryTooNew: the backup can't be put back.
        LibraryBusy: another process is changing the library.
        LibraryError, OSError: the folder can't be written.
    """
    facts = check_backup(backup)
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / DATABASE
    if place.exists() and place.samefile(backup):
        raise FileRefused(f"{backup} is the library itself.")
    with locked(folder, wait=_PATIENCE):
        for left_behind in folder.glob("library*.db.tmp*"):  # by a kill
            left_behind.unlink(missing_ok=True)
        try:
            return Restored(facts, _restore(place, backup))
        except sqlite3.Error as error:
            raise LibraryError(f"{backup} can't be put at {place}: {error}.") from error


def _restore(place: Path, backup: Path) -> Path | None:
    now = f"{datetime.now():%Y-%m-%d-%H%M%S}"
    if not place.exists():
        with written_whole(place) as beside:
            _prepare(backup, beside, 0)
        return None
    prepared = place.with_name(f"{DATABASE}.tmp-restore")
    try:
        page_size, generation = _page_size_and_generation(place)
        _prepare(backup, prepared, generation, page_size)
        if page_size is None:  # not even SQLite can open it, so nobody else has it open either
            return _replace_unreadable(place, prepared, now)
        aside = place.with_name(f"library-before-restore-{now}.db")
        _copy_unchanged(place, aside)
        try:
            _put_into(place, prepared)
        except BaseException:
            aside.unlink()
            raise
        return aside
    finally:
        remove_database(prepared)


def _prepare(backup: Path, target: Path, generation: int, page_size: int | None = None) -> None:
    """Make ``target`` what the library will be: the backup, in today's format, as a new past."""
    with closing(connect_reading(backup)) as source:
        copy_pages(source, target)
    engine = open_database(target, keep_copy=False)
    try:
        with immediate(engine) as connection:
            later = max(generation, int(key_values.get(connection, "generation", 0))) + 1
            # Whoever has the library open looks again.
            key_values.put(connection, "generation", later)
            key_values.put(connection, "past", secrets.token_hex(8))
    finally:
        engine.dispose()
    with closing(sqlite3.connect(target, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")
        if page_size:  # SQLite takes over pages of the same size only
            copy.execute(f"PRAGMA page_size = {page_size}")
            if copy.execute("PRAGMA page_size").fetchone() != (page_size,):
                copy.execute("VACUUM")
    examine(target)


def _page_size_and_generation(place: Path) -> tuple[int | None, int]:
    """Of the library that is there; the size is None if SQLite can't open it, or it is empty."""
    if not place.stat().st_size:
        return None, 0
    try:
        with closing(connect_reading(place)) as connection:
            (page_size,) = connection.execute("PRAGMA page_size").fetchone()
            generation = 0
            with suppress(sqlite3.Error, TypeError, ValueError):
                query = "SELECT value FROM setting WHERE key = 'generation'"
                generation = int(connection.execute(query).fetchone()[0])
            return page_size, generation
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return None, 0


def _copy_unchanged(place: Path, aside: Path) -> None:
    """Keep a copy of the library as it is, damage included, that lacks no tag given meanwhile."""
    with closing(connect_reading(place)) as watching:
        for _ in range(_TRIES):
            (before,) = watching.execute("PRAGMA data_version").fetchone()
            with (
                written_whole(aside, replace=True) as beside,
                closing(connect_reading(place)) as source,
            ):
                copy_pages(source, beside)
            if watching.execute("PRAGMA data_version").fetchone() == (before,):
                return
    aside.unlink()
    raise LibraryError(f"{place} is being changed all the time: close what is using it.")


def _put_into(place: Path, prepared: Path) -> None:
    """Let ``prepared`` be what is in the database at ``place``, in one transaction."""
    with (
        closing(sqlite3.connect(prepared)) as source,
        closing(sqlite3.connect(place, isolation_level=None, timeout=30)) as library,
    ):
        library.execute("PRAGMA journal_mode = WAL")
        library.execute("PRAGMA synchronous = FULL")
        source.backup(library)
        with suppress(sqlite3.Error):  # it is in place; the log can be taken in later
            library.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _replace_unreadable(place: Path, prepared: Path, now: str) -> Path:
    aside = place.with_name(f"library-damaged-{now}.db")
    for ending in ("-shm", "-wal"):  # the log must not be read into the new file
        part = place.with_name(place.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    try:
        aside.hardlink_to(place)  # so that there is a library at every moment
    except OSError:  # a file system without links
        place.rename(aside)
    sync(prepared)
    prepared.replace(place)
    sync_folder(place.parent)
    return aside

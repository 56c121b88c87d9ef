"""Advisory locks of a PostgreSQL server: who has which, and who waits.

They belong to a connection, and go with it. All are taken without waiting on the server, several at
once or none of them, so that no two processes can wait for each other for ever; who has to wait
asks again, and can be interrupted meanwhile.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

from sqlalchemy import Connection, func, select, text

from store.errors import LibraryError
from store.metadata import is_sidecar
from store.stacks import can_be_hidden
from store.values import FileRecord

_POLL_S = 0.2
_PATIENCE_S = 0.5  # waits that are shorter than this are not worth a line
_TAKE = text(
    "SELECT CASE WHEN shared THEN pg_try_advisory_lock_shared(key) "
    "ELSE pg_try_advisory_lock(key) END "
    "FROM unnest(CAST(:keys AS bigint[]), CAST(:shared AS boolean[])) "
    "WITH ORDINALITY AS wanted (key, shared, number) ORDER BY number"
)
_LET_GO = text(
    "SELECT CASE WHEN shared THEN pg_advisory_unlock_shared(key) ELSE pg_advisory_unlock(key) END "
    "FROM unnest(CAST(:keys AS bigint[]), CAST(:shared AS boolean[])) AS held (key, shared)"
)
_TURNS = 32  # the locks that all folders share: a server has room for some thousands at once
_WAIT = text(
    "SELECT CASE WHEN shared THEN pg_advisory_xact_lock_shared(key) "
    "ELSE pg_advisory_xact_lock(key) END "
    "FROM unnest(CAST(:keys AS bigint[]), CAST(:shared AS boolean[])) "
    "WITH ORDINALITY AS wanted (key, shared, number) ORDER BY number"
)

Tell = Callable[[str], None]
"""Takes a line for the user."""


@dataclass(frozen=True)
class Lock:
    """One lock, to be had ``shared`` with others or alone.

    Attributes:
        what: its name within a library.
        folder: the one that it stands for, if any.
    """

    what: str
    shared: bool = False
    folder: Path | None = None


def of_folders(folders: Sequence[Path]) -> list[Lock]:
    """The locks of ``folders`` (absolute): alone at each, shared with others at those around it."""
    around = {outer for folder in folders for outer in folder.parents} - set(folders)
    return [_of_folder(one, shared=True) for one in sorted(around)] + [
        _of_folder(one, shared=False) for one in folders
    ]


def _of_folder(folder: Path, *, shared: bool) -> Lock:
    return Lock(f"folder {os.fsencode(folder).hex()}", shared, folder)


def of_run(run: int, *, shared: bool = False) -> Lock:
    """The lock of a run, which it has while it goes on."""
    return Lock(f"run {run}", shared)


INDEX = Lock("index")
"""Of who makes the index of vectors."""

HELPED = Lock("helped")
"""Shared by the transactions of those who help a run; see ``helping_session``."""


def of_files(files: Iterable[FileRecord]) -> list[Lock]:
    """The locks of who writes ``files``, always in one order.

    Who writes a sidecar, or what may be stacked, has its folder alone: of two that write a photo
    and its sidecar, or a raw and its picture, at the same moment, neither would see the other one.
    """
    alone: dict[int, bool] = {}
    for file in files:
        place = f"{file.root_id}/{file.folder}".encode(errors="surrogateescape")
        turn = int.from_bytes(hashlib.sha256(place).digest()[:4], "big") % _TURNS
        alone[turn] = alone.get(turn, False) or _is_beside_a_photo(file)
    return [Lock(f"turn {turn}", shared=not alone[turn]) for turn in sorted(alone)]


def _is_beside_a_photo(file: FileRecord) -> bool:
    if file.picture is None:
        return is_sidecar(file.name)
    facts = file.picture.facts  # None: they are known, to the database
    return facts is None or can_be_hidden(facts.format, facts.duration_ms)


class LockKeys:
    """The numbers of locks, the same for all who use one schema of a database."""

    def __init__(self, connection: Connection) -> None:
        self._schema = str(connection.execute(text("SELECT current_schema()")).scalar_one())

    def values(self, locks: Sequence[Lock]) -> dict[str, object]:
        """As statements take several of them."""
        shared = [lock.shared for lock in locks]
        return {"keys": [self._key(lock) for lock in locks], "shared": shared}

    def try_for_now(self, connection: Connection, lock: Lock) -> bool:
        """Take ``lock`` until the end of a transaction; False: somebody else has it."""
        shared = func.pg_try_advisory_xact_lock_shared
        function = shared if lock.shared else func.pg_try_advisory_xact_lock
        return bool(connection.execute(select(function(self._key(lock)))).scalar_one())

    def wait_for_now(self, connection: Connection, lock: Lock) -> None:
        """The same, but wait for it, for as long as the transactions of others take."""
        shared = func.pg_advisory_xact_lock_shared
        function = shared if lock.shared else func.pg_advisory_xact_lock
        connection.execute(select(function(self._key(lock))))

    def wait_for_all(self, connection: Connection, locks: Sequence[Lock]) -> None:
        """The same for several, in this order."""
        connection.execute(_WAIT, self.values(locks))

    def _key(self, lock: Lock) -> int:
        name = f"clipsearch\0{self._schema}\0{lock.what}".encode()
        return int.from_bytes(hashlib.sha256(name).digest()[:8], "big", signed=True)


class HeldLocks:
    """The locks that one connection has, and the transactions on it; safe to share by threads.

    Args:
        lost: makes the error that is raised when the connection is gone, and the locks with it.
    """

    def __init__(self, connection: Connection, lost: Callable[[], LibraryError]) -> None:
        self._connection, self._lost = connection, lost
        self._held: set[Lock] = set()
        self._interrupted: KeyboardInterrupt | None = None
        self._threads = RLock()
        with self.transaction():
            self._keys = LockKeys(connection)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction on the connection that has the locks, or the one that goes on there."""
        with self._threads:
            if self._is_lost():  # SQLAlchemy would connect again, without the locks
                raise self._interrupted or self._lost()
            if self._connection.in_transaction():
                yield self._connection
                return
            try:
                with self._connection.begin():
                    yield self._connection
            except LibraryError as error:
                if self._is_lost():
                    raise self._lost() from error
                raise
            except KeyboardInterrupt as error:  # in the middle of a statement, which ends all
                self._interrupted = error
                raise

    def _is_lost(self) -> bool:
        if self._connection.invalidated or self._connection.closed:
            return True
        driver: Any = self._connection.connection.dbapi_connection
        return bool(driver.closed)

    @property
    def keys(self) -> LockKeys:
        """The numbers of the locks."""
        return self._keys

    def __contains__(self, lock: Lock) -> bool:
        return lock in self._held

    def take(self, locks: Sequence[Lock]) -> Lock | None:
        """Take all of ``locks``, or none. Returns one that somebody else has, None if all is well.

        Those that are held already stay so.
        """
        new = [lock for lock in dict.fromkeys(locks) if lock not in self._held]
        if not new:
            return None
        with self.transaction() as connection:
            taken = connection.execute(_TAKE, self._keys.values(new)).scalars().all()
            got = [lock for lock, has in zip(new, taken, strict=True) if has]
            if len(got) == len(new):
                self._held.update(new)
                return None
            connection.execute(_LET_GO, self._keys.values(got))
        return next(lock for lock in new if lock not in got)

    def let_go(self, locks: Sequence[Lock]) -> None:
        held = [lock for lock in locks if lock in self._held]
        self._held.difference_update(held)
        if held:
            with self.transaction() as connection:
                connection.execute(_LET_GO, self._keys.values(held))

    def wait_for(self, locks: Sequence[Lock], tell: Tell) -> None:
        """Take all of ``locks``, as soon as they can be had; ``tell`` hears who is waited for."""
        began, told = time.monotonic(), ""
        while refused := self.take(locks):
            if time.monotonic() - began > _PATIENCE_S:
                line = f"Waiting for another clipsearch, which is {self.at_work(refused)}"
                if line != told:
                    tell(line)
                told = line
            time.sleep(_POLL_S)

    def at_work(self, lock: Lock) -> str:
        """What whoever has ``lock`` is doing."""
        if lock.folder is None:
            return "changing the library"
        inside = False
        if not lock.shared:  # then who has it shared, has one below it
            shared = Lock(lock.what, True, lock.folder)
            if inside := not self.take([shared]):
                self.let_go([shared])
        return f"indexing {'a folder in ' if inside else ''}{lock.folder}"

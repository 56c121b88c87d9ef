"""The session that a writer changes a library on a server through, with the locks that it needs.

Changes go through the connection that has the locks. When it is lost, so are they, and nothing gets
in through it any more; and nobody else can have them before the server is done with what it was
told last.

=========  ==================================  ================================================
Lock       Shared by                           Had alone by
=========  ==================================  ================================================
library    all runs                            relocate, forget, prune, mend
a folder   runs of roots below it              the run of the root that it is
model      all runs                            a run that brings a different model, at its start
a run                                          that run, while it goes on
=========  ==================================  ================================================
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, text

from store.address import Address
from store.errors import LibraryBusy, LibraryError
from store.sql.dialect import server
from store.sql.dialect.server_locks import (
    HELPED,
    INDEX,
    HeldLocks,
    Lock,
    LockKeys,
    Tell,
    of_folders,
    of_run,
)

_LIBRARY, _LIBRARY_ALONE = Lock("library", shared=True), Lock("library")
_MODEL, _MODEL_ALONE = Lock("model", shared=True), Lock("model")
_MODEL_S = 2.0  # so long a model may look like a different one, because others begin as well
# A machine that vanished keeps its locks for a minute, and not for hours; and no limit of the
# server's ends a run that waits for its model.
_SETTINGS = (
    "SET tcp_keepalives_idle = 30",
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 3",
    "SET idle_session_timeout = 0",
)


class WritingSession:
    """One writer's connection and locks; its transactions come one after the other.

    Args:
        tell: hears who is waited for.
    """

    def __init__(self, connection: Connection, address: Address, tell: Tell) -> None:
        self._address, self._tell = address, tell
        self._roots: set[Path] = set()
        self._locks = HeldLocks(connection, self._lost)
        with self._locks.transaction():
            for setting in _SETTINGS:
                connection.execute(text(setting))

    def _lost(self) -> LibraryError:
        return LibraryError(
            f"The connection to {self._address} was lost, and with it the right to change the "
            "library. What was written is kept; the same command goes on from there."
        )

    @contextmanager
    def transaction(self, *, together: bool = False) -> Iterator[Connection]:
        """A transaction of a writer.

        Args:
            together: at the same time as those of others, which change rows of their own.

        Raises:
            LibraryError: the connection was lost, and with it the right to write.
        """
        if _LIBRARY_ALONE not in self._locks:
            self._locks.wait_for([_LIBRARY], self._tell)
        with self._locks.transaction() as connection:
            if not together:
                connection.execute(server.ONE_BY_ONE)
            yield connection

    # -- folders ------------------------------------------------------------------------------

    @property
    def roots(self) -> frozenset[Path]:
        """The folders that are held."""
        return frozenset(self._roots)

    def hold(self, folders: Iterable[Path]) -> None:
        """Hold ``folders`` (absolute), all or none; wait for who holds one, or is in or around it.

        Raises:
            LibraryBusy: somebody else holds one, and others are held here: two that wait for each
                other would wait for ever.
        """
        new = sorted(set(folders) - self._roots)
        if not new:
            return
        locks = [_LIBRARY, *of_folders(new)]
        if not self._roots:
            self._locks.wait_for(locks, self._tell)
        elif refused := self._locks.take(locks):
            raise LibraryBusy(
                f"Another clipsearch, here or on another machine, is {self._locks.at_work(refused)}"
                ". Wait until it is done, or stop it; searching works meanwhile."
            )
        self._roots.update(new)
        self._wait_for_helpers()

    def _wait_for_helpers(self) -> None:
        """Wait for what processes are writing whose run has died; see ``helping_session``."""
        with self._locks.transaction() as connection:
            self._locks.keys.wait_for_now(connection, HELPED)

    def let_go(self, folders: Iterable[Path]) -> None:
        """Hold ``folders`` no more."""
        self._roots.difference_update(folders)
        kept = of_folders(sorted(self._roots))
        self._locks.let_go([lock for lock in of_folders(sorted(folders)) if lock not in kept])

    @contextmanager
    def borrowing(self, folders: Iterable[Path]) -> Iterator[set[Path]]:
        """Those of ``folders`` that are held here, or that nobody holds: held for a moment."""
        mine = self._roots & set(folders)
        borrowed: list[Lock] = []
        for folder in sorted(set(folders) - mine):
            locks = [lock for lock in of_folders([folder]) if lock not in self._locks]
            if self._locks.take(locks) is None:
                mine.add(folder)
                borrowed += locks
        try:
            yield mine
        finally:
            with suppress(LibraryError):  # the server let go of them with the connection
                self._locks.let_go(borrowed)

    # -- the library, its model, its index ------------------------------------------------------

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Have the library to itself for a while.

        Raises:
            LibraryBusy: somebody else changes it.
        """
        if self._locks.take([_LIBRARY_ALONE]):
            raise LibraryBusy(
                f"Another clipsearch, here or on another machine, is changing the library at "
                f"{self._address}. Wait until it is done, or stop it; searching works meanwhile."
            )
        try:
            self._wait_for_helpers()
            yield
        finally:
            with suppress(LibraryError):
                self._locks.let_go([_LIBRARY_ALONE])

    @contextmanager
    def bringing_model(self, is_other: Callable[[], bool]) -> Iterator[None]:
        """Share the model that all runs embed with, and have it alone meanwhile to change it.

        Args:
            is_other: whether the library embeds with a different one so far.

        Raises:
            LibraryBusy: it does, and others are at it.
        """
        until = time.monotonic() + _MODEL_S
        while True:
            self._locks.wait_for([_MODEL], self._tell)
            if not is_other():
                break
            self._locks.let_go([_MODEL])
            if self._locks.take([_MODEL_ALONE]) is None:
                break
            if time.monotonic() > until:
                raise LibraryBusy(
                    "Another clipsearch is indexing with a different model, and a library changes "
                    "its model as a whole. Wait until it is done, or leave out --model."
                )
            time.sleep(random.uniform(0, _MODEL_S / 20))  # two that begin at once both want it
        try:
            yield
            self._locks.take([_MODEL])
        finally:
            with suppress(LibraryError):
                self._locks.let_go([_MODEL_ALONE])

    def is_first_to_index(self, connection: Connection) -> bool:
        """Whether nobody else makes an index; until the end of a transaction, of any connection."""
        return self._locks.keys.try_for_now(connection, INDEX)

    # -- runs ---------------------------------------------------------------------------------

    def hold_run(self, run: int) -> None:
        """Let others see that a run goes on; in the transaction that begins it."""
        self._locks.take([of_run(run)])

    def let_go_of_run(self, run: int) -> None:
        self._locks.let_go([of_run(run)])

    def is_going(self, connection: Connection, run: int) -> bool:
        """Whether somebody else has a run that goes on; asked in a transaction."""
        return not self._locks.keys.try_for_now(connection, of_run(run, shared=True))


@contextmanager
def session(engine: Engine, address: Address, tell: Tell) -> Iterator[WritingSession]:
    """A connection of its own to write through; it is closed in the end, and its locks go."""
    options = {"isolation_level": "READ COMMITTED"}
    with engine.connect().execution_options(**options) as connection:
        connection.detach()  # nobody is to get it from the pool with locks on it
        driver: Any = connection.connection.dbapi_connection
        try:
            yield WritingSession(connection, address, tell)
        finally:
            if not connection.invalidated:
                with suppress(LibraryError):  # at once: a closed connection ends a little later
                    connection.exec_driver_sql("SELECT pg_advisory_unlock_all()")
            else:  # SQLAlchemy has let go of it, closed or not
                driver.close()


def has_alone(connection: Connection) -> bool:
    """Have the library alone until the transaction of ``connection`` ends; False: it is in use."""
    return LockKeys(connection).try_for_now(connection, _LIBRARY_ALONE)

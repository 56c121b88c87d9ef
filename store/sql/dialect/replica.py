"""A replica of a library on a server, which reads what searches ask for."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, Engine, text

from store.address import Address
from store.errors import LibraryError
from store.sql import key_values
from store.sql.dialect import server

_AGAIN_S = 30  # so long is a replica out of use that could not be used
_WRITTEN = """SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
    ELSE pg_current_wal_lsn() END"""
_HAS = "SELECT pg_last_wal_replay_lsn() >= CAST(:place AS pg_lsn)"
_LAG = """SELECT pg_last_wal_replay_lsn() >= CAST(:place AS pg_lsn),
    pg_wal_lsn_diff(CAST(:place AS pg_lsn), pg_last_wal_replay_lsn()),
    extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())"""


@dataclass(frozen=True)
class Lag:
    """How far a replica is behind: nothing, if both are 0.

    Attributes:
        seconds: since the last change that it has; None: it has none yet since it was started.
        bytes: of the log of changes that it has still to carry out.
    """

    seconds: float | None
    bytes: int


@dataclass
class _Own:
    """How far a replica must be, so that nobody in this process misses a change of their own."""

    changes: int = 0
    seen: int = 0
    place: str | None = None  # in the log of changes; None: any will do
    lock: threading.Lock = field(default_factory=threading.Lock)


_OWN: defaultdict[str, _Own] = defaultdict(_Own)  # by the address that changes go to


class Replica:
    """Chooses for each question who is asked: the replica, or the server that changes go to.

    That is the replica, unless it can't be reached, is no replica of this library, or has not yet
    what this process changed. Safe to share by threads.
    """

    def __init__(self, address: Address, engine: Engine, named: Address) -> None:
        """``engine`` is that of the library at ``named``, of which ``address`` has a replica."""
        self.address = address
        self._first = engine
        self._engine = server.connect(address, patience_s=3)  # somebody waits for each search
        self._own = _OWN[str(named)]
        self._next_look = 0.0
        self._refused: str | None = None
        self._is_known = False  # as a replica of this library
        self._pauses = 0

    @property
    def trouble(self) -> str | None:
        """Why it is not used at the moment; None: it is."""
        self._look_again()
        return self._refused

    def note_change(self) -> None:
        """Say that this process changed something."""
        with self._own.lock:
            self._own.changes += 1

    @contextmanager
    def not_used(self) -> Iterator[None]:
        """While something is changed by what is read."""
        with self._own.lock:
            self._pauses += 1
        try:
            yield
        finally:
            self.note_change()
            with self._own.lock:
                self._pauses -= 1

    def connect(self) -> Connection:
        """A connection to read with."""
        self._look_again()
        if self._pauses or self._refused:
            return self._first.connect()
        try:
            connection = self._engine.connect()
            if self._has_own_changes(connection):
                return connection
            connection.close()
        except LibraryError as error:
            self._refuse(str(error))
        return self._first.connect()

    def lag(self) -> Lag:
        """How far it is behind.

        Raises:
            LibraryError: one of the two can't be asked.
        """
        with self._engine.connect() as connection:
            place = {"place": self._written()}
            has_all, size, seconds = connection.execute(text(_LAG), place).one()
        if has_all:
            return Lag(0.0, 0)
        return Lag(None if seconds is None else max(0.0, float(seconds)), int(size))

    def close(self) -> None:
        self._engine.dispose()

    def _written(self) -> str:
        """The place in the log up to which changes were made."""
        with self._first.connect() as connection:
            return str(connection.exec_driver_sql(_WRITTEN).scalar_one())

    def _has_own_changes(self, connection: Connection) -> bool:
        own = self._own
        with own.lock:
            changes, seen = own.changes, own.seen
        if changes != seen:
            try:
                place = self._written()  # or later: it need only be there
            except LibraryError:
                return True  # the replica is all that there is just now
            with own.lock:
                if changes > own.seen:
                    own.place, own.seen = place, changes
        if own.place is None:
            return True
        place = own.place
        has_all = bool(connection.execute(text(_HAS), {"place": place}).scalar_one())
        connection.rollback()  # what is read next shall see what the replica has by now
        if has_all:
            with own.lock:
                if own.place == place:
                    own.place = None
        return has_all

    def _look_again(self) -> None:
        """See from time to time whether it can be used: it may have become a server of its own."""
        now = time.monotonic()
        with self._own.lock:
            if now < self._next_look:
                return
            self._next_look = now + _AGAIN_S  # other threads go on as before
        try:
            with self._engine.connect() as connection:
                if not connection.exec_driver_sql("SELECT pg_is_in_recovery()").scalar_one():
                    self._refuse(f"{self.address} is no replica of another server.")
                    return
                there = connection.exec_driver_sql("SELECT to_regclass('setting')").scalar_one()
                past = there and key_values.get(connection, "past", "")
        except LibraryError as error:
            self._refuse(str(error))
            return
        try:
            with self._first.connect() as connection:
                same = key_values.get(connection, "past", "") == past
        except LibraryError:
            if self._is_known:  # and all that there is just now
                self._refused = None
            return
        self._is_known = same
        self._refused = None if same else f"{self.address} has no replica of this library."

    def _refuse(self, why: str) -> None:
        self._refused = why
        with self._own.lock:
            self._next_look = time.monotonic() + _AGAIN_S

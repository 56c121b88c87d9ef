"""Transactions of a process that helps a run: another process has the run, and all its locks.

Each transaction first makes sure that the run still goes on. It also takes a lock that all helpers
share: whoever takes over the roots of a run that died waits for it once, so that nothing of the
dead run is written afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection, Engine

from store.address import Address
from store.errors import LibraryError
from store.sql.dialect import server
from store.sql.dialect.server_locks import HELPED, INDEX, Lock, LockKeys, of_run


class HelpingSession:
    """Connections of a pool to write through; safe to share by threads.

    Attributes:
        run: the run that is helped.
    """

    def __init__(self, engine: Engine, address: Address) -> None:
        self._engine = engine.execution_options(isolation_level="READ COMMITTED")
        self._address = address
        self.run = 0

    @cached_property
    def _keys(self) -> LockKeys:
        with self._engine.connect() as connection:
            return LockKeys(connection)

    @contextmanager
    def transaction(self, *, together: bool = False) -> Iterator[Connection]:
        """See ``store.sql.dialect.writing_session``.

        Raises:
            LibraryError: the run has ended.
        """
        with self._engine.begin() as connection:
            self._keys.wait_for_now(connection, Lock(HELPED.what, shared=True))
            if self._keys.try_for_now(connection, of_run(self.run, shared=True)):
                raise LibraryError(
                    f"The run that this process helps has ended at {self._address}: "
                    "nothing more is written for it."
                )
            if not together:
                connection.execute(server.ONE_BY_ONE)
            yield connection

    def is_first_to_index(self, connection: Connection) -> bool:
        """See ``store.sql.dialect.writing_session``."""
        return self._keys.try_for_now(connection, INDEX)

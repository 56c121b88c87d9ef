"""Where a copy of a library goes: a folder, or a database on a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection

from store import locks
from store.address import Address
from store.errors import LibraryBusy
from store.files.atomic import sync, sync_folder
from store.library import DATABASE
from store.sql.copying import marks
from store.sql.copying.tables import Part
from store.sql.database import UNFINISHED_COPY, immediate, is_writable, open_database
from store.sql.dialect import bulk, read_only, server, server_ddl
from store.sql.dialect.writing_session import has_alone


@dataclass
class Held:
    """A place that is written to, and that nobody else changes meanwhile.

    Attributes:
        new: whether it is no library until the copy is whole. What was written may stay then, and
            the copy go on from it; else all of the copy is one transaction.
        first: whether there was no copy here before.
    """

    connection: Connection
    new: bool
    first: bool

    def keep(self) -> None:
        """Let what was written stay, if it may."""
        if self.new:
            self.connection.commit()


class Destination(Protocol):
    """Where a copy goes.

    Attributes:
        name: for people.
    """

    name: str

    def held(self, origin: marks.Origin, listed: list[Part]) -> AbstractContextManager[Held]:
        """Make the place ready for a copy of ``origin``; at its end the copy counts.

        Raises:
            FileRefused: a copy may not go there.
            LibraryBusy: another process is changing it.
            LibraryError, OSError: it can't be written to.
        """


class FolderPlace:
    """A folder. A new copy has another file name until it is whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.name = str(folder)

    @contextmanager
    def held(self, origin: marks.Origin, listed: list[Part]) -> Iterator[Held]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with locks.locked(self._folder):
            if (self._folder / DATABASE).exists():
                with self._library(origin, listed) as held:
                    yield held
            else:
                with self._beginning(origin, listed) as held:
                    yield held

    @contextmanager
    def _library(self, origin: marks.Origin, listed: list[Part]) -> Iterator[Held]:
        engine = open_database(self._folder / DATABASE)
        try:
            if not is_writable(engine):
                raise read_only.refusal(self._folder)
            with bulk.explaining(engine, origin.named), immediate(engine) as connection:
                there = marks.state(connection, listed)
                marks.check(connection, there, origin, self.name, listed)
                yield Held(connection, new=False, first=there is marks.CopyState.EMPTY)
        finally:
            engine.dispose()

    @contextmanager
    def _beginning(self, origin: marks.Origin, listed: list[Part]) -> Iterator[Held]:
        path = self._folder / UNFINISHED_COPY
        engine = open_database(path, create=True, keep_copy=False)
        try:
            with bulk.explaining(engine, origin.named), engine.connect() as connection:
                marks.check(connection, marks.state(connection, listed), origin, self.name, listed)
                marks.begin(connection, origin)
                bulk.without_triggers(connection)
                connection.commit()
                yield Held(connection, new=True, first=True)
                bulk.with_triggers(connection)
                connection.commit()
        finally:
            engine.dispose()  # the last connection takes the log along
        sync(path)
        place = self._folder / DATABASE
        for end in ("-wal", "-shm"):  # of a library that is gone, which would be read into this one
            place.with_name(DATABASE + end).unlink(missing_ok=True)
        path.rename(place)
        sync_folder(self._folder)


class ServerPlace:
    """A database. A new copy has a mark until it is whole, with which no library opens."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self.name = str(address)

    @contextmanager
    def held(self, origin: marks.Origin, listed: list[Part]) -> Iterator[Held]:
        engine = server.connect(self._address)
        try:
            server_ddl.make(engine, self._address)
            opened = server_ddl.opened(engine, self._address, unfinished=True)
            if not is_writable(opened):
                raise server.refusal(self._address)
            with (
                bulk.one_copy_at_a_time(opened) as free,
                bulk.explaining(opened, origin.named, self._address),
                opened.execution_options(isolation_level="READ COMMITTED").connect() as connection,
            ):
                if not free:
                    raise LibraryBusy(
                        f"Another clipsearch is copying to {self.name}. Wait until it is done, or "
                        "stop it."
                    )
                if not has_alone(connection):
                    raise LibraryBusy(
                        f"Another clipsearch is changing the library at {self.name}. Wait until it "
                        "is done, or stop it."
                    )
                bulk.lock_tables(connection)
                there = marks.state(connection, listed)
                marks.check(connection, there, origin, self.name, listed)
                new = there in (marks.CopyState.EMPTY, marks.CopyState.UNFINISHED)
                if new:
                    marks.begin(connection, origin)
                    connection.commit()
                yield Held(connection, new, first=new)
                connection.commit()
                bulk.analyze(connection)
                connection.commit()
        finally:
            engine.dispose()

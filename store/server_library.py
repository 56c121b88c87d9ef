"""A library on a PostgreSQL server: the same doors and statements, other locks and vector search.

What is derived (thumbnails, previews, labels) is kept in a local folder, one for each address: it
can always be made again, from the rows and the photos.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Engine

from store.address import Address
from store.errors import LibraryBusy, LibraryReadOnly
from store.filters import PhotoFilter
from store.index_sync import OpenedIndex
from store.library import Library
from store.outcomes import MendedVectors
from store.sql.database import immediate, reading
from store.sql.dialect import (
    invariants,
    nearby,
    nearby_checks,
    server,
    server_checks,
    server_ddl,
)
from store.sql.dialect.replica import Replica
from store.sql.server_index import ServerIndex
from store.sql.upsert import write_files
from store.values import FileRecord, ModelInfo
from store.vectors import VectorSearch
from store.writer import LibraryWriter


class ServerLibrary(Library):
    """See ``store.library.Library``.

    Attributes:
        address: where it is.
    """

    def __init__(self, address: Address, folder: Path, engine: Engine) -> None:
        super().__init__(folder, engine)
        self.address = address
        self.warning = server_ddl.warning(engine)
        self.replica = engine.get_execution_options().get("replica")
        if self.replica and (trouble := self.replica.trouble):
            said = f"{trouble} All is read from {address}."
            self.warning = f"{self.warning} {said}" if self.warning else said

    @classmethod
    def at(
        cls, address: Address, folder: Path, *, create: bool = False, read: Address | None = None
    ) -> ServerLibrary:
        """The library at ``address``, made there if ``create`` is true and there is none.

        Args:
            folder: for what is derived; made if it is not there.
            read: where a replica of it is, which then answers what is asked of the library. What
                this process has changed itself is asked of the library until the replica has it.

        Raises:
            LibraryNotFound, LibraryTooNew, LibraryError: see ``store.errors``.
        """
        engine = server.connect(address)
        try:
            if create:
                server_ddl.make(engine, address)
            engine = server_ddl.opened(engine, address)
            if read:
                engine = engine.execution_options(replica=Replica(read, engine, address))
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return cls(address, folder, engine)
        except BaseException:
            engine.dispose()
            raise

    @property
    def name(self) -> str:
        return str(self.address)

    @property
    def where(self) -> str:
        return f"at {self.name}"

    @contextmanager
    def writing(self) -> Iterator[LibraryWriter]:
        """The right to change the library, held by one process at a time, wherever it runs.

        The server takes it back when it loses the connection to the process.

        Raises:
            LibraryBusy: another process (or thread) holds it.
            LibraryReadOnly: this user may not change it.
        """
        if not self.writable:
            raise server.refusal(self.address)
        apart = self.replica.not_used() if self.replica else nullcontext()
        with apart, server.holding(self._engine) as held:
            if not held:
                raise LibraryBusy(
                    f"Another clipsearch, here or on another machine, is changing the library at "
                    f"{self.address}. Wait until it is done, or stop it; searching works meanwhile."
                )
            yield ServerWriter(self._engine, self.folder)

    def close(self) -> None:
        super().close()
        if self.replica:
            self.replica.close()

    def check(self, model: ModelInfo, index: VectorSearch) -> list[str]:  # noqa: ARG002
        with reading(self._engine) as connection:
            wrong = server_checks.problems(connection) + invariants.broken(connection)
        return wrong + nearby_checks.problems(self._engine, model)

    @property
    def unchecked(self) -> str | None:
        with reading(self._engine) as connection:
            if server_checks.has_amcheck(connection):
                return None
        return (
            "the server's own tables and indexes were not looked through: that takes its extension "
            "amcheck, and the right to use it"
        )

    def index_is_current(self, model: ModelInfo) -> bool:  # noqa: ARG002  # it is on the server
        return True

    def index(self, model: ModelInfo) -> OpenedIndex:
        return OpenedIndex(ServerIndex(self._engine, model), self.generation(), None)

    def narrowed(
        self,
        model: ModelInfo,
        index: VectorSearch,  # noqa: ARG002  # has nothing that the server lacks
        filter: PhotoFilter,
    ) -> VectorSearch:
        return ServerIndex(self._engine, model, filter)


class ServerWriter(LibraryWriter):
    """See ``store.writer.LibraryWriter``."""

    def record(self, files: Sequence[FileRecord], model: ModelInfo, run: int) -> None:
        with self._changing_what_is_searched() as connection:
            write_files(connection, files, model, run)
            new = [file.picture.digest for file in files if file.picture]
            nearby.fill(connection, model, new)

    def mend_vectors(self, model: ModelInfo) -> MendedVectors:
        """Mend what searches compare, from the stored vectors, of which there is no copy."""
        return nearby_checks.mend(self._engine, model, lambda: immediate(self._engine))

    def save_index(
        self,
        model: ModelInfo,
        *,
        rebuild: bool = False,
        thorough: bool = False,
    ) -> str | None:
        """Have an index made on the server where there are vectors enough for one.

        Until then, and by who may not make one, all vectors are compared.

        Args:
            rebuild: in place of the one that is there.
            thorough: see whether that one finds photos by their own vectors.
        """
        with reading(self._engine) as connection:
            made = nearby.has_index(connection, model)
            worth = nearby.is_worth_an_index(connection, model)
        why = "as asked"
        if worth and made and thorough and not rebuild:
            index = ServerIndex(self._engine, model)
            rebuild = nearby_checks.misses_photos(self._engine, model, index)
            why = "it did not find all photos"
        if not worth or (made and not rebuild):
            return None
        try:
            with self._engine.begin() as connection:
                nearby.make_index(connection, model, anew=rebuild)
        except LibraryReadOnly:  # only the owner of the tables may
            return None
        return f"rebuilt ({why})" if rebuild else "built on the server"

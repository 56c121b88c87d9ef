"""A library on a PostgreSQL server: the same doors and statements, other locks and vector search.

What is derived (thumbnails, previews, labels) is kept in a local folder, one for each address: it
can always be made again, from the rows and the photos.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Engine

from store.address import Address
from store.catalogue import Catalogue
from store.columns import Columns
from store.filters import PhotoFilter
from store.index_sync import OpenedIndex
from store.library import Library
from store.server_writer import HelpingWriter, ServerWriter
from store.sql import columns, stack_states
from store.sql.database import reading
from store.sql.dialect import invariants, nearby_checks, server, server_checks, server_ddl
from store.sql.dialect.helping_session import HelpingSession
from store.sql.dialect.replica import Replica
from store.sql.dialect.writing_session import session
from store.sql.label_rows import LabelRows
from store.sql.row_catalogue import RowCatalogue
from store.sql.server_index import ServerIndex
from store.values import ModelInfo, Tell, silent
from store.vectors import VectorSearch
from store.writer import LibraryWriter


class ServerLibrary(Library):
    """See ``store.library.Library``.

    Attributes:
        address: where it is.
    """

    shares_labels = True

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
    def writing(
        self,
        tell: Tell = silent,
        *,
        at_once: bool = False,  # noqa: ARG002  # a watcher of the same folders is one of several
    ) -> Iterator[LibraryWriter]:
        """The right to change the library, which several may have at once; see ``ServerWriter``.

        The server takes it back when it loses the connection to the process.

        Raises:
            LibraryReadOnly: this user may not change it.
        """
        if not self.writable:
            raise server.refusal(self.address)
        apart = self.replica.not_used() if self.replica else nullcontext()
        with apart, session(self._engine, self.address, tell) as own:
            yield ServerWriter(self._engine, self.folder, own)

    def helping(self) -> LibraryWriter:
        """A writer for a process that helps a run; the run's own process holds the right to write.

        Raises:
            LibraryReadOnly: this user may not change it.
        """
        if not self.writable:
            raise server.refusal(self.address)
        return HelpingWriter(self._engine, self.folder, HelpingSession(self._engine, self.address))

    def close(self) -> None:
        super().close()
        if self.replica:
            self.replica.close()

    def check(self, model: ModelInfo, index: VectorSearch) -> list[str]:  # noqa: ARG002
        with reading(self._engine) as connection:
            wrong = server_checks.problems(connection) + invariants.broken(connection)
            wrong += stack_states.problems(connection)
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

    def columns(self, model: ModelInfo) -> Columns:
        """The columns of all photos, which nothing keeps: the page asks for a catalogue instead."""
        with reading(self._engine) as connection:
            return columns.read(connection, model.id)

    def catalogue(self, model: ModelInfo) -> Catalogue:
        return RowCatalogue(self._engine, model)

    def label_rows(self, model: ModelInfo, version: str) -> LabelRows:
        return LabelRows(self._engine, model, version)

    def without_thumbnail(self) -> list[tuple[int, bytes]]:
        """None: a machine makes those of what it reads, and of what is looked at on it."""
        return []

    def searchable_count(self, model: ModelInfo) -> int:
        return len(ServerIndex(self._engine, model))

    def narrowed(
        self,
        model: ModelInfo,
        index: VectorSearch,
        filter: PhotoFilter,
    ) -> VectorSearch:
        own = index if isinstance(index, ServerIndex) else ServerIndex(self._engine, model)
        return own.within(filter)

"""A library on a PostgreSQL server: the same doors and statements, other locks and vector search.

What is derived (thumbnails, previews, labels) is kept in a local folder, one for each address: it
can always be made again, from the rows and the photos.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from store.address import Address
from store.catalogue import Catalogue
from store.errors import LibraryBusy, LibraryReadOnly
from store.filters import PhotoFilter
from store.index_sync import OpenedIndex
from store.library import Library
from store.sql.database import reading
from store.sql.dialect import nearby, server, server_ddl
from store.sql.label_rows import LabelRows
from store.sql.row_catalogue import RowCatalogue
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

    shares_labels = True

    def __init__(self, address: Address, folder: Path, engine: Engine) -> None:
        super().__init__(folder, engine)
        self.address = address
        self.warning = server_ddl.warning(engine)

    @classmethod
    def at(cls, address: Address, folder: Path, *, create: bool = False) -> ServerLibrary:
        """The library at ``address``, made there if ``create`` is true and there is none.

        Args:
            folder: for what is derived; made if it is not there.

        Raises:
            LibraryNotFound, LibraryTooNew, LibraryError: see ``store.errors``.
        """
        engine = server.connect(address)
        try:
            if create:
                server_ddl.make(engine, address)
            engine = server_ddl.opened(engine, address)
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
        with server.holding(self._engine) as held:
            if not held:
                raise LibraryBusy(
                    f"Another clipsearch, here or on another machine, is changing the library at "
                    f"{self.address}. Wait until it is done, or stop it; searching works meanwhile."
                )
            yield ServerWriter(self._engine, self.folder)

    def index_is_current(self, model: ModelInfo) -> bool:  # noqa: ARG002  # it is on the server
        return True

    def index(self, model: ModelInfo) -> OpenedIndex:
        return OpenedIndex(ServerIndex(self._engine, model), self.generation(), None)

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

    def save_index(
        self,
        model: ModelInfo,
        *,
        rebuild: bool = False,
        thorough: bool = False,  # noqa: ARG002  # there is no file to read
    ) -> str | None:
        """Have an index made on the server where there are vectors enough for one.

        Until then, and by who may not make one, all vectors are compared.
        """
        with reading(self._engine) as connection:
            made = nearby.has_index(connection, model)
            worth = nearby.is_worth_an_index(connection, model)
        if not worth or (made and not rebuild):
            return None
        try:
            with self._engine.begin() as connection:
                nearby.make_index(connection, model, anew=rebuild)
        except LibraryReadOnly:  # only the owner of the tables may
            return None
        return "rebuilt (as asked)" if rebuild else "built on the server"

"""A library: one folder with everything clipsearch knows. Reading it never blocks a writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from store import locks
from store.files.previews import Previews
from store.files.thumbnails import SMALL_FILE, Thumbnails
from store.online import is_online
from store.photo_reader import PhotoReader
from store.sql import roots
from store.sql.database import is_writable, open_database, reading
from store.sql.dialect import read_only
from store.standing import Standing
from store.user_data import UserData
from store.values import DATABASE as DATABASE
from store.values import ModelInfo, RootInfo, Tell, silent
from store.vector_reader import VectorReader

# Most commands search once: what changes a library, and what pages ask, is imported when needed.
if TYPE_CHECKING:
    from store.catalogue import Catalogue
    from store.sql.dialect.replica import Replica
    from store.writer import LibraryWriter


class Library(PhotoReader, VectorReader):
    """Everything that can be asked of a library; changes go through ``writing`` and ``user_data``.

    To be closed, or used in a ``with``.

    Attributes:
        user_data: tags, albums, concepts and searches, which the user added.
        thumbnails, previews: pictures of the photos, made when they were first needed.
        small_pictures: smaller ones than the thumbnails, of those photos for which the page has
            made them; empty for a photo whose thumbnail is no larger.
        warning: what is to be said of where it is, if anything.
        replica: of a library on a server, if searches read from one.
        shares_labels: whether labels are rows of it, and not in a file of this machine.
    """

    warning: str | None = None
    replica: Replica | None = None
    shares_labels = False

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder = folder
        self._engine = engine
        self.user_data = UserData(engine)
        self.thumbnails = Thumbnails(folder)
        self.small_pictures = Thumbnails(folder, SMALL_FILE)
        self.previews = Previews(folder)

    @classmethod
    def open(cls, folder: Path, *, create: bool = False, tell: Tell = silent) -> Library:
        """The library in ``folder``, made there if ``create`` is true and there is none.

        Args:
            tell: takes lines for the user about how far it is, where it is brought up to date.

        Raises:
            LibraryNotFound, LibraryTooNew, LibraryDamaged: see ``store.errors``.
        """
        if create and not (folder / DATABASE).exists():
            folder.mkdir(parents=True, exist_ok=True)
            # One process makes it; another that wants to as well finds it made.
            with locks.making(folder):
                open_database(folder / DATABASE, create=True).dispose()
        return cls(folder, open_database(folder / DATABASE, tell=tell))

    @property
    def name(self) -> str:
        """What it is called: its folder, or its address."""
        return str(self.folder)

    @property
    def where(self) -> str:
        """The same in a sentence."""
        return f"in {self.name}"

    @property
    def unchecked(self) -> str | None:
        """What ``check`` could not look at, if anything."""
        return None

    @property
    def writable(self) -> bool:
        """Whether it could be written to when it was opened. If not, it is searched as it is."""
        return is_writable(self._engine)

    def standing(self) -> Standing:
        """What it holds now, in numbers."""
        model = self.model()
        return Standing(
            model,
            building=self.building_model(),
            roots=self.status(),
            searchable=self.searchable_count(model) if model else 0,
            hidden=self.hidden_count(model) if model else 0,
            damaged=self.left_out_count(model) if model else 0,
            texts=self.text_counts(),
            effort=self.search_effort(model) if model else None,
        )

    def offline_roots(self) -> list[RootInfo]:
        """The roots that can't be seen now."""
        with reading(self._engine) as connection:
            known = roots.with_files(connection)
            return [
                one for one in roots.roots(connection) if not is_online(one.path, one.id in known)
            ]

    def catalogue(self, model: ModelInfo) -> Catalogue:
        """What a page asks of the photos that a search may find, as they are now."""
        from store.column_catalogue import ColumnCatalogue

        columns = self.columns(model)
        return ColumnCatalogue(
            columns,
            partial(self.matching, model),
            self.user_data.tagged_digests,
            self.user_data.album_digests,
            self.raw_formats_shown,
        )

    def close(self) -> None:
        """Close its files. What other threads are asking at the moment is still answered."""
        self._engine.dispose()
        self.thumbnails.close()
        self.small_pictures.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def identity(self) -> str | None:
        """What no other library has; it is given something if it has nothing of the kind.

        None: that can't be written to it.
        """
        from store.sql.copying import marks

        return marks.identity(self._engine)

    @contextmanager
    def at_one_moment(self) -> Iterator[Connection]:
        """A connection that sees the library as it is now, whatever is changed meanwhile."""
        with reading(self._engine) as connection:
            yield connection

    @contextmanager
    def writing(
        self,
        tell: Tell = silent,
        *,
        at_once: bool = False,
    ) -> Iterator[LibraryWriter]:
        """The right to change the library, held by one process at a time; see ``store.locks``.

        Args:
            tell: takes a line for the user, where others are waited for.
            at_once: do not wait for a watcher, or for a search that brings derived files up to
                date, which hold it for some seconds at a time.

        Raises:
            LibraryBusy: another process (or thread) holds it.
            LibraryReadOnly: it can't be written to.
        """
        from store.writer import LibraryWriter

        if not self.writable:
            raise read_only.refusal(self.folder)
        with locks.locked(self.folder) if at_once else locks.awaited(self.folder, tell):
            yield LibraryWriter(self._engine, self.folder)

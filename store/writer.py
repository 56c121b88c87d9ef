"""The one way to change a library. Holding a ``LibraryWriter`` means holding its lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine

from store import column_sync
from store.facts_writer import FactsWriter
from store.files.atomic import LEFT_BY_A_KILL
from store.files.previews import Previews
from store.files.thumbnails import FILE, SMALL_FILE, Thumbnails
from store.index.index_files import IndexFiles
from store.index_sync import Texts, is_current, update_index
from store.outcomes import Edits, MendedVectors, Moves, Removed, SamePicture
from store.sql import (
    edits,
    embeddings,
    key_values,
    mending,
    models,
    moves,
    relocation,
    removal,
    roots,
)
from store.sql.database import reading
from store.sql.key_values import VIEWS
from store.sql.upsert import write_files
from store.text_writer import TextWriter
from store.values import FileRecord, ModelInfo, RootInfo, Views
from store.vectors import Ids

_UNFINISHED = (LEFT_BY_A_KILL, "vectors-*.tmp*", "labels-*.tmp*", "hubs-*.tmp*", "library*.db.tmp*")


class LibraryWriter(TextWriter, FactsWriter):
    """Changes rows; each method is one transaction, whole or not at all.

    Made by ``Library.writing``, which takes the lock.

    Attributes:
        saves_on_the_way: whether a long run saves the index every now and then, or at its end only.

    Raises:
        LibraryError: any method, if the database can't be used (the disk is full, say).
    """

    saves_on_the_way = True

    def __init__(self, engine: Engine, folder: Path) -> None:
        super().__init__(engine)
        self._folder = folder
        self._clean()

    def _clean(self) -> None:
        """Remove what a kill while saving has left behind."""
        for pattern in _UNFINISHED:
            for left_behind in self._folder.glob(pattern):
                left_behind.unlink(missing_ok=True)

    # -- models -----------------------------------------------------------------------------

    def add_model(self, name: str, fingerprint: str, dim: int) -> ModelInfo:
        """The model's row, made if it is new. The first model of a library becomes its own."""
        return self._change(lambda connection: models.add(connection, name, fingerprint, dim))

    def switch_model(self, model: ModelInfo) -> int:
        """Let ``model`` answer from now on, if it has embedded every living photo.

        Returns how many contents it still lacks before it can (0: it answers now). The old
        model's vectors stay.
        """
        return self._change(lambda connection: models.switch(connection, model))

    def set_views(self, views: Views) -> None:
        """Let runs take so many views of each picture that they read from now on."""
        self._change(lambda connection: key_values.put(connection, VIEWS, views))

    # -- roots ------------------------------------------------------------------------------

    def hold(self, folders: Iterable[Path]) -> None:
        """Let no other run index what is at ``folders`` (absolute) until the right to write ends.

        A library in a folder has no other run, and nothing is asked of ``folders``. On a server,
        who has one is waited for.

        Raises:
            LibraryBusy: others are held here already, and somebody else has one of these.
        """

    def add_root(self, path: Path, excludes: Sequence[str], *, replace: bool) -> RootInfo:
        """A root for ``path`` (absolute), with ``excludes`` added to what it has, or instead.

        Roots inside it are taken into it, without reading a file.
        """
        return self._change(
            lambda connection: relocation.add_root(connection, path, excludes, replace=replace)
        )

    def relocate(self, old: Path, new: Path) -> relocation.Relocation:
        """Say that what was at ``old`` (absolute) is now at ``new``; nothing is read or embedded.

        Raises:
            RootNotFound: the library knows nothing at or below ``old``.
        """

        def work(connection: Connection) -> relocation.Relocation:
            steps = relocation.Relocation.plan(roots.roots(connection), old, new)
            steps.carry_out(connection)
            return steps

        return self._change(work, searched=True)

    # -- files ------------------------------------------------------------------------------

    def record(self, files: Sequence[FileRecord], model: ModelInfo, run: int) -> None:
        """Write paths, contents and vectors in one transaction."""
        self._change(lambda connection: write_files(connection, files, model, run), searched=True)

    def settle_moves(self, run: int) -> Moves:
        """Remove each missing path whose content was met at a new path from the ledger.

        A path is new if this run was the first to see it, or an earlier one that was killed.
        """
        return self._change(lambda connection: moves.settle(connection, run, self._last_path))

    def settle_edits(self, same: SamePicture) -> Edits:
        """Let marks follow the photos that were edited; see ``store.sql.edits``."""
        mine = self._own_roots()
        with reading(self._engine) as connection:  # a model may run here: without the write lock
            decided = edits.decide(connection, same, mine)
        self._change(
            lambda connection: edits.carry_out(connection, decided, mine),
            searched=bool(decided.followed),
        )
        return decided

    def _own_roots(self) -> Sequence[int] | None:
        """The roots that nobody else indexes meanwhile; None: all of them."""
        return None

    def forget(self, path: Path, *, marks: bool = False) -> Removed:
        """Remove a root, folder or photo (absolute) from the library; the files stay.

        Args:
            marks: also remove the tags of pictures that were nowhere else.

        Raises:
            RootNotFound: the library knows nothing at ``path``.
        """
        removed = self._change(
            lambda connection: removal.forget(connection, path, marks=marks), searched=True
        )
        self._forget_pictures(removed.digests)
        return removed

    def prune(self, *, marks: bool = False) -> Removed:
        """Remove what is gone, and every vector that no path leads to any more.

        Args:
            marks: also remove the tags of pictures that are not in the library.
        """
        removed = self._change(
            lambda connection: removal.prune(connection, marks=marks), searched=True
        )
        self._forget_pictures(removed.digests)
        return removed

    def _forget_pictures(self, digests: Sequence[bytes]) -> None:
        Previews(self._folder).remove(digests)
        for file in (FILE, SMALL_FILE):
            pictures = Thumbnails(self._folder, file)
            pictures.remove(digests)
            pictures.close()

    # -- mending ----------------------------------------------------------------------------

    def mend_rows(self) -> list[str]:
        """Mend what can be mended except vectors; returns a line for each kind of damage."""
        return self._change(mending.mend_rows)

    def mend_vectors(self, model: ModelInfo) -> MendedVectors:
        """Mend damaged vectors of ``model`` from the index file, where it has a good copy."""
        copies = IndexFiles(self._folder, model).copies()
        return self._change(
            lambda connection: mending.mend_vectors(connection, model, copies), searched=True
        )

    def remove_vectors(self, model: ModelInfo, content_ids: Ids) -> None:
        """Remove the vectors of ``content_ids`` (n,), so that the next run makes them again."""
        self._change(
            lambda connection: embeddings.remove(connection, model, content_ids), searched=True
        )

    def let_damaged_go(self, model: ModelInfo) -> None:
        """Remove damaged vectors, left out of the index, whose photos can be read again."""
        with reading(self._engine) as connection:
            left_out = embeddings.left_out(connection, model.id)
            readable = mending.can_be_read(connection, left_out)[0] if len(left_out) else left_out
        if len(readable):
            self.remove_vectors(model, readable)

    # -- the derived index ------------------------------------------------------------------

    def save_index(
        self,
        model: ModelInfo,
        *,
        rebuild: bool = False,
        thorough: bool = False,
        texts: Texts | None = None,
    ) -> str | None:
        """Bring the index files up to the rows. Returns what that took, None if nothing.

        So are the columns that the page counts and lists by.

        Args:
            rebuild: take nothing from the files.
            thorough: read the files even if they look up to date, and measure what is due once in a
                while.
            texts: what searches may be for, to measure how much of a large index they look at.
        """
        place = (self._engine, self._folder, model)
        asked = rebuild or thorough
        done = None
        if asked or not is_current(*place, trained=True, with_texts=texts is not None):
            done = update_index(
                *place, rebuild=rebuild, train=True, texts=texts, check=thorough
            ).repaired
        if asked or not column_sync.is_current(*place):
            column_sync.update_columns(*place, rebuild=asked)
        return done

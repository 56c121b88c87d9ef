"""The one way to change a library. Holding a ``LibraryWriter`` means holding its lock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine

from store.files.atomic import LEFT_BY_A_KILL
from store.files.previews import Previews
from store.files.thumbnails import Thumbnails
from store.index.index_files import IndexFiles
from store.index_sync import is_current, update_index
from store.outcomes import Edits, MendedVectors, Moves, Removed, SamePicture
from store.sql import (
    edits,
    embeddings,
    key_values,
    ledger,
    mending,
    models,
    moves,
    photos,
    relocation,
    removal,
    roots,
)
from store.sql.database import immediate, reading
from store.sql.upsert import write_files
from store.states import Away, State
from store.values import FileRecord, ModelInfo, RootInfo
from store.vectors import Ids

_UNFINISHED = (LEFT_BY_A_KILL, "vectors-*.tmp*", "labels-*.tmp*", "library*.db.tmp*")


class LibraryWriter:
    """Changes rows; each method is one transaction, whole or not at all.

    Made by ``Library.writing``, which takes the lock.

    Raises:
        LibraryError: any method, if the database can't be used (the disk is full, say).
    """

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        # Left by a kill while saving.
        for pattern in _UNFINISHED:
            for left_behind in folder.glob(pattern):
                left_behind.unlink(missing_ok=True)

    @contextmanager
    def _changing_what_is_searched(self) -> Iterator[Connection]:
        """A transaction that ends by giving the library its next generation."""
        with immediate(self._engine) as connection:
            yield connection
            key_values.bump_generation(connection)

    # -- models -----------------------------------------------------------------------------

    def add_model(self, name: str, fingerprint: str, dim: int) -> ModelInfo:
        """The model's row, made if it is new. The first model of a library becomes its own."""
        with immediate(self._engine) as connection:
            return models.add(connection, name, fingerprint, dim)

    def switch_model(self, model: ModelInfo) -> int:
        """Let ``model`` answer from now on, if it has embedded every living photo.

        Returns how many contents it still lacks before it can (0: it answers now). The old
        model's vectors stay.
        """
        with immediate(self._engine) as connection:
            return models.switch(connection, model)

    # -- roots ------------------------------------------------------------------------------

    def add_root(self, path: Path, excludes: Sequence[str], *, replace: bool) -> RootInfo:
        """A root for ``path`` (absolute), with ``excludes`` added to what it has, or instead.

        Roots inside it are taken into it, without reading a file.
        """
        with immediate(self._engine) as connection:
            return relocation.add_root(connection, path, excludes, replace=replace)

    def relocate(self, old: Path, new: Path) -> relocation.Relocation:
        """Say that what was at ``old`` (absolute) is now at ``new``; nothing is read or embedded.

        Raises:
            RootNotFound: the library knows nothing at or below ``old``.
        """
        with self._changing_what_is_searched() as connection:
            steps = relocation.Relocation.plan(roots.roots(connection), old, new)
            steps.carry_out(connection)
        return steps

    # -- files ------------------------------------------------------------------------------

    def begin_run(self) -> int:
        """A number for this run: paths first seen in it may turn out to be moved ones."""
        with immediate(self._engine) as connection:
            return ledger.begin_run(connection)

    def record(self, files: Sequence[FileRecord], model: ModelInfo, run: int) -> None:
        """Write paths, contents and vectors in one transaction."""
        with self._changing_what_is_searched() as connection:
            write_files(connection, files, model, run)

    def set_gone(self, photo_ids: Iterable[int], reason: str) -> None:
        """Record known paths as gone, for ``reason``."""
        values = {"state": State.GONE, "reason": reason, "away": False}
        with self._changing_what_is_searched() as connection:
            ledger.set_values(connection, photo_ids, values)

    def set_returned(self, photo_ids: Iterable[int], filesystem_id: int | None) -> None:
        """Record that paths which were gone or away are there again, unchanged."""
        values = {"state": State.INDEXED, "reason": None, "away": False}
        with self._changing_what_is_searched() as connection:
            ledger.set_values(connection, photo_ids, values | {"filesystem_id": filesystem_id})

    def set_away(self, photo_ids: Iterable[int], why: Away) -> None:
        """Record that paths are missing, but may come back: they stay searchable."""
        with self._changing_what_is_searched() as connection:
            ledger.set_values(connection, photo_ids, {"away": True, "reason": why})

    def set_filesystem(self, photo_ids: Iterable[int], filesystem_id: int) -> None:
        """Record the file system of paths that are otherwise unchanged."""
        with immediate(self._engine) as connection:
            ledger.set_values(connection, photo_ids, {"filesystem_id": filesystem_id})

    def accept_missing(self, path: Path) -> int:
        """Record what is away at or below ``path`` (absolute) as gone; returns how many paths."""
        with self._changing_what_is_searched() as connection:
            return ledger.accept_missing(connection, path)

    def filesystem_id(self, name: str) -> int:
        """The number of a file system, made if its name is new."""
        with immediate(self._engine) as connection:
            return ledger.filesystem_id(connection, name)

    def drop(self, photo_ids: Iterable[int]) -> None:
        """Remove paths that never held a picture, and are gone, from the ledger."""
        with immediate(self._engine) as connection:
            ledger.drop(connection, photo_ids)

    def settle_moves(self, run: int) -> Moves:
        """Remove each missing path whose content was met at a new path from the ledger.

        A path is new if this run was the first to see it, or an earlier one that was killed.
        """
        with immediate(self._engine) as connection:
            return moves.settle(connection, run)

    def settle_edits(self, same: SamePicture) -> Edits:
        """Let marks follow the photos that were edited; see ``store.sql.edits``."""
        with reading(self._engine) as connection:  # a model may run here: without the write lock
            decided = edits.decide(connection, same)
        with immediate(self._engine) as connection:
            edits.carry_out(connection, decided)
            if decided.followed:
                key_values.bump_generation(connection)
        return decided

    def forget(self, path: Path, *, marks: bool = False) -> Removed:
        """Remove a root, folder or photo (absolute) from the library; the files stay.

        Args:
            marks: also remove the tags of pictures that were nowhere else.

        Raises:
            RootNotFound: the library knows nothing at ``path``.
        """
        with self._changing_what_is_searched() as connection:
            removed = removal.forget(connection, path, marks=marks)
        self._forget_pictures(removed.digests)
        return removed

    def prune(self, *, marks: bool = False) -> Removed:
        """Remove what is gone, and every vector that no path leads to any more.

        Args:
            marks: also remove the tags of pictures that are not in the library.
        """
        with self._changing_what_is_searched() as connection:
            removed = removal.prune(connection, marks=marks)
        self._forget_pictures(removed.digests)
        return removed

    def _forget_pictures(self, digests: Sequence[bytes]) -> None:
        Previews(self._folder).remove(digests)
        thumbnails = Thumbnails(self._folder)
        thumbnails.remove(digests)
        thumbnails.close()

    # -- places -----------------------------------------------------------------------------

    def set_places(self, places: Mapping[int, str]) -> None:
        """Write the names of the places where contents were taken, by id."""
        with immediate(self._engine) as connection:
            photos.set_places(connection, places)

    # -- mending ----------------------------------------------------------------------------

    def mend_rows(self) -> list[str]:
        """Mend what can be mended except vectors; returns a line for each kind of damage."""
        with immediate(self._engine) as connection:
            return mending.mend_rows(connection)

    def mend_vectors(self, model: ModelInfo) -> MendedVectors:
        """Mend damaged vectors of ``model`` from the index file, where it has a good copy."""
        copies = IndexFiles(self._folder, model).copies()
        with self._changing_what_is_searched() as connection:
            return mending.mend_vectors(connection, model, copies)

    def remove_vectors(self, model: ModelInfo, content_ids: Ids) -> None:
        """Remove the vectors of ``content_ids`` (n,), so that the next run makes them again."""
        with self._changing_what_is_searched() as connection:
            embeddings.remove(connection, model, content_ids)

    def let_damaged_go(self, model: ModelInfo) -> None:
        """Remove damaged vectors, left out of the index, whose photos can be read again."""
        with immediate(self._engine) as connection:
            left_out = embeddings.left_out(connection, model.id)
            if len(left_out):
                embeddings.remove(connection, model, mending.can_be_read(connection, left_out)[0])
                key_values.bump_generation(connection)

    # -- the derived index ------------------------------------------------------------------

    def save_index(
        self, model: ModelInfo, *, rebuild: bool = False, thorough: bool = False
    ) -> str | None:
        """Bring the index files up to the rows. Returns what that took, None if nothing.

        Args:
            rebuild: take nothing from the files.
            thorough: read the files even if they look up to date.
        """
        if not (rebuild or thorough) and is_current(
            self._engine, self._folder, model, trained=True
        ):
            return None
        opened = update_index(self._engine, self._folder, model, rebuild=rebuild, train=True)
        return opened.repaired

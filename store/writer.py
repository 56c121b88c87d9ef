"""The one way to change a library. Holding a ``LibraryWriter`` means holding its lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from store.files.previews import Previews
from store.files.thumbnails import Thumbnails
from store.index.index_files import IndexFiles
from store.index_sync import is_current, update_index
from store.sql import embeddings, key_values, mending, moves, queries, removal
from store.sql.database import immediate, reading
from store.sql.edits import Edits, SamePicture, carry_out, decide
from store.sql.fspath import relative
from store.sql.moves import Moves
from store.sql.relocation import Relocation, move_rows
from store.sql.removal import Removed
from store.sql.schema import Content, Filesystem, Model, Photo, Root
from store.sql.upsert import write_files
from store.states import Away, State
from store.values import FileRecord, ModelInfo, RootInfo
from store.vectors import Ids


class LibraryWriter:
    """Changes rows; each method is one transaction, whole or not at all.

    Made by ``Library.writing``, which takes the lock.
    """

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        # Left by a kill while saving.
        for pattern in ("vectors-*.tmp*", "labels-*.tmp*", "library*.db.tmp*"):
            for left_behind in folder.glob(pattern):
                left_behind.unlink(missing_ok=True)

    # -- models -----------------------------------------------------------------------------

    def add_model(self, name: str, fingerprint: str, dim: int) -> ModelInfo:
        """The model's row, made if it is new. The first model of a library becomes its own."""
        with immediate(self._engine) as connection:
            connection.execute(
                insert(Model)
                .values(name=name, fingerprint=fingerprint, dim=dim)
                .on_conflict_do_nothing()
            )
            id = connection.execute(
                select(Model.id).where(Model.name == name, Model.fingerprint == fingerprint)
            ).scalar_one()
            if key_values.get(connection, "model_id") is None:
                key_values.put(connection, "model_id", id)
            # Remembered, so that a build cut short goes on at the next run.
            key_values.put(connection, "building_model_id", id)
        return ModelInfo(id, name, fingerprint, dim)

    def switch_model(self, model: ModelInfo) -> int:
        """Let ``model`` answer from now on, if it has embedded every living photo.

        Returns how many contents it still lacks before it can (0: it answers now). The old
        model's vectors stay.
        """
        with immediate(self._engine) as connection:
            if key_values.get(connection, "model_id") == model.id:
                return 0
            lacking = queries.unembedded_count(connection, model.id)
            if not lacking:
                key_values.put(connection, "model_id", model.id)
                _bump(connection)
            return lacking

    # -- roots ------------------------------------------------------------------------------

    def add_root(self, path: Path, excludes: Sequence[str], *, replace: bool) -> RootInfo:
        """A root for ``path`` (absolute), with ``excludes`` added to what it has, or instead.

        Roots inside it are taken into it, without reading a file.
        """
        with immediate(self._engine) as connection:
            connection.execute(
                insert(Root).values(path=str(path), excludes=[]).on_conflict_do_nothing()
            )
            root = next(r for r in queries.roots(connection) if r.path == path)
            kept = [] if replace else list(root.excludes)
            for inner in queries.roots(connection):
                if inner.path != path and inner.path.is_relative_to(path):
                    move_rows(connection, inner, "", root, relative(inner.path, path))
                    kept += [] if replace else inner.excludes
                    connection.execute(delete(Root).where(Root.id == inner.id))
                    _bump(connection)
            kept = list(dict.fromkeys([*kept, *excludes]))
            connection.execute(update(Root).where(Root.id == root.id).values(excludes=kept))
            return RootInfo(root.id, path, tuple(kept))

    def relocate(self, old: Path, new: Path) -> Relocation:
        """Say that what was at ``old`` (absolute) is now at ``new``; nothing is read or embedded.

        Raises:
            RootNotFound: the library knows nothing at or below ``old``.
        """
        with immediate(self._engine) as connection:
            relocation = Relocation.plan(queries.roots(connection), old, new)
            relocation.carry_out(connection)
            _bump(connection)
        return relocation

    # -- files ------------------------------------------------------------------------------

    def begin_run(self) -> int:
        """A number for this run: paths first seen in it may turn out to be moved ones."""
        with immediate(self._engine) as connection:
            run = int(key_values.get(connection, "run", 0)) + 1
            key_values.put(connection, "run", run)
        return run

    def record(self, files: Sequence[FileRecord], model: ModelInfo, run: int) -> None:
        """Write paths, contents and vectors in one transaction."""
        with immediate(self._engine) as connection:
            write_files(connection, files, model, run)
            _bump(connection)

    def set_gone(self, photo_ids: Iterable[int], reason: str) -> None:
        """Say of known paths that they are no more."""
        self._update(photo_ids, state=State.GONE, reason=reason, away=False)

    def set_returned(self, photo_ids: Iterable[int], filesystem_id: int | None) -> None:
        """Say that paths which were gone or away are there again, unchanged."""
        values = {"reason": None, "away": False, "filesystem_id": filesystem_id}
        self._update(photo_ids, state=State.INDEXED, **values)

    def set_away(self, photo_ids: Iterable[int], why: Away) -> None:
        """Say that paths were missed, but may come back: they stay searchable."""
        self._update(photo_ids, away=True, reason=why)

    def set_filesystem(self, photo_ids: Iterable[int], filesystem_id: int) -> None:
        """Say where paths were seen, that are unchanged otherwise."""
        self._update(photo_ids, filesystem_id=filesystem_id)

    def _update(self, photo_ids: Iterable[int], **values: Any) -> None:
        with immediate(self._engine) as connection:
            for part in queries.chunks(list(photo_ids)):
                connection.execute(update(Photo).where(Photo.id.in_(part)).values(**values))
            if "away" in values:
                _bump(connection)

    def accept_missing(self, path: Path) -> int:
        """Believe that what is away at or below ``path`` (absolute) is gone. Returns how many."""
        gone = {"state": State.GONE, "reason": "missing, and accepted as gone", "away": False}
        with immediate(self._engine) as connection:
            count = sum(
                connection.execute(
                    update(Photo).where(Photo.root_id == id, place, Photo.away).values(**gone)
                ).rowcount
                for id, place in queries.places(connection, path)
            )
            _bump(connection)
        return count

    def filesystem_id(self, name: str) -> int:
        """The number of a file system, made if its name is new."""
        with immediate(self._engine) as connection:
            connection.execute(insert(Filesystem).values(name=name).on_conflict_do_nothing())
            query = select(Filesystem.id).where(Filesystem.name == name)
            return connection.execute(query).scalar_one()

    def drop(self, photo_ids: Iterable[int]) -> None:
        """Take paths that never held a picture, and are no more, off the ledger."""
        with immediate(self._engine) as connection:
            for part in queries.chunks(list(photo_ids)):
                connection.execute(delete(Photo).where(Photo.id.in_(part)))

    def settle_moves(self, run: int) -> Moves:
        """Take off the ledger each missing path whose content was met at a new one.

        New means: by this run, or one before it that was killed.
        """
        with immediate(self._engine) as connection:
            settled = int(key_values.get(connection, "settled_run", 0))
            key_values.put(connection, "settled_run", run)
            return moves.settle(connection, settled)

    def settle_edits(self, same: SamePicture) -> Edits:
        """Let marks follow the photos that were edited; see ``store.sql.edits``."""
        with reading(self._engine) as connection:  # a model may look: nobody is to wait for it
            edits = decide(connection, same)
        with immediate(self._engine) as connection:
            carry_out(connection, edits)
            if edits.followed:
                _bump(connection)
        return edits

    def forget(self, path: Path, *, marks: bool = False) -> Removed:
        """Remove a root, folder or photo (absolute) from the library; the files stay.

        Args:
            marks: also remove the tags of pictures that were nowhere else.

        Raises:
            RootNotFound: the library knows nothing at ``path``.
        """
        with immediate(self._engine) as connection:
            removed = removal.forget(connection, path, marks=marks)
            _bump(connection)
        self._forget_pictures(removed.digests)
        return removed

    def prune(self, *, marks: bool = False) -> Removed:
        """Remove what is gone, and every vector that no path leads to any more.

        Args:
            marks: also remove the tags of pictures that are not in the library.
        """
        with immediate(self._engine) as connection:
            removed = removal.prune(connection, marks=marks)
            _bump(connection)
        self._forget_pictures(removed.digests)
        return removed

    def _forget_pictures(self, digests: Sequence[bytes]) -> None:
        Previews(self._folder).remove(digests)
        thumbnails = Thumbnails(self._folder)
        thumbnails.remove(digests)
        thumbnails.close()

    # -- places -----------------------------------------------------------------------------

    def set_places(self, places: Mapping[int, str]) -> None:
        """Say what the places are called where contents were taken, by id."""
        with immediate(self._engine) as connection:
            for id, place in places.items():
                connection.execute(update(Content).where(Content.id == id).values(place=place))

    # -- mending ----------------------------------------------------------------------------

    def mend_rows(self) -> list[str]:
        """Mend what can be mended but vectors; a line for each kind of damage."""
        with immediate(self._engine) as connection:
            return mending.mend_rows(connection)

    def mend_vectors(self, model: ModelInfo) -> mending.MendedVectors:
        """Mend damaged vectors from the index file, where that has a good copy."""
        copies = IndexFiles(self._folder, model).copies()
        with immediate(self._engine) as connection:
            mended = mending.mend_vectors(connection, model, copies)
            _bump(connection)
        return mended

    def remove_vectors(self, model: ModelInfo, content_ids: Ids) -> None:
        """Take vectors away, so that the next run reads those photos again."""
        with immediate(self._engine) as connection:
            embeddings.remove(connection, model, content_ids)
            _bump(connection)

    def let_damaged_go(self, model: ModelInfo) -> None:
        """Take away those vectors that the index goes without and that can be made again."""
        with immediate(self._engine) as connection:
            left_out = embeddings.left_out(connection, model.id)
            if len(left_out):
                embeddings.remove(connection, model, mending.can_be_read(connection, left_out)[0])
                _bump(connection)

    # -- the derived index ------------------------------------------------------------------

    def save_index(
        self, model: ModelInfo, *, rebuild: bool = False, thorough: bool = False
    ) -> str | None:
        """Bring the index files up to the rows. Returns what that took, None if nothing.

        Args:
            rebuild: take nothing from the files.
            thorough: read them, even if at a glance all is well.
        """
        if not (rebuild or thorough) and is_current(
            self._engine, self._folder, model, trained=True
        ):
            return None
        opened = update_index(self._engine, self._folder, model, rebuild=rebuild, train=True)
        return opened.repaired


def _bump(connection: Connection) -> None:
    key_values.put(connection, "generation", int(key_values.get(connection, "generation", 0)) + 1)

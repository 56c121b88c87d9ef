"""A library: one folder with everything clipsearch knows. Reading it never blocks a writer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Engine

from store import index_sync
from store.errors import LibraryBusy, LibraryError
from store.files.previews import Previews
from store.files.thumbnails import Thumbnails
from store.filters import PhotoFilter
from store.sql import (
    columns,
    concepts,
    embeddings,
    filter_sql,
    folders,
    integrity,
    key_values,
    queries,
    read_only,
    removal,
)
from store.sql.database import is_writable, open_database, reading
from store.sql.digests import EmbeddedDigests
from store.sql.folders import FolderSummary
from store.sql.removal import Marks
from store.states import State
from store.user_data import UserData
from store.values import Example, KnownFile, ModelInfo, PhotoInfo, RootInfo
from store.vectors import Ids, VectorIndex, Vectors
from store.writer import LibraryWriter

DATABASE = "library.db"
_LOCK = "writer.lock"
_MAKING_S = 30.0  # longer than it takes anybody to make an empty library


@dataclass(frozen=True)
class RootStatus:
    """A root, whether it can be seen now, and how many paths of it are in each state."""

    root: RootInfo
    online: bool
    counts: dict[State, int]
    away: int = 0  # of them, missed at the last look


class Library:
    """Everything that can be asked of a library; changes go through ``writing``.

    To be closed, or used in a ``with``.
    """

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder = folder
        self._engine = engine
        self.user_data = UserData(engine)
        self.thumbnails = Thumbnails(folder)
        self.previews = Previews(folder)

    @classmethod
    def open(cls, folder: Path, *, create: bool = False) -> Library:
        """The library in ``folder``, made there if ``create`` is true and there is none.

        Raises:
            LibraryNotFound, LibraryTooNew, LibraryDamaged: see ``store.errors``.
        """
        if create and not (folder / DATABASE).exists():
            folder.mkdir(parents=True, exist_ok=True)
            # One process makes it; another that wants to as well finds it made.
            try:
                with FileLock(folder / _LOCK, timeout=_MAKING_S):
                    open_database(folder / DATABASE, create=True).dispose()
            except Timeout as error:
                raise LibraryBusy(f"Another clipsearch is at work in {folder}.") from error
        return cls(folder, open_database(folder / DATABASE))

    @property
    def writable(self) -> bool:
        """Whether it could be written to when it was opened. If not, it is searched as it is."""
        return is_writable(self._engine)

    def close(self) -> None:
        """Close its files. What other threads are asking at the moment is still answered."""
        self._engine.dispose()
        self.thumbnails.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def writing(self) -> Iterator[LibraryWriter]:
        """The right to change the library, held by one process at a time.

        The lock dies with its process, so a kill never leaves a library locked.

        Raises:
            LibraryBusy: another process (or thread) holds it.
            LibraryReadOnly: it can't be written to.
        """
        if not self.writable:
            raise read_only.refusal(self.folder)
        with locked(self.folder):
            yield LibraryWriter(self._engine, self.folder)

    # -- models and vectors -----------------------------------------------------------------

    def model(self) -> ModelInfo | None:
        """The model that answers queries; None before the first index run."""
        return self._model("model_id")

    def building_model(self) -> ModelInfo | None:
        """The model of the last index run: another than ``model`` while a switch is under way."""
        return self._model("building_model_id")

    def _model(self, key: str) -> ModelInfo | None:
        with reading(self._engine) as connection:
            id = key_values.get(connection, key)
            return None if id is None else queries.model(connection, id)

    def models(self) -> list[ModelInfo]:
        """Every model that has embedded anything."""
        with reading(self._engine) as connection:
            return queries.models(connection)

    def generation(self) -> int:
        """A number that grows with every change to what a search can find."""
        with reading(self._engine) as connection:
            return int(key_values.get(connection, "generation", 0))

    def past(self) -> str:
        """What ids mean is the same while this is: another backup put in place changes it."""
        with reading(self._engine) as connection:
            return str(key_values.get(connection, "past", ""))

    def index_is_current(self, model: ModelInfo) -> bool:
        """Whether the index files hold what the rows do; if not, opening them takes longer."""
        return index_sync.is_current(self._engine, self.folder, model)

    def index(self, model: ModelInfo) -> index_sync.OpenedIndex:
        """The vector index, equal to the rows as they are now.

        What was out of date is mended in the file too, unless a writer is at work.
        """
        if self.index_is_current(model):
            opened = index_sync.open_index(self._engine, self.folder, model)
            if not opened.repaired:
                return opened
        try:
            with locked(self.folder):
                return index_sync.update_index(self._engine, self.folder, model)
        except (OSError, LibraryError):
            # The writer will do it; or the folder is read-only, and need not be more.
            return index_sync.open_index(self._engine, self.folder, model)

    def matching(
        self, model: ModelInfo, filter: PhotoFilter | None, order: filter_sql.Order = "id"
    ) -> Ids:
        """The ids of contents that a search may find and that meet ``filter``.

        In order of id, the newest first (``date``), or by path (``name``).
        """
        with reading(self._engine) as connection:
            return filter_sql.matching_ids(connection, model.id, filter, is_online, order)

    def matching_paths(self, content_ids: Iterable[int], filter: PhotoFilter) -> set[int]:
        """The ids (``PhotoInfo.id``) of those paths of ``content_ids`` that meet ``filter``."""
        with reading(self._engine) as connection:
            return filter_sql.matching_paths(connection, content_ids, filter, is_online)

    def columns(self, model: ModelInfo) -> columns.Columns:
        """The columns of all photos that a search may find."""
        with reading(self._engine) as connection:
            return columns.read(connection, model.id)

    def away_count(self, path: Path) -> int:
        """How many photos at or below ``path`` (absolute) are away: missed, but not called gone."""
        with reading(self._engine) as connection:
            return queries.away_count(connection, path)

    def marks_only_at(self, path: Path) -> Marks:
        """The marks on pictures that are at or below ``path`` (absolute) and nowhere else."""
        with reading(self._engine) as connection:
            return removal.marks_only_at(connection, path)

    def marks_without_photo(self) -> Marks:
        """The marks whose picture is at no path now; those that are gone count as no path."""
        with reading(self._engine) as connection:
            return removal.marks_without_photo(connection)

    def digest(self, content_id: int) -> bytes | None:
        """The SHA-256 of a content's bytes; None if there is no such content."""
        with reading(self._engine) as connection:
            return queries.digest(connection, content_id)

    def contents_at(self, path: Path) -> list[int]:
        """The content at ``path`` (absolute), or those below it; living paths only."""
        with reading(self._engine) as connection:
            return queries.contents_at(connection, path)

    def labels_file(self, model: ModelInfo) -> Path:
        """Where the labels that a model gave are kept; see ``store.files.labels``."""
        return self.folder / f"labels-{model.id}.npz"

    def concepts(self) -> list[str]:
        """The names of all concepts, in order."""
        with reading(self._engine) as connection:
            return concepts.names(connection)

    def examples(self, concept: str) -> list[Example]:
        """The examples of a concept; none if there is no such concept."""
        with reading(self._engine) as connection:
            return concepts.examples(connection, concept)

    def unplaced(self, limit: int) -> list[tuple[int, float, float]]:
        """Contents with coordinates and no name of the place yet: (id, latitude, longitude)."""
        with reading(self._engine) as connection:
            return queries.unplaced(connection, limit)

    def tags(self, content_ids: Iterable[int]) -> dict[int, list[str]]:
        """The tags of each content that has any, in order."""
        with reading(self._engine) as connection:
            return queries.tags(connection, content_ids)

    def vectors(self, model: ModelInfo, content_ids: Ids) -> Vectors:
        """The stored embeddings of ``content_ids`` (n,): (n, dim) float32.

        Raises: see ``store.sql.embeddings.sound_vectors``.
        """
        with reading(self._engine) as connection:
            return embeddings.sound_vectors(connection, model, content_ids)

    def check(self, model: ModelInfo, index: VectorIndex) -> list[str]:
        """What is wrong with the rows, or with ``index`` against them; nothing if all is well."""
        with reading(self._engine) as connection:
            return integrity.problems(connection, model, index)

    # -- photos -----------------------------------------------------------------------------

    def roots(self) -> list[RootInfo]:
        with reading(self._engine) as connection:
            return queries.roots(connection)

    def status(self) -> list[RootStatus]:
        with reading(self._engine) as connection:
            return [
                RootStatus(
                    root,
                    is_online(root.path),
                    queries.counts(connection, root.id),
                    queries.away_count(connection, root.path),
                )
                for root in queries.roots(connection)
            ]

    def repeated(self, model: ModelInfo) -> Ids:
        """The contents that are at more than one path, in order; see ``queries.repeated_ids``."""
        with reading(self._engine) as connection:
            return queries.repeated_ids(connection, model.id)

    def searchable_count(self, model: ModelInfo) -> int:
        """How many different pictures a search can find."""
        with reading(self._engine) as connection:
            return len(queries.visible_ids(connection, model.id))

    def left_out_count(self, model: ModelInfo) -> int:
        """How many of them the index goes without, because their vectors are damaged."""
        with reading(self._engine) as connection:
            return len(embeddings.left_out(connection, model.id))

    def photos_of(self, content_ids: Iterable[int]) -> dict[int, list[PhotoInfo]]:
        """The living paths of each content."""
        with reading(self._engine) as connection:
            return queries.photos_of(connection, content_ids)

    def camera_times(self, content_ids: Sequence[int]) -> dict[int, datetime]:
        """When the camera took each content; see ``queries.camera_times``."""
        with reading(self._engine) as connection:
            return queries.camera_times(connection, content_ids)

    def camera_times_around(self, moments: Iterable[datetime]) -> dict[int, datetime]:
        """The same of what was taken at about the same time; see ``queries``."""
        with reading(self._engine) as connection:
            return queries.camera_times_around(connection, moments)

    def without_thumbnail(self) -> list[tuple[int, bytes]]:
        """Contents (id and digest) that should have a thumbnail and have none."""
        with reading(self._engine) as connection:
            if self.thumbnails.count() == queries.content_count(connection):
                return []
            kept = self.thumbnails.digests()
            return [row for row in queries.living_digests(connection) if row[1] not in kept]

    def files(self, states: Iterable[State]) -> Iterator[PhotoInfo]:
        """The ledger: every path in one of ``states``, in order of path."""
        with reading(self._engine) as connection:
            yield from queries.photos_in_states(connection, states)

    def folders(self, root: RootInfo, folder: str, model: ModelInfo) -> dict[str, FolderSummary]:
        """Folders of ``root`` at or below ``folder`` that hold a known path, by name."""
        with reading(self._engine) as connection:
            return folders.summaries(connection, root.id, folder, model.id)

    def folder_names(self, root: RootInfo) -> list[str]:
        """Every folder of ``root`` that holds a known path, relative to it."""
        with reading(self._engine) as connection:
            return folders.names(connection, root.id)

    def files_in_folder(
        self, root: RootInfo, folder: str, model: ModelInfo
    ) -> dict[str, KnownFile]:
        """What is known of the paths right in ``folder``, by name."""
        with reading(self._engine) as connection:
            return folders.files_in_folder(connection, root.id, folder, model.id)

    def digests(self, model: ModelInfo) -> EmbeddedDigests:
        """Answers ``digest in digests`` fast and in any thread; to be closed in the end."""
        return EmbeddedDigests(self._engine, model)


def is_there(photo: PhotoInfo) -> bool:
    """Whether a photo can be expected to be where the library has it: not away, nor its root."""
    return not photo.away and is_online(photo.root)


@contextmanager
def locked(folder: Path, *, wait: float = 0) -> Iterator[None]:
    """Hold the lock of the library in ``folder``; wait for it for some seconds.

    Raises:
        LibraryBusy: another process (or thread) holds it.
    """
    try:
        with FileLock(folder / _LOCK, timeout=wait):
            yield
    except Timeout as error:
        raise LibraryBusy(
            f"Another clipsearch is changing the library in {folder}. "
            "Wait until it is done, or stop it; searching works meanwhile."
        ) from error


def is_online(root: Path) -> bool:
    """Whether a root can be seen now.

    An empty folder counts as not there: it is what an unplugged drive leaves at its mount point.
    """
    try:
        return next(root.iterdir(), None) is not None
    except OSError:
        return False

"""What a library says of its models, their vectors and the index, and which contents fit a filter.

A base of ``store.library.Library``, which is what others use.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import Engine

from store import index_sync
from store.errors import LibraryError
from store.filters import NOT_HIDDEN, PhotoFilter
from store.frames import Frames
from store.index import manifest
from store.index.effort import Effort
from store.locks import mending
from store.online import is_online
from store.sql import (
    embeddings,
    filter_sql,
    frames,
    key_values,
    models,
    searchable,
    standing,
)
from store.sql.database import reading
from store.sql.digests import EmbeddedDigests
from store.sql.key_values import VIEWS
from store.user_data import UserData
from store.values import ModelInfo, Views
from store.vectors import Ids, Narrowed, Vectors, VectorSearch, Without

if TYPE_CHECKING:
    from store.columns import Columns


class VectorReader:
    """See ``store.library.Library``."""

    folder: Path
    user_data: UserData
    _engine: Engine

    # -- models -----------------------------------------------------------------------------

    def model(self) -> ModelInfo | None:
        """The model that answers queries; None before the first index run."""
        with reading(self._engine) as connection:
            return standing.model(standing.asking(connection), "model_id")

    def building_model(self) -> ModelInfo | None:
        """The model of the last index run: not ``model`` while a switch is under way."""
        with reading(self._engine) as connection:
            return standing.model(standing.asking(connection), "building_model_id")

    def models(self) -> list[ModelInfo]:
        """Every model that has embedded anything."""
        with reading(self._engine) as connection:
            return models.models(connection)

    def generation(self) -> int:
        """A number that grows with every change to what a search can find."""
        with reading(self._engine) as connection:
            return key_values.generation(connection)

    def past(self) -> str:
        """A token that changes when a backup is restored: from then on ids mean other contents."""
        with reading(self._engine) as connection:
            return str(key_values.get(connection, "past", ""))

    def views(self) -> Views:
        """How many views of each picture runs take; see ``indexer.encoders.views``."""
        with reading(self._engine) as connection:
            kept = key_values.get(connection, VIEWS)
        return kept if kept in ("1", "2") else "auto"

    # -- the index --------------------------------------------------------------------------

    def index_is_current(self, model: ModelInfo) -> bool:
        """Whether the index files hold what the rows do; if not, opening them takes longer."""
        return index_sync.is_current(self._engine, self.folder, model)

    def search_effort(self, model: ModelInfo) -> Effort | None:
        """How much of an index in files a search looks at; None where it looks at all."""
        return manifest.effort_of(self.folder, model)

    def index(self, model: ModelInfo) -> index_sync.OpenedIndex:
        """The vector index, equal to the rows as they are now.

        What was out of date is mended in the file too, unless a writer is at work.
        """
        if self.index_is_current(model):
            opened = index_sync.open_index(self._engine, self.folder, model)
            if not opened.repaired:
                return opened
        try:
            with mending(self.folder):
                return index_sync.update_index(self._engine, self.folder, model)
        except (OSError, LibraryError):
            # The writer will do it; or the folder is read-only, and need not be more.
            return index_sync.open_index(self._engine, self.folder, model)

    def check(self, model: ModelInfo, index: VectorSearch) -> list[str]:
        """What is wrong with the rows, or with ``index`` against them; nothing if all is well."""
        from store.sql import integrity

        with reading(self._engine) as connection:
            return integrity.problems(connection, model, index)

    def labels_file(self, model: ModelInfo) -> Path:
        """Where the labels that a model gave are kept; see ``store.files.label_files``."""
        return self.folder / f"labels-{model.id}.npz"

    # -- vectors ----------------------------------------------------------------------------

    def vectors(self, model: ModelInfo, content_ids: Ids) -> Vectors:
        """The stored embeddings of ``content_ids`` (n,): (n, dim) float32.

        Raises:
            KeyError: one of them has no embedding by this model.
            LibraryDamaged: a stored vector is not what was written.
        """
        with reading(self._engine) as connection:
            return embeddings.sound_vectors(connection, model, content_ids)

    def digests(self, model: ModelInfo) -> EmbeddedDigests:
        """The digests that a model has embedded: ``in`` is fast, in any thread; to be closed."""
        return EmbeddedDigests(self._engine, model)

    def left_out_count(self, model: ModelInfo) -> int:
        """How many searchable pictures the index goes without: their vectors are damaged."""
        with reading(self._engine) as connection:
            return standing.left_out_count(standing.asking(connection), model)

    def frames(self, model: ModelInfo, kept: Frames | None = None) -> Frames:
        """The frames of all videos, as ``model`` sees them.

        Args:
            kept: what was read before, of which only what has changed is read again.
        """
        with reading(self._engine) as connection:
            return frames.read(connection, model, kept or Frames.none(model.dim))

    def first_frame_at(self, content_id: int) -> int | None:
        """Where the frame is that stands for a video, in milliseconds; None: it is no video."""
        with reading(self._engine) as connection:
            return frames.first_at(connection, content_id)

    def videos(self) -> Ids:
        """The contents that are videos and were read, (v,), in order."""
        with reading(self._engine) as connection:
            return np.array(frames.videos(connection), np.int64)

    def has_videos(self) -> bool:
        """Whether any video was read."""
        with reading(self._engine) as connection:
            return frames.is_any(connection)

    def durations(self, content_ids: Sequence[int]) -> dict[int, int]:
        """How long those of these contents are that are videos, in milliseconds."""
        with reading(self._engine) as connection:
            return frames.durations(connection, content_ids)

    # -- what a search may find -------------------------------------------------------------

    def matching(
        self,
        model: ModelInfo,
        filter: PhotoFilter | None,
        order: filter_sql.Order = "id",
        limit: int | None = None,
    ) -> Ids:
        """The ids of contents that a search may find and that meet ``filter``, (n,) int64.

        They are in order of id, the newest first (``date``), or by path (``name``); the first
        ``limit`` of them.
        """
        with reading(self._engine) as connection:
            return filter_sql.matching_ids(connection, model.id, filter, is_online, order, limit)

    def narrowed(self, model: ModelInfo, index: VectorSearch, filter: PhotoFilter) -> VectorSearch:
        """``index``, which is this library's, among the photos only that meet ``filter``."""
        if filter == NOT_HIDDEN:  # by the few that it leaves out
            return Without(index, self.user_data.hidden())
        return Narrowed(index, self.matching(model, filter))

    def matching_paths(self, content_ids: Iterable[int], filter: PhotoFilter) -> set[int]:
        """The ids (``PhotoInfo.id``) of those paths of ``content_ids`` that meet ``filter``."""
        with reading(self._engine) as connection:
            return filter_sql.matching_paths(connection, content_ids, filter, is_online)

    def columns(self, model: ModelInfo) -> Columns:
        """The columns of all photos that a search may find, equal to the rows as they are now.

        What was out of date is mended in their files too, unless a writer is at work.
        """
        from store import column_sync

        place = (self._engine, self.folder, model)
        if column_sync.is_current(*place):
            opened = column_sync.open_columns(*place)
            if opened.current:
                return opened.columns
        try:
            with mending(self.folder):
                return column_sync.update_columns(*place)
        except (OSError, LibraryError):
            # The writer will do it; or the folder is read-only, and need not be more.
            return column_sync.open_columns(*place).columns

    def searchable_count(self, model: ModelInfo) -> int:
        """How many different pictures a search can find."""
        with reading(self._engine) as connection:
            return standing.searchable_count(standing.asking(connection), model)

    def hidden_count(self, model: ModelInfo) -> int:
        """How many of those are hidden, so that a search finds them only if it asks for them."""
        with reading(self._engine) as connection:
            return standing.hidden_count(standing.asking(connection), model)

    def repeated(self, model: ModelInfo) -> Ids:
        """The ids of contents that are at more than one path, (n,) int64, in order."""
        with reading(self._engine) as connection:
            return searchable.repeated_ids(connection, model.id)

"""What a library says of its roots, folders and photos.

A base of ``store.library.Library``, which is what others use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from store.files.thumbnails import Thumbnails
from store.folder_summary import FolderSummary
from store.library_names import StoredNames, kept_names
from store.online import is_online
from store.picture_text import ReadText, TextCounts
from store.sql import (
    camera_times,
    folders,
    frames,
    key_values,
    library_names,
    metadata_rows,
    names,
    photos,
    picture_texts,
    place_names,
    roots,
    stacking,
    standing,
)
from store.sql.database import reading
from store.sql.key_values import READ_TEXT
from store.sql.names import Named, Nearest, none
from store.states import State
from store.values import KnownFile, ModelInfo, PhotoInfo, RootInfo, RootStatus
from store.vectors import Ids

if TYPE_CHECKING:
    from store.outcomes import Marks


class PhotoReader:
    """See ``store.library.Library``."""

    folder: Path
    thumbnails: Thumbnails
    _engine: Engine

    # -- roots and folders ------------------------------------------------------------------

    def roots(self) -> list[RootInfo]:
        with reading(self._engine) as connection:
            return roots.roots(connection)

    def status(self) -> list[RootStatus]:
        with reading(self._engine) as connection:
            return standing.roots(standing.asking(connection), is_online)

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
        """The known paths right in ``folder`` (not below it), by name."""
        with reading(self._engine) as connection:
            return folders.files_in_folder(connection, root.id, folder, model.id)

    # -- names ------------------------------------------------------------------------------

    def names_state(self) -> str:
        """What changes whenever the names may have."""
        with reading(self._engine) as connection:
            return library_names.state(connection)

    def names(self, state: str) -> StoredNames:
        """The names of places, cameras and folders as of ``state``; see ``store.library_names``."""

        def gather() -> StoredNames:
            with reading(self._engine) as connection:
                return library_names.names(connection)

        return kept_names(self.folder, state, gather)

    # -- photos -----------------------------------------------------------------------------

    def photos_of(self, content_ids: Iterable[int]) -> dict[int, list[PhotoInfo]]:
        """The living paths of each content."""
        with reading(self._engine) as connection:
            return photos.photos_of(connection, content_ids)

    def stacked(self, content_ids: Iterable[int]) -> dict[int, list[PhotoInfo]]:
        """The files that each content shows for; see ``store.stacks``."""
        with reading(self._engine) as connection:
            return photos.stacked(connection, content_ids)

    def raw_formats_shown(self) -> Mapping[str, Sequence[int]]:
        """The contents that show for stacked raws, by the format of these."""
        with reading(self._engine) as connection:
            return stacking.contents_by_raw_format(connection)

    def camera_times(self, content_ids: Sequence[int]) -> dict[int, datetime]:
        """When the camera took each content; see ``store.sql.camera_times``."""
        with reading(self._engine) as connection:
            return camera_times.camera_times(connection, content_ids)

    def camera_times_around(self, moments: Iterable[datetime]) -> dict[int, datetime]:
        """As ``camera_times``, of all contents taken at about one of ``moments``."""
        with reading(self._engine) as connection:
            return camera_times.camera_times_around(connection, moments)

    def passed_over(self, reason: str) -> bool:
        """Whether any file counts as no picture for this reason."""
        with reading(self._engine) as connection:
            return photos.passed_over(connection, reason)

    def files(self, states: Iterable[State]) -> Iterator[PhotoInfo]:
        """The ledger: every path in one of ``states``, in order of path."""
        with reading(self._engine) as connection:
            yield from photos.photos_in_states(connection, states)

    def contents_at(self, path: Path) -> list[int]:
        """The content at ``path`` (absolute), or those below it; living paths only."""
        with reading(self._engine) as connection:
            return photos.contents_at(connection, path)

    def digest(self, content_id: int) -> bytes | None:
        """The SHA-256 of a content's bytes; None if there is no such content."""
        with reading(self._engine) as connection:
            return photos.digest(connection, content_id)

    def content_digests(self, ids: Sequence[int]) -> dict[int, bytes]:
        """The SHA-256 of each of these contents' bytes, where there is such a content."""
        with reading(self._engine) as connection:
            return photos.digests(connection, ids)

    def away_count(self, path: Path) -> int:
        """How many photos at or below ``path`` (absolute) are away: missed, but not called gone."""
        with reading(self._engine) as connection:
            return photos.away_count(connection, path)

    def unplaced(self, limit: int) -> list[tuple[int, float, float]]:
        """Contents with coordinates and no name of the place yet: (id, latitude, longitude)."""
        with reading(self._engine) as connection:
            return place_names.unplaced(connection, limit)

    def placed(self, after: int, limit: int) -> list[tuple[int, float, float, str]]:
        """Contents with coordinates and a name of the place: (id, latitude, longitude, name), by
        id; those with an id above ``after``."""
        with reading(self._engine) as connection:
            return place_names.placed(connection, after, limit)

    def renaming(self, edition: int) -> tuple[int, int] | None:
        """What is still to be named in the way of ``edition``: behind which id, and how many."""
        with reading(self._engine) as connection:
            return place_names.renaming(connection, edition)

    def unread(self, roots: Iterable[RootInfo], limit: int) -> list[int]:
        """Contents at paths of ``roots`` whose files were not read for ``store.metadata`` yet."""
        with reading(self._engine) as connection:
            return metadata_rows.unread(connection, [root.id for root in roots], limit)

    def keywords(self, content_ids: Iterable[int]) -> dict[int, list[str]]:
        """The keywords that files and sidecars give each content, in order."""
        with reading(self._engine) as connection:
            return metadata_rows.keywords_of(connection, content_ids)

    def without_thumbnail(self) -> list[tuple[int, bytes]]:
        """Contents (id and digest) that should have a thumbnail and have none; of a video, one of
        each frame."""
        with reading(self._engine) as connection:
            due = photos.content_count(connection) + frames.count(connection)
            if self.thumbnails.count() == due:
                return []
            kept = self.thumbnails.digests()
            living = photos.living_digests(connection)
            of_frames = frames.digests(connection, frames.videos(connection))
            return [
                (id, digest)
                for id, digest in living
                if not kept.issuperset([digest, *of_frames.get(id, ())])
            ]

    def named(
        self,
        words: Sequence[Sequence[str]],
        wholes: Sequence[str],
        limit: int,
        nearest: Nearest = none,
    ) -> Named:
        """Which contents have words in the names of files, folders, tags and concepts; see
        ``store.sql.names``."""
        with reading(self._engine) as connection:
            return names.named(connection, words, wholes, limit, nearest)

    # -- text in pictures -------------------------------------------------------------------

    def texts(self, content_ids: Iterable[int]) -> dict[int, ReadText]:
        """What was read in each content; those that nobody has looked at are left out."""
        with reading(self._engine) as connection:
            return picture_texts.texts_of(connection, content_ids)

    def text_counts(self) -> TextCounts:
        """How far the reading of text is."""
        with reading(self._engine) as connection:
            return standing.text_counts(standing.asking(connection))

    def has_texts(self) -> bool:
        """Whether anybody has looked for text in any picture."""
        with reading(self._engine) as connection:
            return picture_texts.is_any(connection)

    def without_text(self, roots: Iterable[RootInfo]) -> Ids:
        """Contents at paths of ``roots`` in which nobody has looked for text, (n,)."""
        with reading(self._engine) as connection:
            return picture_texts.waiting(connection, [root.id for root in roots])

    def reads_text(self) -> bool:
        """Whether runs read the text in new photos."""
        with reading(self._engine) as connection:
            return bool(key_values.get(connection, READ_TEXT, default=False))

    # -- marks on photos --------------------------------------------------------------------

    def marks_only_at(self, path: Path) -> Marks:
        """The marks on pictures that are at or below ``path`` (absolute) and nowhere else."""
        from store.sql import removal  # searches do without it

        with reading(self._engine) as connection:
            return removal.marks_only_at(connection, path)

    def marks_without_photo(self) -> Marks:
        """The marks whose picture is at no path now; those that are gone count as no path."""
        from store.sql import removal

        with reading(self._engine) as connection:
            return removal.marks_without_photo(connection)

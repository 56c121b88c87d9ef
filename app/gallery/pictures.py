"""Pictures for the page: thumbnails, previews, originals, and pictures that people upload."""

from __future__ import annotations

import hashlib
import io
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.query.liked import Liked
from app.query.model import Query
from app.text import printable
from indexer.pictures.thumbnails import LARGE, PREVIEW, THUMBNAIL, render, render_file, small_of
from store.errors import LibraryError, PhotoError, QueryError
from store.files.atomic import write_whole
from store.frames import frame_digest
from store.library import Library
from store.online import is_file
from store.values import PhotoInfo

UPLOADS = "uploads"
UPLOAD_LIMIT = 20_000_000  # bytes
UPLOAD_PIXELS = 100_000_000
"""A larger upload is refused: a file of a megabyte may hold hundreds of megapixels."""

_UPLOADED = re.compile(r"[0-9a-f]{16}\.jpg")
_KEPT_S = 30 * 24 * 3600  # after this an upload is deleted
_MAKING = threading.Semaphore(2)  # pictures decoded at once, so that a search still gets a core


@dataclass(frozen=True)
class Pictures:
    """The pictures of one library, looked up by id: no path ever comes from outside."""

    library: Library

    def thumbnail(
        self, content_id: int, at_ms: int | None = None, *, digest: bytes | None = None
    ) -> bytes | None:
        """The thumbnail as a JPEG file, made now if there is none yet; None if it can't be made.

        Args:
            at_ms: of a video, which of its frames; of another moment, it is the first one.
            digest: the content's, where that is known already.
        """
        digest = digest or self.library.digest(content_id)
        if digest is None:
            return None
        if at_ms is not None and (kept := self.library.thumbnails.get(frame_digest(digest, at_ms))):
            return kept
        if kept := self.library.thumbnails.get(digest):
            return kept
        made = self._make(content_id, THUMBNAIL)
        if made is not None:
            self.library.thumbnails.put([(digest, made)])
        return made

    def small(
        self, content_id: int, at_ms: int | None = None, *, digest: bytes | None = None
    ) -> bytes | None:
        """A smaller picture than the thumbnail, as a JPEG file; the thumbnail itself if that is
        damaged; None if there is none."""
        digest = digest or self.library.digest(content_id)
        if digest is None:
            return None
        shown = digest if at_ms is None else frame_digest(digest, at_ms)
        if kept := self.library.small_pictures.get(shown):
            return kept
        thumbnail = self.thumbnail(content_id, at_ms, digest=digest)
        return None if thumbnail is None else small_of(thumbnail) or thumbnail

    def preview(self, content_id: int) -> bytes | None:
        """A larger JPEG file, or the thumbnail if the photo can't be read now; else None."""
        digest = self.library.digest(content_id)
        if digest is None:
            return None
        if path := self.library.previews.find(digest):
            return path.read_bytes()
        made = self._make(content_id, PREVIEW)
        if made is None:
            return self.library.thumbnails.get(digest)
        self.library.previews.put(digest, made)
        return made

    def original(self, content_id: int, path: str = "") -> PhotoInfo | None:
        """A path of the photo that can be read now; None if there is none.

        Args:
            path: the one of its paths that is wanted, as it is shown; empty for any.
        """
        for photo in self.library.photos_of([content_id]).get(content_id, []):
            wanted = not path or printable(str(photo.path)) == path
            if wanted and _is_inside(photo) and is_file(photo.path):
                return photo
        return None

    def beside(self, photo: PhotoInfo) -> list[PhotoInfo]:
        """The files in the photo's folder for which it shows and that can be read now."""
        assert photo.content_id is not None  # an indexed photo has one
        stacked = self.library.stacked([photo.content_id]).get(photo.content_id, [])
        return [file for file in _near(photo, stacked) if _is_inside(file) and is_file(file.path)]

    def paths(self, ids: Sequence[int]) -> list[Path]:
        """The paths of photos, each followed by those of the files for which it shows; each once.

        They need not be there now.
        """
        photos, stacked = self.library.photos_of(ids), self.library.stacked(ids)
        known = [(photos[id][0], stacked.get(id, [])) for id in ids if id in photos]
        files = (file for photo, beside in known for file in (photo, *_near(photo, beside)))
        return list(dict.fromkeys(file.path for file in files))

    def large(self, content_id: int) -> bytes | None:
        """A JPEG file to look at closely, made now; None if the photo can't be read."""
        return self._make(content_id, LARGE)

    def _make(self, content_id: int, side: int) -> bytes | None:
        photo = self.original(content_id)
        if photo is None:
            return None
        try:
            with _MAKING:
                return render(photo.path, side, self.library.first_frame_at(content_id))
        except (PhotoError, OSError, ImportError):  # PyAV may have gone since
            return None

    # -- pictures from outside ------------------------------------------------------------------

    def upload(self, data: bytes) -> Path:
        """Keep a smaller copy of a picture that somebody searches with, and return its path.

        Raises:
            PhotoError: it is no picture that can be read, or it is too large.
            LibraryError: the copy can't be written.
        """
        with _MAKING:  # the copy has pixels only, nothing else of the file
            image = render_file(io.BytesIO(data), 1_024, UPLOAD_PIXELS)
        folder = self.library.folder / UPLOADS
        path = folder / f"{hashlib.sha256(data).hexdigest()[:16]}.jpg"
        try:
            folder.mkdir(exist_ok=True)
            for old in folder.iterdir():
                if time.time() - old.stat().st_mtime > _KEPT_S:
                    old.unlink(missing_ok=True)
            write_whole(path, image)
        except OSError as error:
            raise LibraryError(
                f"The picture can't be kept in {folder}: {error.strerror}."
            ) from error
        return path

    def uploaded(self, name: str) -> bytes | None:
        """The JPEG file that an upload of this name became; None if there is none (any more)."""
        if not _UPLOADED.fullmatch(name):  # no path ever comes from outside
            return None
        try:
            return (self.library.folder / UPLOADS / name).read_bytes()
        except OSError:
            return None

    def check(self, query: Query) -> None:
        """Refuse a query that names other files: a link could make the page open any file.

        Raises:
            QueryError: a picture is neither an upload nor in an indexed folder.
        """
        allowed = [root.path for root in self.library.roots()]
        allowed.append(self.library.folder / UPLOADS)
        for term in query.every_term:
            if term.kind == "image" or (term.kind == "like" and Liked.read(term.value).id is None):
                path = Path(term.value)
                inside = path.is_absolute() and ".." not in path.parts
                if not inside or not any(path.is_relative_to(folder) for folder in allowed):
                    raise QueryError(
                        f"The page only opens pictures of the library: not {term.value}. "
                        "Drop it on the page instead."
                    )


def _near(photo: PhotoInfo, stacked: Sequence[PhotoInfo]) -> Sequence[PhotoInfo]:
    """Of the files for which a photo shows, those in its folder; all if none is there."""
    return [file for file in stacked if file.path.parent == photo.path.parent] or stacked


def _is_inside(photo: PhotoInfo) -> bool:
    """Whether the photo's path is still below its root once links are followed."""
    try:
        return photo.path.resolve(strict=True).is_relative_to(photo.root.resolve(strict=True))
    except OSError:
        return False

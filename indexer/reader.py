"""The work on one file: read it, decode it, and prepare it for the model.

The input is a ``Step``, the output a ``ReadResult``. Both are plain values that can be pickled, so
that a worker may be a process as well as a thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from PIL import Image

from indexer.batch_failures import REASON_LENGTH
from indexer.encoders.encoder import Encoder, Pixels
from indexer.encoders.views import are_two, prepare
from indexer.folders.steps import ReadFile, Step, WentOffline
from indexer.pictures.read_photo import read_digest, read_photo
from indexer.pictures.sidecar import READ, read_sidecar
from indexer.pictures.thumbnails import LEAST_SIDE, thumbnail
from indexer.text import reason_of
from indexer.videos.frame_choice import VideoFrame
from store.errors import ClipsearchError, PhotoError, Stopped, Vanished
from store.metadata import is_sidecar
from store.online import is_online
from store.states import State
from store.values import ContentFacts, FileRecord, Picture, Views


@dataclass(frozen=True)
class ReadFrame:
    """A frame of a video: its pixels, and its thumbnail (a JPEG file)."""

    at_ms: int
    pixels: Pixels
    thumbnail: bytes


@dataclass(frozen=True)
class ReadResult:
    """A file that was read: what to record, and the pixels that still need a vector.

    Of a video, the pixels are those of the first of its ``frames``.
    """

    step: ReadFile
    record: FileRecord
    pixels: Pixels | None = None
    thumbnail: bytes = b""
    frames: tuple[ReadFrame, ...] = ()

    @property
    def picture(self) -> Picture:
        assert self.record.picture is not None
        return self.record.picture


def record_of(step: ReadFile) -> FileRecord:
    """A record of the file, as it was when its folder was listed, that says nothing against it."""
    file = step.file
    return FileRecord(
        root_id=step.root.id,
        folder=step.folder,
        name=file.name,
        size=file.size,
        mtime_ns=file.mtime_ns,
        state=State.INDEXED,
        reason=file.note,
        filesystem_id=step.filesystem_id,
    )


class Reader:
    """Reads files; used by many threads at once.

    Args:
        views: of each picture; see ``indexer.encoders.views``.
        is_embedded: whether the library has a vector of the picture with this digest.
        stop: set it to end the reading of a large video early.
    """

    def __init__(
        self,
        encoder: Encoder,
        views: Views,
        is_embedded: Callable[[bytes], bool],
        stop: threading.Event,
    ) -> None:
        self._encoder, self._views, self._is_embedded = encoder, views, is_embedded
        self._stop = stop

    def work(self, step: Step) -> Step | ReadResult | None:
        """The result of reading a file, or the step itself; None for a file that has just gone, and
        for one that was not read to its end."""
        if not isinstance(step, ReadFile):
            return step
        record = record_of(step)
        try:
            path = step.root.path / step.folder / step.file.name
            if step.why == "verify":
                if read_digest(path, self._stop) == step.known:
                    return ReadResult(step, record)
                step = replace(step, why="altered")
            if is_sidecar(path.name):
                said = read_sidecar(path)
                return ReadResult(
                    step, replace(record, state=State.OTHER, reason=READ, sidecar=said)
                )
            side = max(self._encoder.image_size, LEAST_SIDE)
            photo = read_photo(path, side, self._is_embedded, self._stop)
            picture = Picture(photo.digest, photo.facts, None)
            record = replace(record, picture=picture)
            if photo.image is None or photo.facts is None:
                return ReadResult(step, record)
            if photo.frames:
                frames = tuple(self._frame(frame, photo.facts) for frame in photo.frames)
                return ReadResult(step, record, frames[0].pixels, frames[0].thumbnail, frames)
            return ReadResult(step, record, *self._prepare(photo.image, photo.facts))
        except Vanished:
            return WentOffline(step.root) if not is_online(step.root.path) else None
        except Stopped:
            return None
        except PhotoError as error:
            if error.state is State.UNREADABLE and not is_online(step.root.path):
                return WentOffline(step.root)
            failed = replace(record, state=error.state, reason=str(error), picture=None)
            return ReadResult(step, failed)

    def _frame(self, frame: VideoFrame, facts: ContentFacts) -> ReadFrame:
        return ReadFrame(frame.at_ms, *self._prepare(frame.image, facts))

    def _prepare(self, image: Image.Image, facts: ContentFacts) -> tuple[Pixels, bytes]:
        try:
            two = are_two(self._views, self._encoder.name, facts)
            return prepare(self._encoder, image, two=two), thumbnail(image)
        except ClipsearchError:  # the model can't be loaded
            raise
        except MemoryError as error:
            raise PhotoError(State.TOO_LARGE, "it does not fit into memory") from error
        except Exception as error:  # a strange picture can make Pillow raise anything
            reason = f"it can't be made smaller: {reason_of(error, REASON_LENGTH)}"
            raise PhotoError(State.DAMAGED, reason) from error

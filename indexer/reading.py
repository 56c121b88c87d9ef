"""What one worker does with one file: read it, decode it, and make it ready for the model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PIL import Image

from indexer.batch_failures import reason_of
from indexer.decode import read_digest, read_photo
from indexer.encoders.encoder import Encoder, Pixels
from indexer.survey import ReadFile, Step, WentOffline
from indexer.thumbnails import LEAST_SIDE, thumbnail
from store.errors import ClipsearchError, PhotoError, Vanished
from store.online import is_online
from store.states import State
from store.values import FileRecord, Picture


@dataclass(frozen=True)
class Read:
    """A file after its worker: what to record, and the pixels that still need a vector."""

    step: ReadFile
    record: FileRecord
    pixels: Pixels | None = None
    thumbnail: bytes = b""

    @property
    def picture(self) -> Picture:
        assert self.record.picture is not None
        return self.record.picture


class Reader:
    """Reads files, in many threads at once.

    ``is_embedded`` says of a digest that the model has seen that picture.
    """

    def __init__(self, encoder: Encoder, is_embedded: Callable[[bytes], bool]) -> None:
        self._encoder, self._is_embedded = encoder, is_embedded

    def work(self, step: Step) -> Step | Read | None:
        """A file that was read; any other step as it is; None for a file that went meanwhile."""
        if not isinstance(step, ReadFile):
            return step
        file = step.file
        record = FileRecord(
            step.root.id,
            step.folder,
            file.name,
            file.size,
            file.mtime_ns,
            State.INDEXED,
            file.note,
            filesystem_id=step.filesystem_id,
        )
        try:
            path = step.root.path / step.folder / file.name
            if step.why == "verify":
                if read_digest(path) == step.known:
                    return Read(step, record)
                step = replace(step, why="altered")
            side = max(self._encoder.image_size, LEAST_SIDE)
            photo = read_photo(path, side, self._is_embedded)
            picture = Picture(photo.digest, photo.facts, None)
            record = replace(record, picture=picture)
            if photo.image is None:
                return Read(step, record)
            return Read(step, record, *self._prepare(photo.image))
        except Vanished:
            return WentOffline(step.root) if not is_online(step.root.path) else None
        except PhotoError as error:
            if error.state is State.UNREADABLE and not is_online(step.root.path):
                return WentOffline(step.root)
            failed = replace(record, state=error.state, reason=str(error), picture=None)
            return Read(step, failed)

    def _prepare(self, image: Image.Image) -> tuple[Pixels, bytes]:
        try:
            return self._encoder.prepare(image), thumbnail(image)
        except ClipsearchError:  # the model can't be had
            raise
        except MemoryError as error:
            raise PhotoError(State.TOO_LARGE, "it does not fit into memory") from error
        except Exception as error:  # whatever a strange picture makes Pillow raise
            reason = f"it can't be made smaller: {reason_of(error)}"
            raise PhotoError(State.DAMAGED, reason) from error

"""Decoded pictures to vectors: in batches, each content once, while further files are read.

Its input (``ReadResult``) and its output to the recorder (``FileRecord`` with a vector) are plain
values that can be pickled.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, replace

from PIL import Image

from indexer.batch_failures import Encoded, outcome_of
from indexer.encoders.encoder import Encoder, Pixels
from indexer.encoders.views import encode
from indexer.events import Event
from indexer.reader import ReadFrame, ReadResult
from indexer.recorder import Recorder
from indexer.tally import Tally, kind_of
from store.frames import SeenFrame, frame_digest
from store.states import State
from store.vectors import Vectors


@dataclass(frozen=True)
class _Batch:
    """Pictures on their way through the encoder, which was given the ``chosen`` ones."""

    reads: list[ReadResult]
    chosen: dict[bytes, ReadResult]
    vectors: Future[Vectors]


class EncodeStage:
    """Gathers pictures into batches, and passes their vectors to a recorder.

    Used by one thread, while the model works in another.

    Args:
        thread: an executor with one thread, in which the model runs.
        is_embedded: whether the library has a vector of the picture with this digest.
    """

    def __init__(
        self,
        encoder: Encoder,
        thread: Executor,
        is_embedded: Callable[[bytes], bool],
        recorder: Recorder,
        tally: Tally,
    ) -> None:
        self._encoder, self._thread, self._is_embedded = encoder, thread, is_embedded
        self._recorder, self._tally = recorder, tally
        self._waiting: list[ReadResult] = []  # pictures before encoding
        self._under_way: deque[_Batch] = deque()
        self._unusable: dict[bytes, str] = {}  # digests that can have no vector, and why

    def add(self, read: ReadResult) -> None:
        """Put a picture into the next batch."""
        self._waiting.append(read)

    @property
    def has_batch(self) -> bool:
        """Whether enough pictures wait for a batch; each frame of a video is one."""
        waiting = sum(max(1, len(read.frames)) for read in self._waiting)
        return waiting >= self._encoder.batch_size

    def start_batch(self) -> None:
        """Start encoding all waiting pictures, each content once."""
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        chosen: dict[bytes, ReadResult] = {}
        for read in waiting:
            # Copies within this run: the other copy may have been recorded since they were read.
            digest = read.picture.digest
            seen = digest in self._recorder.unwritten or digest in self._unusable
            if read.pixels is None or seen or self._is_embedded(digest):
                continue
            chosen.setdefault(digest, read)
        self._recorder.unwritten.update(chosen)
        pixels = [*_pixels(chosen.values()).values()]
        vectors = self._thread.submit(encode, self._encoder, pixels)
        self._under_way.append(_Batch(waiting, chosen, vectors))

    def collect(self, batches: int) -> Iterator[Event]:
        """Record finished batches until at most ``batches`` are under way.

        Raises:
            Exception: the model does not work; what it had encoded before has been recorded.
        """
        while len(self._under_way) > batches:
            batch = self._under_way.popleft()
            encoded = self._encoded(batch)
            self._unusable |= encoded.reasons
            self._recorder.unwritten -= encoded.reasons.keys()
            self._tally.summary.embedded += len(encoded.vectors.keys() & batch.chosen.keys())
            for read in batch.reads:
                yield from self._record(read, batch, encoded)
            if encoded.error:
                raise encoded.error
            yield self._tally.progress()

    def _record(self, read: ReadResult, batch: _Batch, encoded: Encoded) -> list[Event]:
        picture, record = read.picture, read.record
        if (reason := self._unusable.get(picture.digest)) is not None:
            failed = replace(record, state=State.DAMAGED, reason=reason, picture=None)
            return self._recorder.keep_unusable(failed, read.step.root.path)
        was_encoded = batch.chosen.get(picture.digest) is read
        if was_encoded:
            vector = encoded.vectors.get(picture.digest)
            if vector is None:
                return []  # the model failed before this picture
            frames = []
            for frame, digest in _frames(read):
                seen = encoded.vectors.get(digest) if frame is not read.frames[0] else vector
                if seen is not None:
                    frames.append(SeenFrame(frame.at_ms, seen))
                    self._recorder.keep_thumbnail(digest, frame.thumbnail)
            record = replace(record, picture=replace(picture, vector=vector, frames=tuple(frames)))
            self._recorder.keep_thumbnail(picture.digest, read.thumbnail)
        self._recorder.keep(record, kind_of(read, embedded=was_encoded))
        return []

    def _encoded(self, batch: _Batch) -> Encoded:
        pixels = _pixels(batch.chosen.values())

        def encode_each(images: Sequence[Pixels]) -> Vectors:
            return self._thread.submit(encode, self._encoder, images).result()

        side = self._encoder.image_size
        grey = Image.new("RGB", (side, side), "grey")
        return outcome_of(batch.vectors, encode_each, pixels, lambda: self._encoder.prepare(grey))


def _pixels(reads: Collection[ReadResult]) -> dict[bytes, Pixels]:
    """What is to be encoded: each picture by its digest, and the further frames of videos."""
    pixels = {read.picture.digest: read.pixels for read in reads if read.pixels is not None}
    for read in reads:
        pixels.update((digest, frame.pixels) for frame, digest in _frames(read)[1:])
    return pixels


def _frames(read: ReadResult) -> list[tuple[ReadFrame, bytes]]:
    """The frames of a video, each with what stands for it where a picture's digest would."""
    return [(frame, frame_digest(read.picture.digest, frame.at_ms)) for frame in read.frames]

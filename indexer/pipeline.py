"""Indexing: scan -> decode -> encode -> library, overlapped, in bounded memory.

One thread walks the folders, a pool reads and decodes, one thread encodes, and the caller's own
writes.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from indexer.batch_failures import Encoded, take_over
from indexer.encoders.encoder import Encoder, Pixels
from indexer.events import (
    Counted,
    Event,
    FileAltered,
    FileFailed,
    Finished,
    Progress,
    RootOffline,
)
from indexer.file_count import Counting
from indexer.filesystems import Filesystems
from indexer.missing_thumbnails import make_missing
from indexer.reading import Read, Reader
from indexer.recorder import Recorder
from indexer.streams import bounded_map, prefetch
from indexer.survey import (
    MissingFiles,
    NoteFile,
    Settled,
    Step,
    Survey,
    Target,
    WentOffline,
)
from store.library import Library
from store.states import State
from store.values import FileRecord, ModelInfo
from store.vectors import Vectors
from store.writer import LibraryWriter

_BATCHES_AHEAD = 1  # encoded while others are written
_SCAN_AHEAD = 512  # steps; each is small


@dataclass(frozen=True)
class _Batch:
    """Pictures on their way through the encoder: ``chosen`` are those that it was given."""

    reads: list[Read]
    chosen: dict[bytes, Read]
    vectors: Future[Vectors]


def run_index(
    library: Library,
    writer: LibraryWriter,
    encoder: Encoder,
    targets: Sequence[Target],
    *,
    accepted: Sequence[Path] = (),
    retry: bool = False,
    verify: bool = False,
    steps: Iterator[Step] | None = None,
    workers: int | None = None,
    stop: threading.Event | None = None,
) -> Iterator[Event]:
    """Bring the library up to date with ``targets``; the last event is ``Finished``.

    Args:
        accepted: folders (absolute) whose missing photos are believed to be gone.
        retry: read again every file that failed before, changed or not.
        verify: read every file that is known, and compare its digest with the library's.
        steps: do these instead of looking through ``targets``.
        workers: decoding threads; one a core by default.
        stop: set it to end the run early, with everything so far kept.
    """
    stop = stop or threading.Event()
    model = writer.add_model(encoder.name, encoder.fingerprint, encoder.dim)
    writer.let_damaged_go(model)
    run = _Run(library, writer, encoder, model)
    run.recorder.accept(accepted)
    if steps is None:
        survey = Survey(
            library,
            model,
            Filesystems(writer.filesystem_id),
            accepted=accepted,
            retry=retry,
            verify=verify,
        )
        steps = survey.steps(targets)
    yield from run.go(list(targets), steps, workers or os.cpu_count() or 1, stop)


class _Run:
    """The state of one run; used by one thread."""

    def __init__(
        self, library: Library, writer: LibraryWriter, encoder: Encoder, model: ModelInfo
    ) -> None:
        self.library, self.encoder, self.model = library, encoder, model
        self.recorder = Recorder(library, writer, encoder, model)
        self.summary = self.recorder.summary
        self.offline: set[int] = set()
        self.waiting: list[Read] = []  # pictures before encoding
        self.encoding: deque[_Batch] = deque()
        self.unusable: dict[bytes, str] = {}  # digests that the model has no vector for, and why

    def go(
        self, targets: list[Target], planned: Iterator[Step], workers: int, stop: threading.Event
    ) -> Iterator[Event]:
        start = time.monotonic()
        steps = prefetch(planned, ahead=_SCAN_AHEAD)
        counting = Counting(self.library, targets)
        try:
            with (
                closing(self.library.digests(self.model)) as self.embedded,
                ThreadPoolExecutor(1, thread_name_prefix="encode") as self.encoder_thread,
                ThreadPoolExecutor(workers, thread_name_prefix="decode") as pool,
            ):
                reader = Reader(self.encoder, self.embedded.__contains__)
                done = bounded_map(pool, reader.work, steps, lambda: self._window(workers))
                with closing(steps), closing(done) as results:
                    for result in results:
                        if isinstance(result, Read):
                            counting.start()
                            if counting.total is not None and not counting.told:
                                counting.told = True
                                yield Counted(counting.total)
                        yield from self._handle(result)
                        if len(self.waiting) >= self.encoder.batch_size:
                            self._encode()
                            yield from self._collect(_BATCHES_AHEAD)
                        yield from self.recorder.commit_if_due()
                        if stop.is_set():
                            self.summary.stopped = True
                            break
                self._encode()
                yield from self._collect(0)
            yield from self.recorder.commit()
        finally:
            # Also when the caller goes away or something fails: what was encoded is kept.
            self.recorder.commit()
        summary = self.recorder.finish()
        if not summary.stopped:
            summary.thumbnails = make_missing(self.library, stop)
        summary.seconds = time.monotonic() - start
        yield from summary.missing
        yield Finished(summary)

    def _window(self, workers: int) -> int:
        """Enough decoded pictures for the next batch while one is encoded; no more."""
        return max(4 * workers, 2 * self.encoder.batch_size)

    def _handle(self, result: Step | Read | None) -> Iterator[Event]:
        summary = self.summary
        if isinstance(result, WentOffline):
            if result.root.id not in self.offline:
                self.offline.add(result.root.id)
                summary.offline.append(result.root.path)
                yield RootOffline(result.root.path)
        elif isinstance(result, Settled):
            self.recorder.settle(result)
            yield self._progress()
        elif isinstance(result, MissingFiles):
            self.recorder.miss(result)
            yield self._progress()
        elif isinstance(result, NoteFile):
            yield from self._note(result.record, result.root.path)
        elif isinstance(result, Read) and result.step.root.id not in self.offline:
            summary.opened += 1
            if result.step.why == "altered":
                path = result.step.root.path / result.record.folder / result.record.name
                summary.altered.append(path)
                yield FileAltered(path)
            if result.step.why == "verify" and result.record.state is State.INDEXED:
                summary.seen += 1  # it was read only to see that nothing has changed
                summary.unchanged += 1
                yield self._progress()
            elif result.record.picture:
                self.waiting.append(result)
            else:
                yield from self._note(result.record, result.step.root.path)

    def _note(self, record: FileRecord, root: Path) -> Iterator[Event]:
        self.recorder.keep(record, "other" if record.state is State.OTHER else "failed")
        if record.state is not State.OTHER:
            path = root / record.folder / record.name
            yield FileFailed(path, record.state, record.reason or "")
        yield self._progress()

    def _encode(self) -> None:
        """Hand every waiting picture to the encoder, each content once."""
        if not self.waiting:
            return
        waiting, self.waiting = self.waiting, []
        chosen: dict[bytes, Read] = {}
        for read in waiting:
            # Copies within this run: their twin may have been written since they were read.
            digest = read.picture.digest
            seen = digest in self.recorder.unwritten or digest in self.unusable
            if read.pixels is None or seen or digest in self.embedded:
                continue
            chosen.setdefault(digest, read)
        pixels = [read.pixels for read in chosen.values() if read.pixels is not None]
        self.recorder.unwritten.update(chosen)
        vectors = self.encoder_thread.submit(self.encoder.encode_images, pixels)
        self.encoding.append(_Batch(waiting, chosen, vectors))

    def _collect(self, batches: int) -> Iterator[Event]:
        """Take over what was encoded, until at most ``batches`` are under way."""
        while len(self.encoding) > batches:
            batch = self.encoding.popleft()
            encoded = self._encoded(batch)
            self.unusable |= encoded.reasons
            self.recorder.unwritten -= encoded.reasons.keys()
            self.summary.embedded += len(encoded.vectors)
            for read in batch.reads:
                picture, record = read.picture, read.record
                if (reason := self.unusable.get(picture.digest)) is not None:
                    failed = replace(record, state=State.DAMAGED, reason=reason, picture=None)
                    yield from self._note(failed, read.step.root.path)
                    continue
                mine = batch.chosen.get(picture.digest) is read
                if mine:
                    vector = encoded.vectors.get(picture.digest)
                    if vector is None:
                        continue  # the model stopped before it
                    record = replace(record, picture=replace(picture, vector=vector))
                    self.recorder.keep_thumbnail(picture.digest, read.thumbnail)
                self.recorder.keep(record, _kind(read, embedded=mine))
            if encoded.error:
                raise encoded.error
            yield self._progress()

    def _encoded(self, batch: _Batch) -> Encoded:
        pixels = {d: read.pixels for d, read in batch.chosen.items() if read.pixels is not None}

        def encode(images: Sequence[Pixels]) -> Vectors:
            return self.encoder_thread.submit(self.encoder.encode_images, images).result()

        side = self.encoder.image_size
        grey = Image.new("RGB", (side, side), "grey")
        return take_over(batch.vectors, encode, pixels, lambda: self.encoder.prepare(grey))

    def _progress(self) -> Progress:
        return Progress(self.summary.seen, self.summary.embedded)


def _kind(read: Read, *, embedded: bool) -> str:
    """What the summary counts a picture as."""
    if read.step.why in ("changed", "altered"):
        return "changed"
    if read.step.why == "again":
        return "again"
    return "new" if embedded else "copies"

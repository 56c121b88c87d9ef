"""Indexing: scan -> decode -> encode -> library, overlapped, in bounded memory.

One thread walks the folders, a pool reads and decodes, one thread encodes, and the caller's own
writes. Everything that was encoded is written at least every ``COMMIT_FILES`` files or
``COMMIT_S`` seconds, so that a kill costs no more than that.
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

import numpy as np

from indexer.decode import Vanished, read_digest, read_photo
from indexer.encoder import Encoder, Pixels
from indexer.events import (
    Counted,
    Event,
    FileAltered,
    FileFailed,
    Finished,
    Progress,
    RootOffline,
    Summary,
)
from indexer.missing_thumbnails import make_missing
from indexer.places import places_of
from indexer.scan import count_files
from indexer.streams import bounded_map, prefetch
from indexer.survey import NoteFile, ReadFile, Settled, Step, Target, WentOffline, survey
from indexer.thumbnails import thumbnail
from store.errors import PhotoError
from store.library import Library, is_online
from store.records import FileRecord, ModelInfo, Picture
from store.states import State
from store.vectors import Vectors
from store.writer import LibraryWriter

COMMIT_FILES = 256
COMMIT_S = 5.0
SAVE_FILES = 10_000
"""After so many, index files are saved during a run: a search beside it has little to catch up."""

_BATCHES_AHEAD = 1  # encoded while others are written
_PLACES = 5_000  # named in one transaction
_SIDE = 224  # pixels; thumbnails are made of what was decoded, and need that much
_SCAN_AHEAD = 512  # steps; each is small
_GONE = "no longer there, or excluded since"


@dataclass(frozen=True)
class _Read:
    """A file after its worker: what to record, and the pixels that still need a vector."""

    step: ReadFile
    record: FileRecord
    pixels: Pixels | None = None
    thumbnail: bytes = b""

    @property
    def picture(self) -> Picture:
        assert self.record.picture is not None
        return self.record.picture


@dataclass(frozen=True)
class _Batch:
    """Pictures on their way through the encoder: ``chosen`` are those that it was given."""

    reads: list[_Read]
    chosen: dict[bytes, _Read]
    vectors: Future[Vectors]


def run_index(
    library: Library,
    writer: LibraryWriter,
    encoder: Encoder,
    targets: Sequence[Target],
    *,
    retry: bool = False,
    verify: bool = False,
    steps: Iterator[Step] | None = None,
    workers: int | None = None,
    stop: threading.Event | None = None,
) -> Iterator[Event]:
    """Bring the library up to date with ``targets``; the last event is ``Finished``.

    Args:
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
    if steps is None:
        steps = survey(library, model, list(targets), retry=retry, verify=verify)
    yield from run.go(list(targets), steps, workers or os.cpu_count() or 1, stop)


class _Run:
    """The state of one run; used by one thread, but for ``_work``."""

    def __init__(
        self, library: Library, writer: LibraryWriter, encoder: Encoder, model: ModelInfo
    ) -> None:
        self.library, self.writer, self.encoder, self.model = library, writer, encoder, model
        self.number = writer.begin_run()
        self.summary = Summary()
        self.offline: set[int] = set()
        self.waiting: list[_Read] = []  # pictures before encoding
        self.encoding: deque[_Batch] = deque()
        self.buffer: list[FileRecord] = []  # ready to be written
        self.unwritten: set[bytes] = set()  # digests in these two
        self.thumbnails: list[tuple[bytes, bytes]] = []  # of pictures in the buffer
        self.unsaved = 0  # files written since the index was saved
        self.committed = time.monotonic()
        self.known_new = 0  # new paths whose picture the library had

    def go(
        self, targets: list[Target], planned: Iterator[Step], workers: int, stop: threading.Event
    ) -> Iterator[Event]:
        start = time.monotonic()
        self.stop = stop
        steps = prefetch(planned, ahead=_SCAN_AHEAD)
        counting = _Counting(self.library, targets)
        try:
            with (
                closing(self.library.digests(self.model)) as self.embedded,
                ThreadPoolExecutor(1, thread_name_prefix="encode") as self.encoder_thread,
                ThreadPoolExecutor(workers, thread_name_prefix="decode") as pool,
            ):
                done = bounded_map(pool, self._work, steps, lambda: self._window(workers))
                with closing(steps), closing(done) as results:
                    for result in results:
                        if isinstance(result, _Read):
                            counting.start()
                            if counting.total is not None and not counting.told:
                                counting.told = True
                                yield Counted(counting.total)
                        yield from self._handle(result)
                        if len(self.waiting) >= self.encoder.batch_size:
                            self._encode()
                            yield from self._collect(_BATCHES_AHEAD)
                        self._commit_if_due()
                        if stop.is_set():
                            self.summary.stopped = True
                            break
                self._encode()
                yield from self._collect(0)
        finally:
            # Also when the caller goes away or something fails: what was encoded is kept.
            self._commit()
        yield self._finish(start)

    def _window(self, workers: int) -> int:
        """Enough decoded pictures for the next batch while one is encoded; no more."""
        return max(4 * workers, 2 * self.encoder.batch_size)

    # -- in the pool ------------------------------------------------------------------------

    def _work(self, step: Step) -> Step | _Read | None:
        if not isinstance(step, ReadFile):
            return step
        file = step.file
        record = FileRecord(
            step.root.id, step.folder, file.name, file.size, file.mtime_ns, State.INDEXED
        )
        try:
            path = step.root.path / step.folder / file.name
            if step.why == "verify":
                if read_digest(path) == step.known:
                    return _Read(step, record)
                step = replace(step, why="altered")
            photo = read_photo(
                path, max(self.encoder.image_size, _SIDE), self.embedded.__contains__
            )
            picture = Picture(photo.digest, photo.facts, None)
            record = replace(record, picture=picture)
            if photo.image is None:
                return _Read(step, record)
            return _Read(step, record, self.encoder.prepare(photo.image), thumbnail(photo.image))
        except Vanished:
            return WentOffline(step.root) if not is_online(step.root.path) else None
        except PhotoError as error:
            if error.state is State.UNREADABLE and not is_online(step.root.path):
                return WentOffline(step.root)
            return _Read(step, replace(record, state=error.state, reason=str(error)))

    # -- in the caller's thread -------------------------------------------------------------

    def _handle(self, result: Step | _Read | None) -> Iterator[Event]:
        summary = self.summary
        if isinstance(result, WentOffline):
            if result.root.id not in self.offline:
                self.offline.add(result.root.id)
                summary.offline.append(result.root.path)
                yield RootOffline(result.root.path)
        elif isinstance(result, Settled):
            yield self._settle(result)
        elif isinstance(result, NoteFile):
            yield from self._note(result.record, result.root.path)
        elif isinstance(result, _Read) and result.step.root.id not in self.offline:
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

    def _settle(self, settled: Settled) -> Progress:
        for state, count in settled.unchanged.items():
            self.summary.seen += count
            if state.is_failure:
                self.summary.failed[state] += count
            elif state is State.OTHER:
                self.summary.other += count
            else:
                self.summary.unchanged += count
        self.summary.seen += len(settled.returned)
        self.summary.returned += len(settled.returned)
        self.summary.gone += len(settled.vanished)
        if settled.returned:
            self.writer.set_state(settled.returned, State.INDEXED, None)
        if settled.vanished:
            self.writer.set_state(settled.vanished, State.GONE, _GONE)
        if settled.dropped:
            self.writer.drop(settled.dropped)
        return self._progress()

    def _note(self, record: FileRecord, root: Path) -> Iterator[Event]:
        self.summary.seen += 1
        self.buffer.append(record)
        if record.state is State.OTHER:
            self.summary.other += 1
        else:
            self.summary.failed[record.state] += 1
            path = root / record.folder / record.name
            yield FileFailed(path, record.state, record.reason or "")
        yield self._progress()

    def _encode(self) -> None:
        """Hand every waiting picture to the encoder, each content once."""
        if not self.waiting:
            return
        waiting, self.waiting = self.waiting, []
        chosen: dict[bytes, _Read] = {}
        for read in waiting:
            # Copies within this run: their twin may have been written since they were read.
            digest = read.picture.digest
            if read.pixels is None or digest in self.unwritten or digest in self.embedded:
                continue
            chosen.setdefault(digest, read)
        pixels = [read.pixels for read in chosen.values() if read.pixels is not None]
        self.unwritten.update(chosen)
        vectors = self.encoder_thread.submit(self.encoder.encode_images, pixels)
        self.encoding.append(_Batch(waiting, chosen, vectors))

    def _collect(self, batches: int) -> Iterator[Event]:
        """Take over what was encoded, until at most ``batches`` are under way."""
        while len(self.encoding) > batches:
            batch = self.encoding.popleft()
            vectors = batch.vectors.result()
            finite = np.isfinite(vectors).all(axis=1).reshape(-1)
            by_digest = dict(zip(batch.chosen, zip(vectors, finite, strict=True), strict=True))
            self.summary.embedded += len(vectors)
            for read in batch.reads:
                picture, record = read.picture, read.record
                mine = batch.chosen.get(picture.digest) is read
                if mine:
                    vector, is_finite = by_digest[picture.digest]
                    if not is_finite:
                        yield from self._note(_unusable(record), read.step.root.path)
                        continue
                    record = replace(record, picture=replace(picture, vector=vector))
                    self.thumbnails.append((picture.digest, read.thumbnail))
                self.buffer.append(record)
                self._count(read, embedded=mine)
            yield self._progress()

    def _count(self, read: _Read, *, embedded: bool) -> None:
        self.summary.seen += 1
        if read.step.why in ("changed", "altered"):
            self.summary.changed += 1
        elif read.step.why == "again":
            self.summary.again += 1
        elif embedded:
            self.summary.new += 1
        else:
            self.known_new += 1

    def _commit_if_due(self) -> None:
        late = time.monotonic() - self.committed > COMMIT_S
        if len(self.buffer) >= COMMIT_FILES or (self.buffer and late):
            self._commit()

    def _commit(self) -> None:
        if self.buffer:
            self.writer.record(self.buffer, self.model, self.number)
            self.library.thumbnails.put(self.thumbnails)
            self.thumbnails = []
            self.unwritten -= {f.picture.digest for f in self.buffer if f.picture}
            self.unsaved += len(self.buffer)
            self.buffer = []
        if self.unsaved >= SAVE_FILES:
            self._save_index()
        self.committed = time.monotonic()

    def _save_index(self) -> None:
        self.unsaved = 0
        if answering := self.library.model():
            self.writer.save_index(answering)

    def _finish(self, start: float) -> Finished:
        summary = self.summary
        summary.moved = self.writer.settle_moves(self.number)
        if not summary.stopped:
            summary.waiting_for = self.writer.switch_model(self.model)
        # A path that moved was met twice: as a new one, and as one that vanished (maybe in an
        # earlier run).
        summary.gone = max(0, summary.gone - summary.moved)
        summary.new -= max(0, summary.moved - self.known_new)
        summary.copies = max(0, self.known_new - summary.moved)
        self._save_index()
        self._name_places()
        if not summary.stopped:
            summary.thumbnails = make_missing(self.library, self.stop)
        summary.seconds = time.monotonic() - start
        return Finished(summary)

    def _name_places(self) -> None:
        """Look up where photos were taken: new ones, and those from before there were names."""
        while rows := self.library.unplaced(_PLACES):
            names = places_of([(latitude, longitude) for _, latitude, longitude in rows])
            self.writer.set_places({row[0]: name for row, name in zip(rows, names, strict=True)})

    def _progress(self) -> Progress:
        return Progress(self.summary.seen, self.summary.embedded)


def _unusable(record: FileRecord) -> FileRecord:
    reason = "the model gave no finite embedding for it"
    return replace(record, state=State.DAMAGED, reason=reason, picture=None)


class _Counting:
    """Counts all files in the background, once there is something worth waiting for."""

    def __init__(self, library: Library, targets: list[Target]) -> None:
        self.total: int | None = None
        self.told = False
        self._targets, self._skip = targets, {library.folder}
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._count, name="count", daemon=True)
            self._thread.start()

    def _count(self) -> None:
        self.total = sum(
            count_files(target.root.path, target.folder, target.root.excludes, self._skip)
            for target in self._targets
        )

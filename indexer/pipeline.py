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

from indexer.counting import Counting
from indexer.decode import Vanished, read_photo
from indexer.encoder import Encoder, Pixels
from indexer.events import (
    Counted,
    Event,
    FileFailed,
    Finished,
    PhotosMissing,
    Progress,
    RootOffline,
    Summary,
)
from indexer.filesystems import Filesystems
from indexer.likeness import same_picture
from indexer.places import places_of
from indexer.streams import bounded_map, prefetch
from indexer.survey import (
    MissingFiles,
    NoteFile,
    ReadFile,
    Settled,
    Step,
    Survey,
    Target,
    WentOffline,
)
from indexer.thumbnails import thumbnail
from store.errors import PhotoError
from store.library import Library, is_online
from store.records import FileRecord, ModelInfo, Picture
from store.states import Away, State
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
    accepted: Sequence[Path] = (),
    retry: bool = False,
    workers: int | None = None,
    stop: threading.Event | None = None,
) -> Iterator[Event]:
    """Bring the library up to date with ``targets``; the last event is ``Finished``.

    Args:
        accepted: folders (absolute) whose missing photos are believed to be gone.
        retry: read again every file that failed before, changed or not.
        workers: decoding threads; one a core by default.
        stop: set it to end the run early, with everything so far kept.
    """
    stop = stop or threading.Event()
    model = writer.add_model(encoder.name, encoder.fingerprint, encoder.dim)
    run = _Run(library, writer, encoder, model)
    run.accept(accepted)
    survey = Survey(
        library, model, Filesystems(writer.filesystem_id), accepted=accepted, retry=retry
    )
    yield from run.go(list(targets), survey, workers or os.cpu_count() or 1, stop)


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
        self.missing: list[Path] = []  # folders where photos are away since this run

    def accept(self, folders: Sequence[Path]) -> None:
        """Take what is away at or below ``folders`` (absolute) for gone."""
        for folder in folders:
            self.summary.gone += self.writer.accept_missing(folder)

    def go(
        self, targets: list[Target], survey: Survey, workers: int, stop: threading.Event
    ) -> Iterator[Event]:
        start = time.monotonic()
        steps = prefetch(survey.steps(targets), ahead=_SCAN_AHEAD)
        counting = Counting(self.library, targets)
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
        finished = self._finish(start)
        yield from finished.summary.missing
        yield finished

    def _window(self, workers: int) -> int:
        """Enough decoded pictures for the next batch while one is encoded; no more."""
        return max(4 * workers, 2 * self.encoder.batch_size)

    # -- in the pool ------------------------------------------------------------------------

    def _work(self, step: Step) -> Step | _Read | None:
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
            filesystem_id=step.filesystem_id,
        )
        try:
            path = step.root.path / step.folder / file.name
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
        elif isinstance(result, MissingFiles):
            yield self._miss(result)
        elif isinstance(result, NoteFile):
            yield from self._note(result.record, result.root.path)
        elif isinstance(result, _Read) and result.step.root.id not in self.offline:
            summary.opened += 1
            if result.record.picture:
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
        self.summary.away += settled.away
        if settled.returned:
            self.writer.set_returned(settled.returned, settled.filesystem_id)
        if settled.elsewhere and settled.filesystem_id is not None:
            self.writer.set_filesystem(settled.elsewhere, settled.filesystem_id)
        if settled.dropped:
            self.writer.drop(settled.dropped)
        return self._progress()

    def _miss(self, missing: MissingFiles) -> Progress:
        missed = missing.missed
        self.summary.gone += len(missed.gone)
        self.summary.away += len(missed.unplugged) + len(missed.at_once)
        if missed.gone:
            self.writer.set_gone(missed.gone, _GONE)
        for ids, why in ((missed.unplugged, Away.UNPLUGGED), (missed.at_once, Away.AT_ONCE)):
            if ids:
                self.writer.set_away(ids, why)
        self.missing += [missing.root.path / folder for folder in missed.folders]
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
        if read.step.why == "changed":
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
        moves = self.writer.settle_moves(self.number)
        summary.moved = moves.total
        if not summary.stopped:  # else a picture may yet be met under its new name
            edits = self.writer.settle_edits(self.model, same_picture(self.library.thumbnails))
            summary.marks_followed, summary.replaced = edits.followed, edits.replaced
            summary.waiting_for = self.writer.switch_model(self.model)
        # A path that moved was met twice: as a new one, and as one that was missed (maybe in an
        # earlier run).
        summary.gone = max(0, summary.gone - moves.from_gone)
        summary.away = max(0, summary.away - moves.from_away)
        counted = [PhotosMissing(f, self.library.away_count(f)) for f in self.missing]
        summary.missing = [missing for missing in counted if missing.photos]
        summary.new -= max(0, summary.moved - self.known_new)
        summary.copies = max(0, self.known_new - summary.moved)
        self._save_index()
        self._name_places()
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

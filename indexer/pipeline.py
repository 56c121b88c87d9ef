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

from PIL import Image

from indexer.counting import Counting
from indexer.encoder import Encoder, Pixels
from indexer.events import (
    Counted,
    Event,
    FileAltered,
    FileFailed,
    Finished,
    PhotosMissing,
    Progress,
    RootOffline,
    Summary,
)
from indexer.filesystems import Filesystems
from indexer.likeness import same_picture
from indexer.missing_thumbnails import make_missing
from indexer.one_by_one import Encoded, record_each, take_over
from indexer.places import places_of
from indexer.reading import Read, Reader
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
from store.records import FileRecord, ModelInfo
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
    run.accept(accepted)
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
        self.library, self.writer, self.encoder, self.model = library, writer, encoder, model
        self.number = writer.begin_run()
        self.summary = Summary()
        self.offline: set[int] = set()
        self.waiting: list[Read] = []  # pictures before encoding
        self.encoding: deque[_Batch] = deque()
        self.buffer: list[FileRecord] = []  # ready to be written
        self.kinds: list[str] = []  # what each of these was counted as in the summary
        self.unusable: dict[bytes, str] = {}  # digests that the model has no vector for, and why
        self.unwritten: set[bytes] = set()  # digests in these two
        self.thumbnails: list[tuple[bytes, bytes]] = []  # of pictures in the buffer
        self.unsaved = 0  # files written since the index was saved
        self.committed = time.monotonic()
        self.missing: list[Path] = []  # folders where photos are away since this run

    def accept(self, folders: Sequence[Path]) -> None:
        """Take what is away at or below ``folders`` (absolute) for gone."""
        for folder in folders:
            self.summary.gone += self.writer.accept_missing(folder)

    def go(
        self, targets: list[Target], planned: Iterator[Step], workers: int, stop: threading.Event
    ) -> Iterator[Event]:
        start = time.monotonic()
        self.stop = stop
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
                        yield from self._commit_if_due()
                        if stop.is_set():
                            self.summary.stopped = True
                            break
                self._encode()
                yield from self._collect(0)
            yield from self._commit()
        finally:
            # Also when the caller goes away or something fails: what was encoded is kept.
            self._commit()
        finished = self._finish(start)
        yield from finished.summary.missing
        yield finished

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
            yield self._settle(result)
        elif isinstance(result, MissingFiles):
            yield self._miss(result)
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
        self._keep(record, "other" if record.state is State.OTHER else "failed")
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
            seen = digest in self.unwritten or digest in self.unusable
            if read.pixels is None or seen or digest in self.embedded:
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
            encoded = self._encoded(batch)
            self.unusable |= encoded.reasons
            self.unwritten -= encoded.reasons.keys()
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
                    self.thumbnails.append((picture.digest, read.thumbnail))
                self._keep(record, self._kind(read, embedded=mine))
                self.summary.seen += 1
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

    def _kind(self, read: Read, *, embedded: bool) -> str:
        if read.step.why in ("changed", "altered"):
            return "changed"
        if read.step.why == "again":
            return "again"
        return "new" if embedded else "copies"

    def _keep(self, record: FileRecord, kind: str) -> None:
        """Have a record written with the next ones; ``kind``: what the summary counts it as."""
        self.buffer.append(record)
        self.kinds.append(kind)
        self._count(record, kind, 1)

    def _count(self, record: FileRecord, kind: str, by: int) -> None:
        if kind == "failed":
            self.summary.failed[record.state] += by
        else:
            setattr(self.summary, kind, getattr(self.summary, kind) + by)

    def _commit_if_due(self) -> list[Event]:
        late = time.monotonic() - self.committed > COMMIT_S
        due = len(self.buffer) >= COMMIT_FILES or (self.buffer and late)
        return self._commit() if due else []

    def _commit(self) -> list[Event]:
        """Write what is ready; one event for each file that the library refuses."""
        refused: list[Event] = []
        if self.buffer:
            try:
                self.writer.record(self.buffer, self.model, self.number)
            except Exception as error:  # perhaps because of one of them
                refused = self._record_each(error)
            self.library.thumbnails.put(self.thumbnails)
            self.thumbnails = []
            self.unwritten -= {f.picture.digest for f in self.buffer if f.picture}
            self.unsaved += len(self.buffer)
            self.buffer, self.kinds = [], []
        if self.unsaved >= SAVE_FILES:
            self._save_index()
        self.committed = time.monotonic()
        return refused

    def _record_each(self, error: Exception) -> list[Event]:
        events: list[Event] = []
        roots = {root.id: root.path for root in self.library.roots()}
        refused = record_each(
            lambda files: self.writer.record(files, self.model, self.number), self.buffer, error
        )
        for number, record in refused.items():
            self._count(self.buffer[number], self.kinds[number], -1)
            self._count(record, "failed", 1)
            path = roots[record.root_id] / record.folder / record.name
            events.append(FileFailed(path, record.state, record.reason or ""))
        self.summary.failed = +self.summary.failed
        lost = {f.picture.digest for n, f in enumerate(self.buffer) if n in refused and f.picture}
        self.thumbnails = [pair for pair in self.thumbnails if pair[0] not in lost]
        return events

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
        summary.new -= max(0, summary.moved - summary.copies)
        summary.copies = max(0, summary.copies - summary.moved)
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

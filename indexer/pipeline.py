"""Indexing: scan -> decode -> encode -> library, overlapped, in bounded memory.

One thread walks the folders, a pool reads and decodes, one thread encodes, and the caller's thread
writes. The stages exchange plain values that can be pickled (``Step``, ``ReadResult``,
``FileRecord``), so that a stage can run in other processes as well.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from indexer.encode_stage import EncodeStage
from indexer.encoders.encoder import Encoder
from indexer.events import Event, FileAltered, Finished, RootOffline
from indexer.folders.file_count import Counting
from indexer.folders.filesystems import Filesystems
from indexer.folders.steps import MissingFiles, NoteFile, Settled, Step, Target, WentOffline
from indexer.folders.survey import Survey
from indexer.missing_thumbnails import make_missing
from indexer.pictures.likeness import EditJudge
from indexer.reader import Reader, ReadResult
from indexer.recorder import Recorder
from indexer.streams import bounded_map, prefetch
from indexer.tally import Tally
from store.library import Library
from store.states import State
from store.values import ModelInfo
from store.writer import LibraryWriter

_BATCHES_AHEAD = 1  # encoded while earlier ones are written
_SCAN_AHEAD = 512  # steps; each is small


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
        retry: read every file again that failed before, changed or not.
        verify: read every known file, and compare its digest with the library's.
        steps: what to do, instead of looking through ``targets``.
        workers: decoding threads; one a core by default.
        stop: set it to end the run early, with everything so far kept.
    """
    stop = stop or threading.Event()
    writer.hold([target.root.path for target in targets])
    model = writer.add_model(encoder.name, encoder.fingerprint, encoder.dim)
    writer.let_damaged_go(model)
    tally = Tally()
    recorder = Recorder(library, writer, model, tally)
    recorder.accept_missing(accepted)
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
    run = _Run(library, encoder, model, recorder, tally)
    yield from run.go(Counting(library, list(targets)), steps, workers or os.cpu_count() or 1, stop)


class _Run:
    """One run: starts the stages, passes results from one to the next, and ends them."""

    def __init__(
        self,
        library: Library,
        encoder: Encoder,
        model: ModelInfo,
        recorder: Recorder,
        tally: Tally,
    ) -> None:
        self._library, self._encoder, self._model = library, encoder, model
        self._recorder, self._tally = recorder, tally
        self._offline: set[int] = set()  # roots

    def go(
        self, counting: Counting, planned: Iterator[Step], workers: int, stop: threading.Event
    ) -> Iterator[Event]:
        start = time.monotonic()
        summary = self._tally.summary
        try:
            yield from self._stages(counting, planned, workers, stop)
            yield from self._recorder.commit()
        finally:
            # Even if the caller stops or something fails, what was encoded is kept.
            self._recorder.commit()
        if not summary.stopped:
            # Before edits are judged, by thumbnails perhaps: a kill may have lost some.
            summary.thumbnails = make_missing(self._library, stop)
            summary.stopped = stop.is_set()
        self._recorder.finish(EditJudge(self._library.thumbnails, self._encoder))
        summary.seconds = time.monotonic() - start
        yield from summary.missing
        yield Finished(summary)

    def _stages(
        self, counting: Counting, planned: Iterator[Step], workers: int, stop: threading.Event
    ) -> Iterator[Event]:
        """Read, encode and record everything ``planned``, until ``stop`` is set."""
        steps = prefetch(planned, ahead=_SCAN_AHEAD)
        with (
            closing(self._library.digests(self._model)) as embedded,
            ThreadPoolExecutor(1, thread_name_prefix="encode") as encoder_thread,
            ThreadPoolExecutor(workers, thread_name_prefix="decode") as pool,
        ):
            is_embedded = embedded.__contains__
            reader = Reader(self._encoder, is_embedded)
            stage = EncodeStage(
                self._encoder, encoder_thread, is_embedded, self._recorder, self._tally
            )
            read = bounded_map(pool, reader.work, steps, lambda: self._window(workers))
            with closing(steps), closing(read) as results:
                for result in results:
                    if isinstance(result, ReadResult):
                        yield from counting.tell()
                    yield from self._handle(result, stage.add)
                    if stage.has_batch:
                        stage.start_batch()
                        yield from stage.collect(_BATCHES_AHEAD)
                    yield from self._recorder.commit_if_due()
                    if stop.is_set():
                        self._tally.summary.stopped = True
                        break
            stage.start_batch()
            yield from stage.collect(0)

    def _window(self, workers: int) -> int:
        """How many pictures to decode ahead: enough for the next batch while one is encoded."""
        return max(4 * workers, 2 * self._encoder.batch_size)

    def _handle(
        self, result: Step | ReadResult | None, encode: Callable[[ReadResult], None]
    ) -> Iterator[Event]:
        """Record a worker's result; ``encode`` takes pictures that need a vector."""
        match result:
            case WentOffline(root):
                if root.id not in self._offline:
                    self._offline.add(root.id)
                    self._tally.add_offline(root.path)
                    yield RootOffline(root.path)
            case Settled():
                self._recorder.settle(result)
                yield self._tally.progress()
            case MissingFiles():
                self._recorder.miss(result)
                yield self._tally.progress()
            case NoteFile(root, record):
                yield from self._recorder.keep_unusable(record, root.path)
            case ReadResult() if result.step.root.id not in self._offline:
                yield from self._handle_read(result, encode)

    def _handle_read(
        self, read: ReadResult, encode: Callable[[ReadResult], None]
    ) -> Iterator[Event]:
        summary, record, root = self._tally.summary, read.record, read.step.root.path
        summary.opened += 1
        if read.step.why == "altered":
            path = root / record.folder / record.name
            summary.altered.append(path)
            yield FileAltered(path)
        if read.step.why == "verify" and record.state is State.INDEXED:
            self._tally.add_verified()
            yield self._tally.progress()
        elif record.picture:
            encode(read)
        else:
            yield from self._recorder.keep_unusable(record, root)

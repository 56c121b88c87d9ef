"""The stages of a run, overlapped, in bounded memory: read and decode, encode, record.

A pool reads and decodes, one thread encodes, and the caller's thread writes. The stages exchange
plain values that can be pickled (``Step``, ``ReadResult``, ``FileRecord``).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

from indexer.encode_stage import EncodeStage
from indexer.encoders.encoder import Encoder
from indexer.events import Event, FileAltered, RootOffline
from indexer.folders.file_count import Counting
from indexer.folders.steps import MissingFiles, NoteFile, ReadFile, Settled, Step, WentOffline
from indexer.reader import Reader, ReadResult
from indexer.recorder import Recorder
from indexer.streams import bounded_map, prefetch
from indexer.tally import Tally
from store.library import Library
from store.states import State
from store.values import ModelInfo, RootInfo, Views

_BATCHES_AHEAD = 1  # encoded while earlier ones are written
SCAN_AHEAD = 512
"""Steps that are planned in advance; each is small."""


@dataclass(frozen=True)
class Parts:
    """What the stages of one run work with.

    Attributes:
        workers: decoding threads; None: one a core.
        views: of each picture; see ``indexer.encoders.views``.
    """

    library: Library
    encoder: Encoder
    model: ModelInfo
    recorder: Recorder
    tally: Tally
    workers: int | None = None
    views: Views = "auto"


class Stages:
    """Carries out steps in this process: starts the stages, and passes on what comes of them.

    Used by one thread. ``indexer.distributed.ray_stages`` has the same with other processes.
    """

    def __init__(self, parts: Parts) -> None:
        self._library, self._encoder, self._model = parts.library, parts.encoder, parts.model
        self._recorder, self._tally = parts.recorder, parts.tally
        self._views = parts.views
        self._workers = parts.workers or os.cpu_count() or 1
        self._offline: set[int] = set()  # roots

    def run(
        self, planned: Iterator[Step], stop: threading.Event, counting: Counting | None = None
    ) -> Iterator[Event]:
        """Read, encode and record everything ``planned``, until ``stop`` is set.

        Even if the caller ends this iterator, or something fails, what was encoded is kept.

        Args:
            counting: tells, once the first file was read, how many there are.
        """
        try:
            yield from self._carry_out(planned, stop, counting)
            yield from self._recorder.commit()
        finally:
            self._recorder.commit()

    def _carry_out(
        self, planned: Iterator[Step], stop: threading.Event, counting: Counting | None
    ) -> Iterator[Event]:
        steps = prefetch(planned, ahead=SCAN_AHEAD)
        with (
            closing(self._library.digests(self._model)) as embedded,
            ThreadPoolExecutor(1, thread_name_prefix="encode") as encoder_thread,
            ThreadPoolExecutor(self._workers, thread_name_prefix="decode") as pool,
        ):
            is_embedded = embedded.__contains__
            reader = Reader(self._encoder, self._views, is_embedded, stop)
            stage = EncodeStage(
                self._encoder, encoder_thread, is_embedded, self._recorder, self._tally
            )
            read = bounded_map(pool, reader.work, steps, self._window)
            with closing(steps), closing(read) as results:
                for result in results:
                    if isinstance(result, ReadResult):
                        if counting:
                            yield from counting.tell()
                        if result.step.root.id not in self._offline:
                            yield from self._handle_read(result, stage.add)
                    elif result is not None:
                        yield from self._handle(result)
                    if stage.has_batch:
                        stage.start_batch()
                        yield from stage.collect(_BATCHES_AHEAD)
                    yield from self._recorder.commit_if_due()
                    if stop.is_set():
                        self._tally.summary.stopped = True
                        break
            stage.start_batch()
            yield from stage.collect(0)

    def _window(self) -> int:
        """How many pictures to decode ahead: enough for the next batch while one is encoded."""
        return max(4 * self._workers, 2 * self._encoder.batch_size)

    def _handle(self, step: Step) -> Iterator[Event]:
        """Record a step for which no file is read."""
        match step:
            case WentOffline(root):
                yield from self._go_offline(root)
            case Settled():
                self._recorder.settle(step)
                yield self._tally.progress()
            case MissingFiles():
                self._recorder.miss(step)
                yield self._tally.progress()
            case NoteFile(root, record):
                yield from self._recorder.keep_unusable(record, root.path)
            case ReadFile():
                raise TypeError("a file is to be read first")

    def _go_offline(self, root: RootInfo) -> Iterator[Event]:
        """From now on, what is read below ``root`` does not count."""
        if root.id not in self._offline:
            self._offline.add(root.id)
            self._tally.add_offline(root.path)
            yield RootOffline(root.path)

    def _handle_read(
        self, read: ReadResult, encode: Callable[[ReadResult], None]
    ) -> Iterator[Event]:
        """Record what was read; ``encode`` takes pictures that need a vector."""
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

"""The stages of a run of which reading and encoding are done by workers on many nodes.

Files go out in batches, a bounded number at a time. A batch whose worker died is tried once more,
by itself and elsewhere if possible; then file by file, so that a file which kills its worker is
known, and recorded like any other that can't be used.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace

from indexer.batch_failures import ENOUGH
from indexer.distributed.cluster import Node
from indexer.distributed.crew import Crew, FileBatch, Place
from indexer.distributed.worker import BatchReport, Orders
from indexer.events import Event, RootOffline
from indexer.folders.file_count import Counting
from indexer.folders.steps import ReadFile, Step
from indexer.reader import record_of
from indexer.stages import SCAN_AHEAD, Parts, Stages
from indexer.streams import prefetch
from store.errors import ClusterError
from store.states import State
from store.values import ModelInfo

BATCH = 128
"""Files that a worker reads and records at a time."""

_POLL_S = 0.2
_DEATHS = 2  # of workers, after which what they had is to blame
_KILLER = "the process that was reading it crashed, each time"


class RayStages(Stages):
    """See ``Stages``; the caller's thread does all but reading and encoding.

    What a run counts may be off by the files of a batch whose worker died just after it had
    recorded them: they count as copies, of themselves.

    Args:
        places: where workers go; they are started when there is a first file to read.
        orders: what they are told, given the model and the number of the run.

    Attributes:
        engine: what computed the vectors, for people.
        start_s: what the first worker took to be ready, in seconds.
    """

    def __init__(
        self,
        parts: Parts,
        *,
        places: Sequence[Place],
        orders: Callable[[ModelInfo, int], Orders],
        batch: int = BATCH,
    ) -> None:
        super().__init__(parts)
        self._places, self._make_orders, self._size = places, orders, batch
        self._queue: deque[FileBatch] = deque()
        self._crew: Crew | None = None
        self._looked = 0.0
        self._killers: list[ReadFile] = []  # of their workers; no batch was finished since
        self._embedded: dict[bytes, None] = {}  # digests, by batches that ran at the same time
        self.engine = "not needed"
        self.start_s = 0.0

    def _carry_out(
        self, planned: Iterator[Step], stop: threading.Event, counting: Counting | None
    ) -> Iterator[Event]:
        files: list[ReadFile] = []
        steps = prefetch(planned, ahead=SCAN_AHEAD)
        try:
            with closing(steps):
                for step in steps:
                    if not isinstance(step, ReadFile):
                        yield from self._handle(step)
                    elif step.root.id not in self._offline:
                        if counting:
                            yield from counting.tell()
                        files.append(step)
                    if len(files) >= self._size:
                        self._queue.append(FileBatch(tuple(files)))
                        files = []
                    yield from self._work_off(stop)
                    yield from self._recorder.commit_if_due()
                    if stop.is_set():
                        break
            if files and not stop.is_set():
                self._queue.append(FileBatch(tuple(files)))
            yield from self._work_off(stop, all_of_it=True)
            yield from self._condemn()
        finally:
            if self._crew:
                self._crew.close()

    def _work_off(self, stop: threading.Event, *, all_of_it: bool = False) -> Iterator[Event]:
        """Let workers go on until they have taken what waits or, if asked, have done it."""
        if self._queue and self._crew is None:
            self._crew = Crew(self._places, self._orders())
        if (crew := self._crew) is None:
            self._tally.summary.stopped = stop.is_set()
            return
        if not self._queue and not all_of_it and time.monotonic() - self._looked < _POLL_S:
            return
        self._looked = time.monotonic()
        yield from self._turn(crew, 0)
        while (self._queue or (all_of_it and crew.is_busy)) and not stop.is_set():
            yield from self._turn(crew, _POLL_S)
        if stop.is_set():
            self._tally.summary.stopped = True
            crew.stop()
            while crew.is_busy:
                self._queue.clear()
                yield from self._turn(crew, _POLL_S)

    def _orders(self) -> Orders:
        made = self._make_orders(self._model, self._recorder.run)
        return replace(made, views=self._views)

    def _turn(self, crew: Crew, wait_s: float) -> Iterator[Event]:
        """Give out what waits, and take what is done."""
        crew.assign(self._queue)
        for batch, node, report in crew.finished(wait_s):
            if report is None:
                self._blame(batch, node)
            else:
                yield from self._take(batch, node, report, crew)
        told, crew.lost = crew.lost, []
        yield from told
        crew.assign(self._queue)

    def _take(
        self, batch: FileBatch, node: Node, report: BatchReport, crew: Crew
    ) -> Iterator[Event]:
        """Add what a worker did to what the run did."""
        yield from self._condemn()  # since workers can work
        self._tally.add_batch(report.summary)
        self._library.thumbnails.put(report.thumbnails)
        self._recognise_copies([digest for digest, _ in report.thumbnails], report, crew)
        roots = {step.root.path: step.root for step in batch.steps}
        for event in report.events:
            if isinstance(event, RootOffline):
                yield from self._go_offline(roots[event.root])
            else:
                yield event
        yield self._tally.progress()
        self.engine = f"{', '.join(sorted(crew.engines))}; {len(crew)} by Ray"
        self.start_s = crew.start_s
        if report.error:
            raise type(report.error)(f"On the node {node.name}: {report.error}")

    def _recognise_copies(self, digests: Sequence[bytes], report: BatchReport, crew: Crew) -> None:
        """Count as copies what two workers embedded at once, since neither knew of the other."""
        twice = min(sum(digest in self._embedded for digest in digests), report.summary.new)
        self._tally.summary.new -= twice
        self._tally.summary.copies += twice
        self._embedded.update(dict.fromkeys(digests))
        while len(self._embedded) > 4 * len(crew) * self._size:
            del self._embedded[next(iter(self._embedded))]

    def _blame(self, batch: FileBatch, node: Node) -> None:
        """Decide what becomes of a batch whose worker died."""
        if batch.deaths + 1 < _DEATHS:
            again = replace(batch, deaths=batch.deaths + 1, alone=True, avoid=node.id)
            self._queue.appendleft(again)
            return
        if len(batch.steps) > 1:
            self._queue.extendleft(FileBatch((step,), alone=True) for step in batch.steps[::-1])
            return
        self._killers += batch.steps
        if len(self._killers) >= ENOUGH:
            raise ClusterError(
                f"The workers crash whatever they read, the last one on the node {node.name}. "
                "Everything so far is kept; the reason may be in Ray's logs there."
            )

    def _condemn(self) -> Iterator[Event]:
        """Record the files that killed their workers."""
        killers, self._killers = self._killers, []
        for step in killers:
            failed = replace(record_of(step), state=State.DAMAGED, reason=_KILLER)
            yield from self._recorder.keep_unusable(failed, step.root.path)

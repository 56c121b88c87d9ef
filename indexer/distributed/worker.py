"""What runs on the nodes: a process with the model, which reads, embeds and records files.

What it does with a batch is what a run on one machine does (``indexer.stages``). Photos and vectors
stay in it: they go from the folder that all see to the library, and only counts, events and
thumbnails go back.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.encoders.encoder import Encoder
from indexer.events import Event, Progress, Summary
from indexer.folders.steps import ReadFile
from indexer.pictures import decoder_stderr
from indexer.recorder import Recorder
from indexer.stages import Parts, Stages
from indexer.tally import Tally
from store.errors import ClipsearchError, ModelUnavailable
from store.server_library import ServerLibrary
from store.values import ModelInfo, Views


@dataclass(frozen=True)
class Orders:
    """What each worker of a run is told when it starts.

    Attributes:
        open_library: opens the library; it takes a folder for what is derived.
        load_encoder: loads the model.
        model, run, views: of the run that it helps.
        environment: variables by which the library's server lets it in.
    """

    open_library: Callable[[Path], ServerLibrary]
    load_encoder: Callable[[], Encoder]
    model: ModelInfo
    run: int
    views: Views = "auto"
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)  # passwords


@dataclass(frozen=True)
class BatchReport:
    """What became of a batch; ``thumbnails`` are of the pictures that were embedded.

    ``error`` is set if the library or the model can't be used; what was done before it counts.
    """

    summary: Summary
    events: list[Event]
    thumbnails: list[tuple[bytes, bytes]]
    error: ClipsearchError | None = None


class Worker:
    """An actor of Ray. ``work`` may be called twice at once: while one batch is written, and for
    want of pictures to encode, the other is read.

    Args:
        threads: for decoding.
    """

    def __init__(self, orders: Orders, threads: int) -> None:
        os.environ.update(orders.environment)
        self._orders, self._threads = orders, threads
        self._stop = threading.Event()

    def hello(self) -> None:
        """Answers as soon as the process is there."""

    def prepare(self) -> str | ClipsearchError:
        """Open the library and load the model; the encoder's engine, or why it can't be."""
        orders = self._orders
        try:
            # Nothing is derived here; of what another process derives, nothing may be touched.
            folder = Path(tempfile.mkdtemp(prefix="clipsearch-"))
            self._library = orders.open_library(folder)
            folder.rmdir()
            self._writer = self._library.helping()
            self._encoder = orders.load_encoder()
        except ClipsearchError as error:
            return error
        if self._encoder.fingerprint != orders.model.fingerprint:
            return ModelUnavailable(f"The weights of {orders.model.name} are different ones.")
        return self._encoder.engine

    def work(self, steps: Sequence[ReadFile]) -> BatchReport:
        """Read, embed and record files. Doing it again changes nothing in the library."""
        tally = Tally()
        thumbnails: list[tuple[bytes, bytes]] = []
        events: list[Event] = []
        recorder = Recorder(
            self._library,
            self._writer,
            self._orders.model,
            tally,
            run=self._orders.run,
            keep_thumbnails=thumbnails.extend,
        )
        model = self._orders.model
        parts = Parts(
            self._library,
            self._encoder,
            model,
            recorder,
            tally,
            self._threads,
            self._orders.views,
        )
        stages = Stages(parts)
        error: ClipsearchError | None = None
        try:
            with decoder_stderr.caught():
                for event in stages.run(iter(steps), self._stop):
                    if not isinstance(event, Progress):
                        events.append(event)
        except ClipsearchError as raised:
            error = raised
        return BatchReport(tally.summary, events, thumbnails, error)

    def stop(self) -> None:
        """End what is going on early, with everything so far kept."""
        self._stop.set()

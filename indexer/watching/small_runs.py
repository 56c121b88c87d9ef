"""Runs that take in a few folders, one after the other, with a model that is loaded once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.encoders.encoder import Encoder
from indexer.events import Counted, Event, Finished, Summary
from indexer.folders.missing import common_folder
from indexer.folders.steps import Target
from indexer.folders.survey import IsUnsettled
from indexer.pipeline import run_index
from store.library import Library
from store.values import ModelInfo, RootInfo

SLICE_S = 10.0
"""After so many seconds a run ends, and makes room for others; the next one goes on."""


@dataclass(frozen=True)
class NewsBatch:
    """What a run has done that took in what was new in ``folders`` (absolute)."""

    summary: Summary
    folders: Sequence[Path]


class SmallRuns:
    """Makes runs, and keeps what they need; safe to share by threads, one of which makes runs.

    Args:
        encoder_for: the encoder for the next run; it is kept for as long as it is the library's.
        stop: set it to end a run early.
    """

    def __init__(
        self,
        encoder_for: Callable[[Library], Encoder],
        is_unsettled: IsUnsettled,
        stop: threading.Event,
    ) -> None:
        self._encoder_for, self._is_unsettled, self._stop = encoder_for, is_unsettled, stop
        self._encoder: Encoder | None = None
        self._lock = threading.Lock()

    def encoder(self, library: Library) -> Encoder:
        """The one for the library as it is now: it may have been given another model."""
        building = library.building_model()
        with self._lock:
            kept = self._encoder
            if kept is None or (building and building.fingerprint != kept.fingerprint):
                kept = self._encoder = self._encoder_for(library)
            return kept

    def model(self, library: Library) -> ModelInfo | None:
        """The model whose vectors photos have to have; None: it has embedded nothing yet."""
        building = library.building_model()
        if building and building.fingerprint == self.encoder(library).fingerprint:
            return building
        return None

    def run(
        self, library: Library, folders: Mapping[RootInfo, Sequence[str]]
    ) -> Iterator[Event | NewsBatch]:
        """Take in what is new right in ``folders`` of some roots.

        Raises:
            LibraryBusy: another process changes the library.
        """
        encoder = self.encoder(library)
        enough = threading.Event()
        ends = time.monotonic() + SLICE_S
        with library.writing(at_once=True) as writer:
            known = library.roots()  # one may have been removed since
            targets = [
                Target(root, common_folder(names), frozenset(names))
                for root, names in folders.items()
                if root in known
            ]
            if not targets:
                return
            for event in run_index(
                library,
                writer,
                encoder,
                targets,
                is_unsettled=self._is_unsettled,
                stop=enough,
                saves_index=False,  # of a large library, that takes longer than all the rest
            ):
                if self._stop.is_set() or time.monotonic() > ends:
                    enough.set()
                if isinstance(event, Finished):
                    paths = [root.path / name for root, names in folders.items() for name in names]
                    yield NewsBatch(event.summary, paths)
                elif not isinstance(event, Counted):
                    yield event

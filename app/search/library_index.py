"""The vector index of one library as of now, and what is usual in it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import cached_property

from app.search import scoring
from app.search.best_moments import BestMoments
from app.search.hubs import Hubs
from app.search.relevance import Yardstick
from store.frames import Frames
from store.index_sync import OpenedIndex
from store.library import Library
from store.values import ModelInfo
from store.vectors import Ids, Vectors, VectorSearch


@dataclass(frozen=True)
class IndexNow:
    """The index at one moment, and the frames of the videos in it."""

    opened: OpenedIndex
    frames: Frames
    _yardsticks: dict[bool, tuple[Hubs | None, Yardstick]] = field(default_factory=dict)

    @property
    def vectors(self) -> VectorSearch:
        return self.opened.index

    @cached_property
    def sample_ids(self) -> Ids:
        """The ids of some of its vectors, (m,)."""
        return self.vectors.some(scoring.SAMPLE)

    @cached_property
    def sample(self) -> Vectors:
        """These vectors, (m, dim): what is usual in this library."""
        return self.vectors.vectors(self.sample_ids)

    def at_best_moments(self, index: VectorSearch, positive: Vectors | None) -> VectorSearch:
        """``index``, a part of it, with videos where they are nearest to ``positive`` (dim,)."""
        if positive is None or not len(self.frames):
            return index
        return BestMoments(index, self.frames, positive)

    def yardstick(self, prompts: Vectors, hubs: Hubs | None) -> Yardstick:
        """What everyday words, ``prompts`` (p, dim), score on it; kept, since each query asks."""
        of, kept = self._yardsticks.get(hubs is not None, (None, None))
        if kept is None or of is not hubs:
            kept = Yardstick(self.sample, prompts, hubs.sample if hubs else None)
            self._yardsticks[hubs is not None] = hubs, kept
        return kept


class LibraryIndex:
    """Opens the index when it is first asked for, and again whenever the library has changed."""

    def __init__(self, library: Library, model: ModelInfo) -> None:
        self._library, self._model = library, model
        self._now: IndexNow | None = None
        self._lock = threading.Lock()

    def now(self) -> IndexNow:
        """As of now: an indexing run in another process shows up at once."""
        with self._lock:
            if self._now is None or self._now.opened.generation != self._library.generation():
                kept = self._now.frames if self._now else None
                opened = self._library.index(self._model)
                # After the index: frames of videos that it has not yet do no harm.
                self._now = IndexNow(opened, self._library.frames(self._model, kept))
            return self._now

    def vectors(self) -> VectorSearch:
        return self.now().vectors

    def sample(self) -> Vectors:
        """See ``IndexNow``."""
        return self.now().sample

"""Query -> embedding -> nearest photos. No printing, no page."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.query import Query
from indexer.encoder import Encoder
from store.derived import OpenedIndex
from store.library import Library, is_online
from store.records import ModelInfo, PhotoInfo


@dataclass(frozen=True)
class Hit:
    """One picture that was found.

    Attributes:
        path: where it is; the first of its paths that can be seen now, if any can.
        score: cosine of query and picture, -1 to 1. It ranks the hits of one query; across
            queries and models it means nothing.
        taken_at: when it was taken; the file's own time where the camera left none.
        width, height: pixels, upright.
        offline: its drive or folder is not there now.
        copies: further paths with the very same content.
    """

    path: Path
    score: float
    taken_at: datetime
    width: int
    height: int
    offline: bool
    copies: tuple[Path, ...]


@dataclass(frozen=True)
class Results:
    """Hits, best first. ``cut``: the query was longer than the model reads."""

    query: Query
    hits: Sequence[Hit]
    cut: bool


class Searcher:
    """Searches one library with the model that it was indexed with; safe to share by threads."""

    def __init__(self, library: Library, model: ModelInfo, encoder: Encoder) -> None:
        self.library = library
        self.model = model
        self._encoder = encoder
        self._opened: OpenedIndex | None = None
        self._lock = threading.Lock()

    def count(self) -> int:
        """How many different pictures can be found."""
        return len(self._index().index)

    def search(self, query: Query, limit: int = 10) -> Results:
        """The ``limit`` photos nearest to ``query``; fewer where the library has fewer."""
        vector = self._encoder.encode_texts([query.text])[0]
        ids, scores = self._index().index.search(vector, limit)
        found = self.library.photos_of(ids.tolist())
        roots = {photo.root for photos in found.values() for photo in photos}
        online = {root for root in roots if is_online(root)}
        hits = [
            _hit(found[id], float(score), online)
            for id, score in zip(ids.tolist(), scores, strict=True)
            if id in found  # else it went between the two look-ups
        ]
        return Results(query, hits, self._encoder.truncates(query.text))

    def _index(self) -> OpenedIndex:
        """The index as of now: an indexing run in another process shows up at once."""
        with self._lock:
            if self._opened is None or self._opened.generation != self.library.generation():
                self._opened = self.library.index(self.model)
            return self._opened


def _hit(photos: Sequence[PhotoInfo], score: float, online: set[Path]) -> Hit:
    first = next((photo for photo in photos if photo.root in online), photos[0])
    assert first.facts is not None  # an indexed photo has a content
    return Hit(
        path=first.path,
        score=score,
        taken_at=first.taken_at,
        width=first.facts.width,
        height=first.facts.height,
        offline=first.root not in online,
        copies=tuple(photo.path for photo in photos if photo is not first),
    )

"""Each video at its best moment: that of its frames which is nearest to what is searched for.

A video is one result. Here, and nowhere else, its frames are folded onto it: what ranks photos sees
each video with the vector of its nearest frame, and so knows nothing of frames.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from store.frames import Frames
from store.vectors import Ids, Vectors, VectorSearch


class BestMoments:
    """A ``VectorSearch`` of ``index`` for one query; it can't be asked for another.

    Args:
        frames: of all videos of the library; those that ``index`` lacks are left out.
        positive: what is searched for, (dim,).
    """

    def __init__(self, index: VectorSearch, frames: Frames, positive: Vectors) -> None:
        self._index, self._positive = index, positive
        there = np.isin(frames.videos, index.among(frames.videos))
        cosines = frames.vectors @ positive
        nearest = _nearest(cosines, frames.first)
        self._videos = frames.videos[there]
        self._vectors = frames.vectors[nearest[there]]
        self._cosines = cosines[nearest[there]]
        self._at_ms = frames.at_ms[nearest[there]]
        self._own = cosines[frames.first[there]]  # of each video's own vector

    def at_ms(self, ids: Iterable[int]) -> dict[int, int]:
        """The best moment of those of ``ids`` that are videos, in milliseconds."""
        known = dict(zip(self._videos.tolist(), self._at_ms.tolist(), strict=True))
        return {id: known[id] for id in ids if id in known}

    @property
    def dim(self) -> int:
        return self._index.dim

    def __len__(self) -> int:
        return len(self._index)

    def ids(self) -> Ids:
        return self._index.ids()

    def some(self, count: int) -> Ids:
        return self._index.some(count)

    def among(self, ids: Ids) -> Ids:
        return self._index.among(ids)

    def vectors(self, ids: Ids) -> Vectors:
        vectors = self._index.vectors(ids)
        places, are_videos = self._places(ids)
        if are_videos.any():
            vectors = np.array(vectors, np.float32)
            vectors[are_videos] = self._vectors[places[are_videos]]
        return vectors

    def search(self, query: Vectors, k: int, ids: Ids | None = None) -> tuple[Ids, Vectors]:
        """See ``VectorSearch``. A video's best cosine is never below that of its own vector, so
        that the k best are among the k that are nearest by their own, and all videos."""
        assert query is self._positive or np.array_equal(query, self._positive)
        nearest, cosines = self._index.search(query, k, ids)
        others = ~self._places(nearest)[1]
        chosen = slice(None) if ids is None else np.isin(self._videos, ids)
        every = np.concatenate([nearest[others], self._videos[chosen]])
        scores = np.concatenate([cosines[others], self._cosines[chosen]]).astype(np.float32)
        order = np.lexsort((every, -scores))[:k]
        return every[order], scores[order]

    def count_above(self, query: Vectors, cosine: float) -> int:
        risen = int((self._cosines > cosine).sum()) - int((self._own > cosine).sum())
        return self._index.count_above(query, cosine) + risen

    def share_below(self, query: Vectors, cosine: float) -> float:
        risen = int((self._own < cosine).sum()) - int((self._cosines < cosine).sum())
        return self._index.share_below(query, cosine) - risen / max(1, len(self))

    def _places(self, ids: Ids) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """For each of ``ids`` (n,) its place among the videos, and whether it is one."""
        if not len(self._videos):
            return np.zeros(len(ids), np.int64), np.zeros(len(ids), np.bool_)
        places = np.minimum(np.searchsorted(self._videos, ids), len(self._videos) - 1)
        return places, self._videos[places] == ids


def _nearest(cosines: Vectors, first: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place of the greatest of each video's cosines, of which the first are at ``first``."""
    if not len(first):
        return first
    best = np.repeat(np.maximum.reduceat(cosines, first), np.diff([*first, len(cosines)]))
    places = np.flatnonzero(cosines == best)
    return places[np.searchsorted(places, first)]

"""The frames of videos as one model sees them, and what a frame's thumbnail is kept under.

A video is a picture like any other, whose vector is that of the first frame that stands for it. All
of these frames, the first among them, have vectors of their own here, so that a search can have a
video stand where its nearest frame does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from store.vectors import Ids, Vectors


@dataclass(frozen=True)
class SeenFrame:
    """One frame of a video: its vector (dim,), ``at_ms`` milliseconds after the beginning."""

    at_ms: int
    vector: Vectors


@dataclass(frozen=True)
class Frames:
    """All frames of all videos that one model has seen, in order of content and of time.

    Attributes:
        contents: the video of each frame, (n,).
        at_ms: (n,).
        vectors: (n, dim).
        sums: for each video, what changes whenever its frames do.
    """

    contents: Ids
    at_ms: NDArray[np.int64]
    vectors: Vectors
    sums: Mapping[int, int]

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """The places of the first frame of each video, (v,)."""
        return np.unique(self.contents, return_index=True)[1]

    @property
    def videos(self) -> Ids:
        """The videos, (v,), in order."""
        return self.contents[self.first]

    @classmethod
    def none(cls, dim: int) -> Frames:
        empty = np.empty(0, np.int64)
        return cls(empty, empty, np.empty((0, dim), np.float32), {})

    def __len__(self) -> int:
        return len(self.contents)

    def of(self, videos: Ids) -> Frames:
        """Those of ``videos`` (v,) only."""
        chosen = np.isin(self.contents, videos)
        sums = {id: self.sums[id] for id in videos.tolist() if id in self.sums}
        return Frames(self.contents[chosen], self.at_ms[chosen], self.vectors[chosen], sums)

    @classmethod
    def joined(cls, parts: Sequence[Frames]) -> Frames:
        """All frames of ``parts``, one or more, each of which is of other videos."""
        contents = np.concatenate([part.contents for part in parts])
        at_ms = np.concatenate([part.at_ms for part in parts])
        vectors = np.concatenate([part.vectors for part in parts])
        sums = {id: total for part in parts for id, total in part.sums.items()}
        order = np.lexsort((at_ms, contents))
        if not np.array_equal(order, np.arange(len(order))):  # a copy less of all vectors
            contents, at_ms, vectors = contents[order], at_ms[order], vectors[order]
        return cls(contents, at_ms, vectors, sums)


def frame_digest(video: bytes, at_ms: int) -> bytes:
    """What stands for a frame where a picture's digest would: (32,) bytes.

    Args:
        video: the digest of the video.
    """
    return hashlib.sha256(video + at_ms.to_bytes(8, "big")).digest()

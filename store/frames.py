"""The frames of videos as one model sees them, and what a frame's thumbnail is kept under.

A video is a picture like any other, whose vector is that of the first frame that stands for it. All
of these frames, the first among them, have vectors of their own here, so that a search can have a
video stand where its nearest frame does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
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

    def joined(self, other: Frames) -> Frames:
        """These and those of ``other``, which are of other videos."""
        contents = np.concatenate([self.contents, other.contents])
        at_ms = np.concatenate([self.at_ms, other.at_ms])
        order = np.lexsort((at_ms, contents))
        vectors = np.concatenate([self.vectors, other.vectors])
        return Frames(contents[order], at_ms[order], vectors[order], {**self.sums, **other.sums})


def frame_digest(video: bytes, at_ms: int) -> bytes:
    """What stands for a frame where a picture's digest would: (32,) bytes.

    Args:
        video: the digest of the video.
    """
    return hashlib.sha256(video + at_ms.to_bytes(8, "big")).digest()

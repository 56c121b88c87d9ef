"""Which frames stand for a video: those that differ most from each other, without the black ones.

Each frame that was looked at is compared as 16 x 16 colours. The first that shows anything is
taken, then always the one that is least like all that are taken; frames on both sides of a cut
differ most, so that each scene gets a frame before one scene gets two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

MOST_FRAMES = 16
"""Frames that stand for a video, at most."""

_SIDE = 16  # pixels
_PLAIN = 6.0
"""The spread of brightness, of 255, up to which a frame shows nothing: black, white, a fade."""
_EQUAL = 10.0
"""The mean difference of colours, of 255, up to which two frames are nearly equal: noise and the
shaking of a hand make up to 6, a step aside 15 and more."""
_AS_FAR = 0.9  # of the greatest difference; what is below is less different


@dataclass(frozen=True)
class VideoFrame:
    """An upright RGB picture of a video, ``at_ms`` milliseconds after its beginning."""

    at_ms: int
    image: Image.Image

    @cached_property
    def colours(self) -> NDArray[np.float32]:
        """(16, 16, 3), 0 to 255."""
        small = self.image.resize((_SIDE, _SIDE), Image.Resampling.BOX)
        return np.asarray(small, np.float32)

    @property
    def is_plain(self) -> bool:
        """Whether it is one colour all over, as black is."""
        return float(self.colours.mean(axis=2).std()) <= _PLAIN


def chosen(frames: Sequence[VideoFrame]) -> list[VideoFrame]:
    """Up to ``MOST_FRAMES`` of ``frames``, which are in order of time, in that order.

    Of a video that is plain all through, its middle one.
    """
    telling = [frame for frame in frames if not frame.is_plain]
    if not telling:
        return list(frames[len(frames) // 2 :][:1])
    colours = np.stack([frame.colours for frame in telling]).reshape(len(telling), -1)
    taken = [0]
    nearest = _differences(colours, 0)  # to any that is taken
    while len(taken) < MOST_FRAMES and nearest.max() > _EQUAL:
        farthest = nearest >= _AS_FAR * nearest.max()
        taken.append(int(farthest.argmax()))  # the first of them: where a scene begins
        nearest = np.minimum(nearest, _differences(colours, taken[-1]))
    return [telling[place] for place in sorted(taken)]


def _differences(colours: NDArray[np.float32], one: int) -> NDArray[np.float32]:
    differences: NDArray[np.float32] = np.abs(colours - colours[one]).mean(axis=1)
    return differences

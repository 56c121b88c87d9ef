"""Reads what photos are compared by: from their thumbnails, or from files that have none."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from indexer.pictures.decode import decode
from indexer.pictures.keypoints import SIDE, Floats
from indexer.pictures.placing import SMALL, Look, look_of, small_of
from indexer.pictures.same_picture import PAGE_SIDE
from store.errors import PhotoError
from store.files.thumbnails import Thumbnails

_WAVES = 8
SIGNATURE = _WAVES * _WAVES - 1
"""The length of a signature."""


class LookReader:
    """Reads pictures for comparison; safe to share by threads."""

    def __init__(self, thumbnails: Thumbnails) -> None:
        self._thumbnails = thumbnails

    def look(self, digest: bytes, paths: Sequence[Path]) -> Look | None:
        """What the photo of this digest is compared by; None if no file can be read."""
        image = self._image(digest, paths, SIDE)
        return None if image is None else look_of(image)

    def large(self, digest: bytes, paths: Sequence[Path]) -> Image.Image | None:
        """The photo in mode L, its longer side ``PAGE_SIDE`` or less; None as above."""
        image = self._image(digest, paths, PAGE_SIDE)
        if image is None:
            return None
        grey = image.convert("L")
        grey.thumbnail((PAGE_SIDE, PAGE_SIDE), Image.Resampling.BOX)
        return grey

    def signature(self, digest: bytes, paths: Sequence[Path]) -> Floats | None:
        """See ``signature``; None as above."""
        image = self._image(digest, paths, SMALL)
        return None if image is None else signature(small_of(image.convert("L")))

    def _image(self, digest: bytes, paths: Sequence[Path], side: int) -> Image.Image | None:
        """The picture, at least ``side`` pixels on its longer side if it has so many."""
        try:
            image = Image.open(io.BytesIO(self._thumbnails.get(digest) or b""))
            image.draft("L", (side, side))
            image.load()
            return image
        except (OSError, SyntaxError):  # there is none, or it is damaged
            pass
        for path in paths:
            try:
                with path.open("rb") as file:
                    return decode(file, side, name=path.name)[0]
            except (OSError, PhotoError):
                continue
        return None


def signature(small: Floats) -> Floats:
    """What stays the same of a picture that is turned or mirrored: (63,) float32, unit length.

    The sizes of its lowest waves (a discrete cosine transform): to mirror a picture changes their
    signs only, to turn it exchanges the two directions.

    Args:
        small: see ``Look``; zeros give zeros.
    """
    sizes = np.abs(_waves() @ small.reshape(SMALL, SMALL) @ _waves().T)
    upper, above = np.triu_indices(_WAVES), np.triu_indices(_WAVES, 1)
    values = np.concatenate(
        [(sizes + sizes.T)[upper][1:], np.abs(sizes - sizes.T)[above]], dtype=np.float32
    )
    length = float(np.linalg.norm(values))
    return values / length if length > 0 else values


@cache
def _waves() -> Floats:
    """(8, ``SMALL``): the waves of an orthonormal discrete cosine transform."""
    points = np.arange(SMALL) + 0.5
    waves = np.cos(np.pi * np.arange(_WAVES)[:, None] * points / SMALL)
    unit: Floats = (waves / np.linalg.norm(waves, axis=1, keepdims=True)).astype(np.float32)
    return unit

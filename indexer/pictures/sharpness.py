"""How sharp a photo is, to choose among photos of one thing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from indexer.pictures.decode import decode

_SIDE = 1_024
"""Photos are compared at one size: a smaller file would seem sharper than it is."""
_CELLS = 8  # across and down
_SHARPEST = 0.25  # share of the cells that counts


def sharpness(path: Path) -> float:
    """The contrast of the finest detail, in grey levels, where the photo has most of it.

    It is the mean over the sharpest quarter of its parts: what is out of focus behind a person
    says nothing of the photo. Comparable among photos of one thing only.

    Raises:
        PhotoError: it can't be decoded.
        OSError: it can't be read.
    """
    with path.open("rb") as file:
        image = decode(file, _SIDE, name=path.name)[0].convert("L")
    image.thumbnail((_SIDE, _SIDE), Image.Resampling.BOX)
    return of_grey(np.asarray(image, np.float32))


def of_grey(grey: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> float:
    """As ``sharpness``, of grey levels (height, width) from 0 to 255."""
    if min(grey.shape) < 3:
        return 0.0
    middle = grey[1:-1, 1:-1]
    around = grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:]
    detail = np.abs(4 * middle - around)
    parts = [
        float(cell.mean())
        for band in np.array_split(detail, min(_CELLS, len(detail)))
        for cell in np.array_split(band, min(_CELLS, band.shape[1]), axis=1)
    ]
    best = sorted(parts, reverse=True)[: max(1, round(_SHARPEST * len(parts)))]
    return sum(best) / len(best)

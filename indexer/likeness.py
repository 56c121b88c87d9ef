"""Whether two pictures are one picture: a perceptual hash, which cares for nothing but the look."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexer.decode import decode
from store.errors import PhotoError

Hash = NDArray[np.bool_]
_SIDE = 64  # pixels to decode; the hash looks at 9 x 8


def difference_hash(image: Image.Image) -> Hash:
    """64 bits, (64,): whether each of 8 x 8 fields is darker than its right neighbour.

    (dHash: Neal Krawetz, "Kind of Like That", 2013.)
    """
    grey = np.asarray(image.convert("L").resize((9, 8), Image.Resampling.LANCZOS), np.int16)
    found: Hash = (grey[:, 1:] > grey[:, :-1]).ravel()
    return found


def hash_file(path: Path) -> Hash | None:
    """The hash of a picture file; None if it can't be read."""
    try:
        with path.open("rb") as file:
            return difference_hash(decode(file, _SIDE)[0])
    except (OSError, PhotoError):
        return None

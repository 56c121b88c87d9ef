"""Whether two pictures are one picture: a perceptual hash, which cares for nothing but the look.

And whether one is an edit of the other, for which a model's embeddings and the camera's time are
asked as well.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexer.decode import decode
from store.edits import SamePicture, Seen
from store.errors import PhotoError
from store.thumbnails import Thumbnails

Hash = NDArray[np.bool_]
EDIT_COSINE = 0.75
EDIT_BITS = 8
"""Two pictures are one from this cosine on, or up to so many different bits of 64 in any of the
eight ways to turn and mirror one of them. Chosen by ``benchmarks.edits``, which has the figures.
"""

_PLAIN = 8  # bits; a picture with no more set, or unset, is too plain to be told by its hash
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


def turned_hashes(image: Image.Image) -> Hash:
    """The hashes of a picture turned and mirrored in every way: (8, 64)."""
    turned = [image, *(image.transpose(way) for way in _TURNS)]
    return np.stack([difference_hash(one) for one in turned])


_TURNS = tuple(Image.Transpose)


def is_edit(cosine: float | None, before: Hash | None, after: Hash | None) -> bool:
    """Whether one picture is an edit of the other, by what can be seen.

    Args:
        cosine: of their embeddings; None if one is not known.
        before: (8, 64), by ``turned_hashes``.
        after: (64,), by ``difference_hash``.
    """
    if cosine is not None and cosine >= EDIT_COSINE:
        return True
    if before is None or after is None or not _PLAIN < after.sum() < after.size - _PLAIN:
        return False
    return bool((before != after).sum(axis=1).min() <= EDIT_BITS)


def same_picture(thumbnails: Thumbnails) -> SamePicture:
    """Tells edits of a picture from other pictures; hashes are of the library's thumbnails."""

    def image(seen: Seen) -> Image.Image | None:
        try:
            return Image.open(io.BytesIO(thumbnails.get(seen.digest) or b"")).convert("RGB")
        except OSError:  # none there, or a damaged one
            return None

    def same(before: Seen, after: Seen) -> bool:
        taken = before.facts.taken_at
        if taken and (taken, before.facts.camera) == (after.facts.taken_at, after.facts.camera):
            return True
        cosine = None
        if before.vector is not None and after.vector is not None:
            cosine = float(before.vector @ after.vector)
        if is_edit(cosine, None, None):
            return True
        old, new = image(before), image(after)
        if old is None or new is None:
            return False
        return is_edit(None, turned_hashes(old), difference_hash(new))

    return same

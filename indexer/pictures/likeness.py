"""Whether one picture is an edit of another: by the camera's time, a model's embeddings, or a
perceptual hash, which depends only on the looks.

Marks follow an edit without anybody looking, and each edit is judged at once: so it is quick.
Copies are told from each other with more care by ``indexer.pictures.same_picture``.
"""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from indexer.encoders.encoder import Encoder
from indexer.encoders.models import STARTER
from store.files.thumbnails import Thumbnails
from store.outcomes import Seen

Hash = NDArray[np.bool_]
EDIT_COSINE = 0.75
EDIT_BITS = 8
"""Two pictures count as one from this cosine (starter model) on, or with at most so many different
bits of 64 in any of the eight ways to turn and mirror one of them. Chosen by ``benchmarks.edits``.
"""

_OTHER_COSINE = 0.9
"""The cosine for other models, whose vectors of different pictures are nearer; not measured."""

_PLAIN = 8  # a picture with no more bits set, or unset, is too plain to be told by its hash


def difference_hash(image: Image.Image) -> Hash:
    """The hash (64,) bool: whether each of 8 x 8 fields is darker than its right neighbour.

    (dHash: Neal Krawetz, "Kind of Like That", 2013.)
    """
    grey = np.asarray(image.convert("L").resize((9, 8), Image.Resampling.LANCZOS), np.int16)
    is_darker: Hash = (grey[:, 1:] > grey[:, :-1]).ravel()
    return is_darker


def turned_hashes(image: Image.Image) -> Hash:
    """The hashes of a picture turned and mirrored in every way: (8, 64)."""
    turned = [image, *(image.transpose(way) for way in _TURNS)]
    return np.stack([difference_hash(one) for one in turned])


_TURNS = tuple(Image.Transpose)


def is_edit(before: Hash, after: Hash) -> bool:
    """Whether one picture is an edit of the other, judged by their looks.

    Args:
        before: (8, 64), by ``turned_hashes``.
        after: (64,), by ``difference_hash``.
    """
    if not _PLAIN < after.sum() < after.size - _PLAIN:
        return False
    return bool((before != after).sum(axis=1).min() <= EDIT_BITS)


class EditJudge:
    """Tells edits of a picture from different pictures.

    The camera's time decides first, then embeddings by a model that has seen both, then the looks
    of the library's thumbnails, which the encoder embeds if no model has seen both pictures.
    """

    def __init__(self, thumbnails: Thumbnails, encoder: Encoder) -> None:
        self._thumbnails, self._encoder = thumbnails, encoder

    def __call__(self, before: Seen, after: Seen) -> bool:
        """Whether ``after`` is an edit of ``before``."""
        taken = before.facts.taken_at
        if taken and (taken, before.facts.camera) == (after.facts.taken_at, after.facts.camera):
            return True
        common = before.vectors.keys() & after.vectors.keys()
        for model in common:
            if before.vectors[model] @ after.vectors[model] >= _least(model.name):
                return True
        old, new = self._image(before), self._image(after)
        if old is None or new is None:
            return False
        if is_edit(turned_hashes(old), difference_hash(new)):
            return True
        if common:
            return False
        pair = self._encoder.encode_images([self._encoder.prepare(one) for one in (old, new)])
        return bool(pair[0] @ pair[1] >= _least(self._encoder.name))

    def _image(self, seen: Seen) -> Image.Image | None:
        try:
            image = Image.open(io.BytesIO(self._thumbnails.get(seen.digest) or b""))
            return image.convert("RGB")
        except OSError:  # none there, or a damaged one
            return None


def _least(model: str) -> float:
    """The cosine from which on two pictures count as one, for the model of this name."""
    return EDIT_COSINE if model == STARTER else _OTHER_COSINE

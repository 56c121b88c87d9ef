"""The encoder of a command that asks once: texts by NumPy at once, all else by the usual encoder.

Its vectors of texts are those of the usual encoder up to rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from indexer.encoders.encoder import Encoder, Pixels
from indexer.encoders.numpy_text_tower import NumpyTextTower
from indexer.encoders.openvino_files import DAMAGE, FACTS, Facts, folders_of
from indexer.encoders.text_arrays import TextArrays, read_arrays
from indexer.encoders.tokenizer import ClipTokenizer, trimmed
from store.vectors import Vectors

if TYPE_CHECKING:
    from PIL import Image

_FEW = 32
"""Texts that a query may have; with more, as all labels are, another engine pays."""


class QueryEncoder:
    """Encodes a few texts by itself.

    Args:
        usual: the same model's encoder, which is asked for pictures and many texts; one that loads
            it when it is first asked (``LazyEncoder``).
    """

    engine = "NumPy, f32"

    def __init__(self, facts: Facts, tower: NumpyTextTower, usual: Encoder) -> None:
        assert facts.context is not None  # see ``kept``
        self.name = usual.name
        self.fingerprint = facts.fingerprint
        self.dim = facts.dim
        self.logit_scale = facts.logit_scale
        self.image_size = max(facts.preprocess.size)
        self._prepare = facts.preprocess
        self._tokenizer = ClipTokenizer(facts.context)
        self._tower, self._usual = tower, usual

    @property
    def batch_size(self) -> int:
        return self._usual.batch_size

    def prepare(self, image: Image.Image) -> Pixels:
        return self._prepare(image)

    def encode_images(self, images: Sequence[Pixels]) -> Vectors:
        return self._usual.encode_images(images)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), np.float32)
        if len(texts) > _FEW:
            return self._usual.encode_texts(texts)
        return self._tower(trimmed(self._tokenizer(texts)), _FEW)

    def truncates(self, text: str) -> bool:
        return self._tokenizer.truncates(text)


@dataclass(frozen=True)
class Kept:
    """The folder of the cache that has a model's arrays, and what it says of itself."""

    folder: Path
    facts: Facts
    arrays: TextArrays


def kept(cache: Path, fingerprint: str) -> Kept | None:
    """Where the arrays of a model are; None: the cache has none.

    OpenVINO is not imported for that: whichever version of it the folder is for, the arrays are
    the same.
    """
    for folder in folders_of(cache, fingerprint):
        with suppress(*DAMAGE):
            facts = Facts.read(folder / FACTS)
            if facts.fingerprint == fingerprint and facts.context and facts.arrays:
                return Kept(folder, facts, facts.arrays)
    return None


def read(kept: Kept, usual: Encoder) -> QueryEncoder | None:
    """The encoder of such a folder; None if its arrays are damaged or can't be read."""
    try:
        return QueryEncoder(kept.facts, read_arrays(kept.arrays, kept.folder), usual)
    except DAMAGE:
        return None

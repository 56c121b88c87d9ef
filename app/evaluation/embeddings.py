"""Embeddings of photo files: from the library where it has them, else by the model."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from indexer.encoders.encoder import Encoder, Pixels
from indexer.pictures.read_photo import read_photo
from store.errors import DataError, PhotoError, Vanished
from store.library import Library
from store.states import State
from store.values import ModelInfo
from store.vectors import Vectors

_BATCHES = 8  # decoded ahead of the encoder


def image_embeddings(
    paths: Sequence[Path], encoder: Encoder, library: Library | None, model: ModelInfo | None
) -> tuple[Vectors, int]:
    """The embeddings of ``paths``, (n, dim) float32, and how many of them the library had.

    Args:
        library, model: where to look first; used if ``model`` has the encoder's weights.

    Raises:
        DataError: a photo can't be read.
    """
    vectors = np.empty((len(paths), encoder.dim), np.float32)
    missing = list(range(len(paths)))
    if library is not None and model is not None and model.fingerprint == encoder.fingerprint:
        embedded = set(library.matching(model, None).tolist())
        known = {one.path: one.content_id for one in library.files([State.INDEXED])}
        at = {n: id for n in missing if (id := known.get(paths[n])) in embedded and id is not None}
        if at:
            vectors[list(at)] = library.vectors(model, np.array(list(at.values()), np.int64))
        missing = [n for n in missing if n not in at]
    step = _BATCHES * encoder.batch_size if missing else 1
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for start in range(0, len(missing), step):
            part = missing[start : start + step]
            pixels = list(pool.map(lambda n: _prepared(paths[n], encoder), part))
            for first in range(0, len(part), encoder.batch_size):
                batch = slice(first, first + encoder.batch_size)
                vectors[part[batch]] = encoder.encode_images(pixels[batch])
    return vectors, len(paths) - len(missing)


def _prepared(path: Path, encoder: Encoder) -> Pixels:
    try:
        image = read_photo(path, encoder.image_size, lambda _: False).image
    except Vanished:
        raise DataError(f"{path} is not there.") from None
    except PhotoError as error:
        raise DataError(f"{path} can't be read: {error}") from error
    assert image is not None
    return encoder.prepare(image)

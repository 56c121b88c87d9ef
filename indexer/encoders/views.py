"""One or two views of a picture: all of it, and the middle of it, whose embeddings are averaged.

The second view costs as much time in the model as the first, and nothing to read and decode. So by
default it is taken of pictures that take long to decode, by a model that is fast. That is decided
by the picture and the model alone, never by a clock, so that every run, whoever carries it out,
ends with the same vectors. ``benchmarks/bench_views.py`` measures where the limits lie.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from indexer.encoders.encoder import Encoder, Pixels
from store.values import ContentFacts, Views
from store.vectors import Vectors

INNER = 0.8
"""The part of width and height that the second view has. Where a model sees only the middle square
of a long picture, this is the middle of that square, a little closer."""

FAST_MODELS = ("starter",)
LARGE, LARGE_ELSE = 10_000_000, 1_000_000
"""Pixels, of a JPEG and of any other format, from which on reading and decoding take so long that a
second view in a fast model takes less than a quarter of a run's time. JPEGs are made smaller while
they are decoded."""


def are_two(views: Views, model: str, facts: ContentFacts) -> bool:
    """Whether to take two views of a picture with these facts, by the model of this name."""
    if views != "auto":
        return views == "2"
    if facts.duration_ms is not None:  # a video has many frames already
        return False
    least = LARGE if facts.format in ("JPEG", "MPO") else LARGE_ELSE
    return model in FAST_MODELS and facts.width * facts.height >= least


def prepare(encoder: Encoder, image: Image.Image, *, two: bool) -> Pixels:
    """An upright RGB image as the tower's input: (height, width, 3), or (2, ...) for two views."""
    whole = encoder.prepare(image)
    return np.stack([whole, encoder.prepare(inner(image))]) if two else whole


def inner(image: Image.Image) -> Image.Image:
    """The middle of an image: ``INNER`` of its width and of its height, a pixel at the least."""
    width, height = (max(1, round(INNER * side)) for side in image.size)
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.crop((left, top, left + width, top + height))


def encode(encoder: Encoder, pictures: Sequence[Pixels]) -> Vectors:
    """Pictures as ``prepare`` makes them to (n, dim) float32 embeddings of unit length.

    Raises:
        ModelFailed: see ``Encoder``.
    """
    if all(one.ndim == 3 for one in pictures):
        return encoder.encode_images(pictures)
    views = [view for one in pictures for view in (one if one.ndim == 4 else one[None])]
    vectors = encoder.encode_images(views)
    counts = [len(one) if one.ndim == 4 else 1 for one in pictures]
    starts = np.cumsum([0, *counts[:-1]])
    sums: Vectors = np.add.reduceat(vectors, starts, axis=0)
    single = np.array(counts) == 1  # these stay as they are, to the last bit
    length = np.where(single, 1.0, np.linalg.norm(sums, axis=1)).astype(np.float32)
    return np.asarray(sums / np.maximum(length, 1e-12)[:, None], np.float32)

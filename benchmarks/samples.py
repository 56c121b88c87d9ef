"""Photos, texts and embeddings that every machine has: nothing is downloaded for a benchmark."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from app import services
from app.config import load_config
from app.folders import targets_for
from app.samples import COMMAND, sample_folders
from indexer.encoders.openvino_files import wait_for_conversions
from indexer.pipeline import run_index
from store.library import Library
from store.vectors import Vectors

_WHO = (
    *("a dog", "two dogs", "a cat", "a horse", "a child", "a girl in a red dress", "an old man"),
    *("a group of friends", "a man on a bicycle", "a woman with a hat", "a football player"),
    *("a white bird", "a skier", "a surfer", "a street musician", "a climber", "a crowd"),
    *("a boy with a ball", "a black car", "a cup of coffee"),
)
_WHERE = (
    *("", "on a beach", "in the snow", "in the grass", "at night", "in the city", "in a kitchen"),
    *("by a lake", "under a tree", "in front of a house", "on a mountain", "in the water"),
    *("at sunset", "on a road", "in a garden", "on a sofa", "in a crowd", "on a bench"),
    *("near a fence", "in the rain", "jumping", "running", "smiling", "seen from above", "asleep"),
)
TEXTS = [f"{who} {where}".strip() for who, where in product(_WHO, _WHERE)]
"""500 queries of the kind that people type."""


DIFFERENT = 16
"""Made pictures; more take longer to make and tell nothing new."""


def sample_photos() -> list[Path]:
    """The folders of photos that scikit-image and scikit-learn install."""
    return sample_folders() or sys.exit(f"The sample photos are missing: {COMMAND}")


def sample_files() -> list[Path]:
    """The photos in these folders, in order of name within each."""
    return [path for one in sample_photos() for path in sorted(one.glob("*.[pj][np]g"))]


def index_photos(library: Path, folders: list[Path], model: str) -> None:
    """Make a library in ``library`` of all photos in ``folders``."""
    config = load_config(library=library)
    with Library.open(config.library, create=True) as opened, opened.writing() as writer:
        encoder = services.encoder_for_indexing(opened, config, model).encoder
        for _ in run_index(opened, writer, encoder, targets_for(opened, writer, folders)):
            pass
    wait_for_conversions()


def sample_library(library: Path | None, place: Path) -> tuple[Vectors, Vectors]:
    """Starter embeddings of the photos in ``library``, or of the samples, and of ``TEXTS``."""
    config = load_config(library=library or place / "samples")
    if library is None:
        index_photos(config.library, sample_photos(), "starter")
    with Library.open(config.library) as opened:
        model = services.answering_model(opened)
        if model.name != "starter":
            raise SystemExit(f"{config.library} was indexed with {model.name}, not with starter")
        index = opened.index(model).index
    return index.vectors(index.ids()), starter_vectors(TEXTS)


def starter_vectors(texts: Sequence[str]) -> Vectors:
    """The starter's embeddings of ``texts``, (t, dim)."""
    encoder = services.load_encoder("starter", load_config(), for_queries=True)
    return encoder.encode_texts(texts)


def picture(width: int, height: int, seed: int = 0) -> bytes:
    """A JPEG with the detail of a photo: smooth shapes under some noise."""
    chance = np.random.default_rng(seed)
    coarse = Image.fromarray(chance.integers(0, 256, (15, 20, 3), dtype=np.uint8))
    smooth = coarse.resize((width, height), Image.Resampling.BICUBIC)
    noise = Image.fromarray(chance.integers(0, 256, (height, width, 3), dtype=np.uint8))
    file = io.BytesIO()
    Image.blend(smooth, noise.filter(ImageFilter.GaussianBlur(1)), 0.1).save(
        file, "JPEG", quality=90
    )
    return file.getvalue()


def make_pictures(folder: Path, count: int, width: int, height: int) -> None:
    """``count`` JPEGs, all of them different files, of ``DIFFERENT`` different pictures."""
    folder.mkdir()
    pictures = [picture(width, height, seed) for seed in range(min(count, DIFFERENT))]
    for number in range(count):
        # What follows the end of a JPEG is part of the file, not of the picture.
        content = pictures[number % len(pictures)] + b"%d" % number
        (folder / f"{number:06}.jpg").write_bytes(content)

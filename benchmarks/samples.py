"""Photos, texts and embeddings that every machine has: nothing is downloaded for a benchmark."""

from __future__ import annotations

from itertools import product
from pathlib import Path

from app import services
from app.config import load_config
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


def sample_photos() -> list[Path]:
    """The folders of photos that scikit-image and scikit-learn install."""
    import skimage
    import sklearn

    packages = (Path(skimage.__file__).parent, Path(sklearn.__file__).parent)
    return [packages[0] / "data", packages[1] / "datasets" / "images"]


def sample_library(library: Path | None, place: Path) -> tuple[Vectors, Vectors]:
    """Starter embeddings of the photos in ``library``, or of the samples, and of ``TEXTS``."""
    config = load_config(library=library or place / "samples")
    opened = Library.open(config.library, create=library is None)
    if library is None:
        with opened.writing() as writer:
            encoder = services.encoder_for_indexing(opened, config, "starter").encoder
            targets = services.targets_for(opened, writer, sample_photos())
            for _ in run_index(opened, writer, encoder, targets):
                pass
    model = services.answering_model(opened)
    if model.name != "starter":
        raise SystemExit(f"{config.library} was indexed with {model.name}, not with starter")
    index = opened.index(model).index
    encoder = services.load_encoder(model.name, config, model.fingerprint, for_queries=True)
    return index.vectors(index.ids()), encoder.encode_texts(TEXTS)

"""An encoder whose vectors anyone can check by hand."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from PIL import Image

from app.labels.labeller import PROMPT
from app.search.hub_texts import bank
from app.search.relevance import PROMPTS
from indexer.encoders.encoder import Pixels
from indexer.probe_texts import PROBE_TEXTS
from indexer.reading.unread_text import WITH_TEXT, WITHOUT_TEXT
from store.vectors import Vectors

COLOURS = {
    "red": (255, 0, 0),
    "green": (0, 255, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "white": (255, 255, 255),
}

EVERYDAY = {
    prompt: (128 + 37 * number % 24, 128 + 71 * number % 24, 128 + 113 * number % 24)
    for number, prompt in enumerate(PROMPTS, 1)
}
"""Everyday words are all kinds of grey."""
EVERYDAY["asdfgh"] = (128, 128, 128)  # a word that nobody knows

BANK = frozenset(bank().names)


_BUILT_IN = {*PROBE_TEXTS, *WITH_TEXT, *WITHOUT_TEXT}


class ColourEncoder:
    """A picture's embedding is its mean colour, a text's that of the colour it names.

    ``encoded`` counts the pictures that went through it.
    """

    engine = "arithmetic"
    image_size = 8
    logit_scale = 20.0
    dim = 3

    def __init__(self, name: str = "colours", fingerprint: str = "1", batch_size: int = 4) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self.batch_size = batch_size
        self.encoded = 0
        self._lock = threading.Lock()

    def prepare(self, image: Image.Image) -> Pixels:
        small = image.resize((self.image_size, self.image_size))
        return np.asarray(small)

    def encode_images(self, images: Sequence[Pixels]) -> Vectors:
        with self._lock:
            self.encoded += len(images)
        if not images:
            return np.empty((0, self.dim), np.float32)
        # A little white, so that black has a direction too.
        return _unit(np.stack(images).mean(axis=(1, 2), dtype=np.float32) + 1)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        return _unit(np.array([_colour(text) for text in texts], np.float32) + 1)

    def truncates(self, text: str) -> bool:
        return len(text) > 100


def _colour(text: str) -> tuple[int, int, int]:
    """The colour that a prompt names; grey for built-in texts that name none."""
    if text in BANK and text not in COLOURS:
        return EVERYDAY["something"]
    named = next((word for word in text.rstrip(".").split() if word in COLOURS), None)
    if named is None and (text.startswith(PROMPT.format("")) or text in _BUILT_IN):
        return EVERYDAY["something"]
    return COLOURS[named] if named else EVERYDAY[text]


def _unit(vectors: Vectors) -> Vectors:
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit

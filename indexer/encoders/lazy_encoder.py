"""An encoder that loads its model when it is first needed: a run without new photos loads none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from indexer.encoders.encoder import Encoder, Pixels
from store.errors import ModelUnavailable
from store.values import ModelInfo
from store.vectors import Vectors

if TYPE_CHECKING:
    from PIL import Image

_BATCH_BEFORE_LOADING = 32
NOT_NEEDED = "not needed"
"""The engine of a model that was not loaded."""


class LazyEncoder:
    """The encoder of a library's model, known by what the library remembers of it.

    The first use loads the real encoder, and raises ``ModelUnavailable`` if that has different
    weights.
    """

    def __init__(self, model: ModelInfo, load: Callable[[], Encoder]) -> None:
        self.name = model.name
        self.fingerprint = model.fingerprint
        self.dim = model.dim
        self._load = load
        self._loaded: Encoder | None = None
        self._lock = threading.Lock()

    @property
    def batch_size(self) -> int:
        return self._loaded.batch_size if self._loaded else _BATCH_BEFORE_LOADING

    @property
    def engine(self) -> str:
        return self._loaded.engine if self._loaded else NOT_NEEDED

    @property
    def image_size(self) -> int:
        return self._encoder().image_size

    @property
    def logit_scale(self) -> float:
        return self._encoder().logit_scale

    def prepare(self, image: Image.Image) -> Pixels:
        return self._encoder().prepare(image)

    def encode_images(self, images: Sequence[Pixels]) -> Vectors:
        return self._encoder().encode_images(images)

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        return self._encoder().encode_texts(texts)

    def truncates(self, text: str) -> bool:
        return self._encoder().truncates(text)

    def _encoder(self) -> Encoder:
        with self._lock:
            if self._loaded is None:
                loaded = self._load()
                if loaded.fingerprint != self.fingerprint:
                    raise ModelUnavailable(
                        f"The weights of {self.name} are not those that this library was indexed "
                        f"with. Index with the new ones: clipsearch index --model {self.name}"
                    )
                self._loaded = loaded
            return self._loaded

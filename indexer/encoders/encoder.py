"""What every encoder does: two towers into one space, in which a dot product is a cosine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from store.vectors import Vectors

if TYPE_CHECKING:
    from PIL import Image

Pixels = NDArray[np.uint8]


class Encoder(Protocol):
    """A dual encoder (Radford et al. 2021, arXiv 2103.00020)."""

    @property
    def name(self) -> str:
        """The string that names this model; see ``indexer.encoders.models``."""

    @property
    def fingerprint(self) -> str:
        """Identifies weights and preprocessing: equal fingerprints give equal vectors."""

    @property
    def engine(self) -> str:
        """What computes the vectors, for people: ``OpenVINO, bf16``, ``torch on cuda``."""

    @property
    def dim(self) -> int:
        """The length of every embedding."""

    @property
    def image_size(self) -> int:
        """The longer side, in pixels, of the image tower's input."""

    @property
    def batch_size(self) -> int:
        """How many images to encode at once on this device."""

    @property
    def logit_scale(self) -> float:
        """What cosines are multiplied by before a softmax: one over the trained temperature."""

    def prepare(self, image: Image.Image) -> Pixels:
        """An upright RGB image as the tower's input, (height, width, 3) uint8; thread-safe."""

    def encode_images(self, images: Sequence[Pixels]) -> Vectors:
        """Prepared images to (n, dim) float32 embeddings of unit length.

        Raises:
            ModelFailed: the engine failed, for lack of memory mostly.
        """

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        """Texts to (n, dim) float32 embeddings of unit length.

        Raises:
            ModelFailed: as for images.
        """

    def truncates(self, text: str) -> bool:
        """Whether ``text`` is longer than the text tower's context, so that its end is cut."""

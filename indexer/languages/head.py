"""The head: sentence vectors into the space of the starter model, in plain numpy.

One hidden layer with a shortcut beside it. ``training/languages.py`` makes the file, for the
weights of one model: a head for other weights is none.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from store.vectors import Vectors

FILE = "head.safetensors"
ARRAYS = ("mean", "scale", "shortcut", "inner", "inner_bias", "outer", "outer_bias")


@dataclass(frozen=True)
class Head:
    """Weights, float32; ``d`` is the model's dimension and ``h`` the width of the hidden layer.

    Attributes:
        fingerprint: of the model that it belongs to.
        share: how much of an English query's vector comes from the head, 0 to 1.
        mean, scale: of sentence vectors, (384,) each.
        shortcut: (384, d).
        inner, inner_bias: (384, h) and (h,).
        outer, outer_bias: (h, d) and (d,).
    """

    fingerprint: str
    share: float
    mean: Vectors
    scale: Vectors
    shortcut: Vectors
    inner: Vectors
    inner_bias: Vectors
    outer: Vectors
    outer_bias: Vectors

    def vectors(self, sentences: Vectors) -> Vectors:
        """Sentence vectors (n, 384) to embeddings of the model, (n, d) float32, unit length."""
        x: Vectors = (sentences - self.mean) / self.scale
        hidden: Vectors = gelu(x @ self.inner + self.inner_bias)
        said = x @ self.shortcut + hidden @ self.outer + self.outer_bias
        unit: Vectors = said / np.linalg.norm(said, axis=1, keepdims=True)
        return unit.astype(np.float32)

    def blended(self, own: Vectors, sentences: Vectors) -> Vectors:
        """The model's own vectors of English texts (n, d), and the head's: (n, d), unit length."""
        both = (1 - self.share) * own + self.share * self.vectors(sentences)
        unit: Vectors = both / np.linalg.norm(both, axis=1, keepdims=True)
        return unit.astype(np.float32)


def gelu(x: Vectors) -> Vectors:
    """GELU by its approximation with tanh (Hendrycks and Gimpel 2016, arXiv 1606.08415)."""
    slope = np.float32(np.sqrt(2 / np.pi))
    smooth: Vectors = 0.5 * x * (1 + np.tanh(slope * (x + 0.044715 * x**3)))
    return smooth


def read(path: Path) -> Head:
    """The head in a safetensors file.

    Raises:
        OSError, ValueError: the file can't be read, or is no head.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            facts = file.metadata() or {}
            arrays = {name: file.get_tensor(name).astype(np.float32) for name in ARRAYS}
        return Head(facts["fingerprint"], float(facts["share"]), **arrays)
    except (SafetensorError, KeyError) as error:
        raise ValueError(f"{path} is no head: {error}") from error


def is_bundled(fingerprint: str) -> bool:
    """Whether ``bundled`` has a head for the model with this fingerprint, without reading it."""
    from safetensors import SafetensorError, safe_open

    try:
        with as_file(files(__package__) / FILE) as path, safe_open(path, "numpy") as file:
            return (file.metadata() or {}).get("fingerprint") == fingerprint
    except (OSError, SafetensorError):
        return False


def bundled(fingerprint: str) -> Head | None:
    """The package's head, if it belongs to the model with this fingerprint; else None."""
    try:
        with as_file(files(__package__) / FILE) as path:
            head = read(path)
    except (OSError, ValueError):  # a package without it searches in English
        return None
    return head if head.fingerprint == fingerprint else None

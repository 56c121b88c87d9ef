"""What was learnt of labels for one model: a row for each concept that captions name often enough.

The words of a concept say where its photos are in the space of embeddings; captions of photos say
it better, and how near a photo has to be. A row is a logistic regression that begins from the
words and is held near to them. ``python -m training.label_heads`` makes the file, for the weights
of one model: to photos of any other model, labels are given by their words alone.

None is bundled. Rows that were learnt from Flickr8k are right on its other photos, and wrong on
photos of a different kind, which are not mostly of people: see benchmarks/README.md.
"""

from __future__ import annotations

import functools
import zlib
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.labels.vocabulary import Vocabulary
from store.vectors import Vectors

FILE = "label_heads.npz"


@dataclass(frozen=True)
class LabelHeads:
    """Rows of k concepts for embeddings of ``d`` dimensions.

    Attributes:
        fingerprint: of the model that they belong to.
        names: of the concepts, (k,).
        weights, biases: (k, d) and (k,) float32. The logistic function of their sum is how
            probable a concept is, so that each has a threshold of its own.
    """

    fingerprint: str
    names: tuple[str, ...]
    weights: Vectors
    biases: Vectors

    @functools.cached_property
    def version(self) -> str:
        """Changes with every number and name."""
        numbers = zlib.crc32(self.weights.tobytes(), zlib.crc32(self.biases.tobytes()))
        return f"{zlib.crc32(' '.join(self.names).encode(), numbers):08x}"

    def of(self, vocabulary: Vocabulary) -> tuple[NDArray[np.int64], LabelHeads]:
        """The rows of concepts that ``vocabulary`` has, after the numbers of these, (m,)."""
        numbers = [vocabulary.number(name) for name in self.names]
        known = [place for place, number in enumerate(numbers) if number is not None]
        rows = LabelHeads(
            self.fingerprint,
            tuple(self.names[place] for place in known),
            self.weights[known],
            self.biases[known],
        )
        return np.array([numbers[place] for place in known], np.int64), rows

    def confidences(self, images: Vectors) -> Vectors:
        """How probable each concept is: embeddings (n, d) to (k, n) float32."""
        logits = self.weights @ images.T + self.biases[:, None]
        sure: Vectors = (1 / (1 + np.exp(-np.clip(logits, -9, 9)))).astype(np.float32)
        return sure


def read(path: Path) -> LabelHeads:
    """The rows in a file.

    Raises:
        OSError, ValueError, KeyError: it can't be read, or is no such file.
    """
    with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        return LabelHeads(
            str(kept["fingerprint"]),
            tuple(kept["names"].tolist()),
            kept["weights"].astype(np.float32),
            kept["biases"].astype(np.float32),
        )


def save(heads: LabelHeads, path: Path) -> None:
    """Write the file, with weights in half precision.

    Raises:
        OSError: it can't be written.
    """
    with path.open("wb") as file:
        np.savez_compressed(
            file,
            fingerprint=np.array(heads.fingerprint),
            names=np.array(heads.names),
            weights=heads.weights.astype(np.float16),
            biases=heads.biases.astype(np.float32),
        )


@functools.cache
def bundled(fingerprint: str) -> LabelHeads | None:
    """The rows in the package, if there are any for the model with this fingerprint."""
    with as_file(files(__package__) / FILE) as path:
        if not path.exists():
            return None
        heads = read(path)
    return heads if heads.fingerprint == fingerprint else None

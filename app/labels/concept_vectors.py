"""The text embeddings of the vocabulary's concepts by one model: computed once, kept in the cache.

They are kept with a checksum, since labels are computed from them. Labels remember the checksum of
the embeddings that they came from, so that labels from a damaged file are computed anew.
"""

from __future__ import annotations

import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np

from app.labels.vocabulary import Vocabulary
from store.files.atomic import replaced
from store.values import ModelInfo
from store.vectors import Vectors


class ConceptVectors:
    """The file of one model's embeddings of one vocabulary, (c, dim) float32."""

    def __init__(self, cache: Path, model: ModelInfo, vocabulary: Vocabulary) -> None:
        name = f"{model.fingerprint[:32]}-{vocabulary.digest}.npz"
        self._path = cache / "vocabulary" / name
        self._shape = (len(vocabulary.names), model.dim)

    def checksum(self) -> int | None:
        """The checksum that was stored with the embeddings; None if none is, or it is damaged."""
        try:
            with self._path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                return int(kept["crc32"])
        except Exception:  # damage makes the readers of zip and npy raise anything
            return None

    def load(self) -> Vectors | None:
        """The embeddings, (c, dim) float32; None if none are kept, or the file is damaged."""
        try:
            with self._path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                vectors: Vectors = kept["embeddings"]
                right = int(kept["crc32"]) == checksum_of(vectors)
        except Exception:  # as above
            return None
        return vectors if right and vectors.shape == self._shape else None

    def save(self, vectors: Vectors) -> None:
        """Keep ``vectors``, (c, dim), if the cache can be written."""
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with replaced(self._path) as file:
                np.savez(file, embeddings=vectors, crc32=np.array(checksum_of(vectors)))
            # The file of earlier versions, which has no checksum.
            self._path.with_suffix(".npy").unlink(missing_ok=True)


def encoding(count: int) -> str:
    """What to tell people while ``count`` texts are encoded; see ``slow_work``."""
    return f"Encoding {count:,} words and sentences, which happens once for each model ..."


def checksum_of(vectors: Vectors) -> int:
    """The CRC-32 of ``vectors`` as they are stored: float32, little-endian."""
    return zlib.crc32(np.ascontiguousarray(vectors, "<f4").tobytes())

"""Checksums of stored vectors: they tell which of two copies is the good one.

SQLite checks the structure of its file, not the values in it: a changed bit in a vector would go
unnoticed, and be copied into everything that is made of it.
"""

from __future__ import annotations

import zlib

import numpy as np

from store.vectors import Vectors


def checksum(digest: bytes, vector: bytes) -> int:
    """CRC-32 of a vector as its row has it, together with the digest of the picture.

    With the digest, so that a good vector beside the wrong picture does not pass either.
    """
    return zlib.crc32(vector, zlib.crc32(digest))


def stored(vector: Vectors) -> bytes:
    """A vector (dim,) float32 as its row has it: little-endian."""
    return np.asarray(vector, "<f4").tobytes()

"""Which files are videos, whether they can be read here, and the digest of one."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from functools import cache
from io import BufferedReader
from pathlib import PurePath

_ENDINGS = (
    "3g2 3gp asf avi divx flv m1v m2t m2ts m2v m4v mkv mov mp4 mpe mpeg mpg mts mxf ogv qt ts vob "
    "webm wmv"
)
VIDEO_ENDINGS = frozenset(f".{ending}" for ending in _ENDINGS.split())

_STREAMS = frozenset({".ts", ".mts", ".m2t", ".m2ts"})
"""Endings that programs in TypeScript have as well."""

NEEDS_EXTRA = "a video; to search it: pip install 'clipsearch[video]'"
"""Why a video was passed over where PyAV is not installed."""

VIDEO_FORMATS = (
    "MP4",
    "MOV",
    "3GP",
    "MKV",
    "WEBM",
    "AVI",
    "MTS",
    "MPEG",
    "WMV",
    "FLV",
    "OGV",
    "MXF",
)
"""What ``ContentFacts.format`` can be of a video, and of nothing else."""

WHOLE = 64_000_000
"""A video of up to so many bytes is hashed whole; of a larger one, its size and ``_PARTS`` parts.

To read 4 GB takes half a minute from a hard disk, and to embed 16 frames takes a second. Two videos
of the same size that differ nowhere in 16 MB, its beginning and end among them, are copies.
"""
_PARTS, _PART = 16, 1_000_000
_SAMPLED = b"clipsearch: size and parts of a video, 1\n"


@cache
def can_read_videos() -> bool:
    """Whether PyAV is installed."""
    return importlib.util.find_spec("av") is not None


def claims_video(name: str, head: bytes) -> bool:
    """Whether a file is named as a video is.

    Args:
        head: its first bytes; they decide where the ending has another meaning too.
    """
    ending = PurePath(name).suffix.lower()
    if ending in _STREAMS:
        return b"\x47" in (head[:1], head[4:5])  # the first byte of each packet of a stream
    return ending in VIDEO_ENDINGS


def video_digest(file: BufferedReader) -> bytes:
    """What tells a video from every other: (32,) bytes; see ``WHOLE``.

    Raises:
        OSError: it can't be read.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size <= WHOLE:
        return hashlib.file_digest(file, "sha256").digest()
    told = hashlib.sha256(_SAMPLED + size.to_bytes(8, "big"))
    for number in range(_PARTS):
        file.seek((size - _PART) * number // (_PARTS - 1))
        told.update(file.read(_PART))
    return told.digest()


def is_named_as_video(name: str) -> bool:
    """As ``claims_video``, by the name alone."""
    return PurePath(name).suffix.lower() in VIDEO_ENDINGS

"""Which files are videos, whether they can be read here, and the digest of one."""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from functools import cache
from io import BufferedReader
from pathlib import PurePath

from store.errors import Stopped

_ENDINGS = (
    "3g2 3gp asf avi divx flv m1v m2t m2ts m2v m4v mkv mov mp4 mpe mpeg mpg mts mxf ogv qt ts vob "
    "webm wmv"
)
VIDEO_ENDINGS = frozenset(f".{ending}" for ending in _ENDINGS.split())

_STREAMS = frozenset({".ts", ".mts", ".m2t", ".m2ts"})
"""Endings that programs in TypeScript have as well."""

INSTALL = "pip install 'clipsearch[video]'"
NEEDS_EXTRA = f"a video; to search it: {INSTALL}"
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

_PART = 1_000_000  # bytes that are hashed at once: also on a slow network, less than a second


@cache
def can_read_videos() -> bool:
    """Whether PyAV is installed."""
    return importlib.util.find_spec("av") is not None


def install_first() -> str:
    """What stands before a command that reads videos: "pip install ..., then: " if it is needed."""
    return "" if can_read_videos() else f"{INSTALL}, then: "


def claims_video(name: str, head: bytes) -> bool:
    """Whether a file is named as a video is.

    Args:
        head: its first bytes; they decide where the ending has another meaning too.
    """
    ending = PurePath(name).suffix.lower()
    if ending in _STREAMS:
        return b"\x47" in (head[:1], head[4:5])  # the first byte of each packet of a stream
    return ending in VIDEO_ENDINGS


def video_digest(file: BufferedReader, stop: threading.Event | None = None) -> bytes:
    """The SHA-256 of all of a video's bytes, (32,), however many: copies are equal in each of them.

    Args:
        stop: set it to end early.

    Raises:
        OSError: it can't be read.
        Stopped: ``stop`` was set.
    """
    file.seek(0)
    digest = hashlib.sha256()
    while part := file.read(_PART):
        if stop is not None and stop.is_set():
            raise Stopped
        digest.update(part)
    return digest.digest()


def is_named_as_video(name: str) -> bool:
    """As ``claims_video``, by the name alone."""
    return PurePath(name).suffix.lower() in VIDEO_ENDINGS

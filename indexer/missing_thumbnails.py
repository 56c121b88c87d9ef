"""Makes thumbnails again, without the model, that were lost by a kill or a full disk.

Thumbnails are counted first: if none is missing, a run does no more than that.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from indexer.pictures.read_photo import read_photo
from indexer.pictures.thumbnails import LEAST_SIDE, thumbnail
from store.errors import PhotoError, Stopped, Vanished
from store.frames import frame_digest
from store.library import Library
from store.values import PhotoInfo

_AT_ONCE = 256


def make_missing(library: Library, stop: threading.Event) -> int:
    """Make the missing thumbnails of files that are there now, and return how many were made.

    Args:
        stop: set it to end early.
    """
    made = 0
    missing = library.without_thumbnail()
    with ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="thumbnail") as pool:
        for start in range(0, len(missing), _AT_ONCE):
            if stop.is_set():
                break
            part = missing[start : start + _AT_ONCE]
            files = library.photos_of(id for id, _ in part)
            digests = [digest for _, digest in part]
            drawn = pool.map(partial(_make, stop), [files.get(id, []) for id, _ in part], digests)
            pictures = [pair for pairs in drawn for pair in pairs]
            library.thumbnails.put(pictures)
            made += len(pictures)
    return made


def _make(
    stop: threading.Event, files: list[PhotoInfo], digest: bytes
) -> list[tuple[bytes, bytes]]:
    """The thumbnail (JPEG) of the first of ``files`` that still has this digest, if any has, and
    of its frames if it is a video: each with what it is kept under."""
    for file in files:
        try:
            photo = read_photo(file.path, LEAST_SIDE, lambda read: read != digest, stop)
        except (PhotoError, Stopped, Vanished):
            continue
        if photo.image is not None:
            of_frames = [
                (frame_digest(digest, frame.at_ms), thumbnail(frame.image))
                for frame in photo.frames
            ]
            return [(digest, thumbnail(photo.image)), *of_frames]
    return []

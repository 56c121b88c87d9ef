"""Reads what photos say beside their pixels, of those that were indexed before anybody did.

Only the beginnings of files are read, nothing is decoded or encoded, and a run reads no more than
``MOST`` of them: a large library is done after some runs.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from indexer.pictures import formats
from indexer.pictures.embedded import read_embedded
from indexer.pictures.read_photo import read_photo
from indexer.pictures.thumbnails import LEAST_SIDE
from store.errors import PhotoError, Vanished
from store.library import Library
from store.metadata import Metadata
from store.online import is_online
from store.states import State
from store.values import PhotoInfo
from store.writer import LibraryWriter

MOST = 20_000
_AT_ONCE = 500
_WHOLE = ("PNG",)  # formats in which metadata may come last


def read_unread(
    library: Library, writer: LibraryWriter, stop: threading.Event, *, small: bool = False
) -> int:
    """Read what files say whose contents have nothing of it yet; returns how many were read.

    Args:
        stop: set it to end early.
        small: only as many as take seconds.
    """
    roots = [root for root in library.roots() if is_online(root.path)]
    unread = library.unread(roots, _AT_ONCE if small else MOST) if roots else []
    done = 0
    with ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="metadata") as pool:
        for start in range(0, len(unread), _AT_ONCE):
            if stop.is_set():
                break
            part = unread[start : start + _AT_ONCE]
            files = library.photos_of(part)
            read = pool.map(_read, [files.get(id, []) for id in part])
            told = {id: one for id, one in zip(part, read, strict=True) if one is not None}
            if told:
                writer.set_embedded(told)
            done += len(told)
    return done


def _read(files: Sequence[PhotoInfo]) -> Metadata | None:
    """What the first of ``files`` says that is still as it was; None if none is.

    Of one that can't be read any more, it is what was known of it before.
    """
    for file in files:
        try:
            seen = file.path.stat()
            if (seen.st_size, seen.st_mtime_ns) != (file.size, file.mtime_ns):
                continue
            return told_by(file.path)
        except (Vanished, MemoryError):
            continue
        except PhotoError as error:
            if error.state is State.UNREADABLE:  # perhaps not the next time
                continue
            return _known(file)
        except Exception as error:  # decoders of hostile bytes raise anything
            if isinstance(error, OSError) and error.errno is not None:  # of the disk, not of Pillow
                continue
            return _known(file)
    return None


def told_by(path: Path) -> Metadata | None:
    """What a picture's file says; of most formats, only its beginning is read.

    Raises:
        Exception: whatever a decoder raises.
    """
    if not formats.is_raw(path.name):
        with Image.open(path, formats=formats.readable_formats()) as image:
            if image.format not in _WHOLE:
                return read_embedded(image).metadata
    facts = read_photo(path, LEAST_SIDE, lambda _: False).facts
    return facts.told if facts else None


def _known(file: PhotoInfo) -> Metadata:
    facts = file.facts
    assert facts is not None  # it is indexed
    return Metadata(taken_at=facts.taken_at, latitude=facts.latitude, longitude=facts.longitude)

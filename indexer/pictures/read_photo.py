"""Reads a photo's file once: its digest and, if that is not known yet, its picture.

Digest and picture are of the same bytes, even if the file is written to meanwhile.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from PIL import Image

from indexer.pictures import file_bytes, formats
from indexer.pictures.decode import decode
from indexer.videos.frame_choice import VideoFrame
from indexer.videos.video_files import (
    NEEDS_EXTRA,
    can_read_videos,
    claims_video,
    is_named_as_video,
    video_digest,
)
from store.errors import PhotoError, Vanished
from store.states import State
from store.values import ContentFacts

_TRIES = 3  # if a file changes while it is read


@dataclass(frozen=True)
class ReadPhoto:
    """A file's SHA-256 ``digest``; ``facts`` and ``image`` are None if the digest was known.

    Of a video, ``image`` is the first of its ``frames``; see ``indexer.videos``.
    """

    digest: bytes
    facts: ContentFacts | None
    image: Image.Image | None
    frames: Sequence[VideoFrame] = ()


def read_photo(
    path: Path,
    side: int,
    is_known: Callable[[bytes], bool],
    stop: threading.Event | None = None,
) -> ReadPhoto:
    """Read a file once: its digest and, unless ``is_known(digest)``, its picture.

    Args:
        side: the model's image size in pixels; the result's shorter side is at least this,
            where the picture has it.
        stop: set it to end the reading of a video early.

    Raises:
        PhotoError: why the file can't be used.
        Vanished: it was there when its folder was listed, and is not now.
        Stopped: ``stop`` was set.
    """
    try:
        with path.open("rb") as file:
            head = file.read(formats.HEAD)
            if not head:
                raise PhotoError(State.EMPTY, "the file is empty")
            is_video = check_kind(path.name, head)
            for _ in range(_TRIES):
                before = file_bytes.stamp(file)
                try:
                    if is_video:
                        photo = _read_video(file, path.name, side, is_known, stop)
                    else:
                        photo = _read_once(file, side, is_known, path.name)
                except PhotoError:
                    if file_bytes.stamp(file) == before:
                        raise
                else:
                    if file_bytes.stamp(file) == before:
                        return photo
            raise PhotoError(State.UNREADABLE, "it kept being written to while it was read")
    except FileNotFoundError as error:
        raise Vanished from error
    except OSError as error:
        raise PhotoError(State.UNREADABLE, error.strerror or str(error)) from error


def read_digest(path: Path, stop: threading.Event | None = None) -> bytes:
    """The SHA-256 of a file, (32,) bytes.

    Args:
        stop: set it to end the reading of a video early.

    Raises:
        PhotoError: it can't be read.
        Vanished: it is not there.
        Stopped: ``stop`` was set.
    """
    try:
        with path.open("rb") as file:
            if is_named_as_video(path.name):
                return video_digest(file, stop)
            return hashlib.file_digest(file, "sha256").digest()
    except FileNotFoundError as error:
        raise Vanished from error
    except OSError as error:
        raise PhotoError(State.UNREADABLE, error.strerror or str(error)) from error


def _read_once(
    file: BufferedReader, side: int, is_known: Callable[[bytes], bool], name: str
) -> ReadPhoto:
    content = file_bytes.in_memory(file)
    digest = hashlib.file_digest(content, "sha256").digest()
    if is_known(digest):
        return ReadPhoto(digest, None, None)
    content.seek(0)
    image, facts = decode(content, side, name=name)
    return ReadPhoto(digest, facts, image)


def _read_video(
    file: BufferedReader,
    name: str,
    side: int,
    is_known: Callable[[bytes], bool],
    stop: threading.Event | None,
) -> ReadPhoto:
    digest = video_digest(file, stop)
    if is_known(digest):
        return ReadPhoto(digest, None, None)
    from indexer.videos.decode_video import decode_video

    frames, facts = decode_video(file, name, side)
    return ReadPhoto(digest, facts, frames[0].image, frames)


def check_kind(name: str, head: bytes) -> bool:
    """Whether it is a video. Raises ``PhotoError`` for a file that no decoder should be given."""
    if formats.claims_picture(name) or formats.sniff(head) is not None:
        return False
    if not claims_video(name, head):
        raise PhotoError(State.OTHER, "not a picture")
    if not can_read_videos():
        raise PhotoError(State.OTHER, NEEDS_EXTRA)
    return True

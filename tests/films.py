"""Small videos of plain scenes, made with PyAV; the checkable encoder sees the colour of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fakes import COLOURS

RATE = 10
"""Frames a second."""

Scene = str | Image.Image
"""The name of a colour, "black", or a picture."""


def film(
    path: Path,
    scenes: Sequence[Scene],
    *,
    seconds: float = 2,
    codec: str = "mpeg4",
    size: tuple[int, int] = (64, 48),
    tags: Mapping[str, str] | None = None,
    live: bool = False,
) -> Path:
    """Write a video of ``scenes``, each of so many seconds; returns its path.

    Args:
        live: as it is recorded from a camera in a browser, which leaves no length (WebM).
    """
    options = {"movflags": "use_metadata_tags"} if path.suffix in (".mp4", ".mov") else {}
    if live:
        options["live"] = "1"
    with av.open(str(path), "w", options=options) as container:
        container.metadata.update(tags or {})
        stream = container.add_stream(codec, rate=RATE)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.thread_count = 1
        for scene in scenes:
            frame = av.VideoFrame.from_ndarray(pixels(scene, size), format="rgb24")
            for _ in range(round(seconds * RATE)):
                container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def pixels(scene: Scene, size: tuple[int, int]) -> NDArray[np.uint8]:
    """A scene as (height, width, 3). A colour is darker below: one all over would show nothing."""
    if isinstance(scene, Image.Image):
        return np.asarray(scene.convert("RGB").resize(size))
    width, height = size
    shown = np.zeros((height, width, 3), np.uint8)
    if scene != "black":
        shown[: height // 2] = COLOURS[scene]
        shown[height // 2 :] = np.array(COLOURS[scene]) // 2
    return shown


def turned(path: Path) -> Path:
    """Let an MP4 file say that it is to be shown turned by 90 degrees clockwise."""
    upright = b"".join(number.to_bytes(4, "big") for number in (0x10000, 0, 0, 0, 0x10000, 0))
    clockwise = b"".join(
        (number % 2**32).to_bytes(4, "big") for number in (0, 0x10000, 0, -0x10000, 0, 0)
    )
    content = path.read_bytes()
    head = content.index(b"tkhd")
    at = content.index(upright, head)
    path.write_bytes(content[:at] + clockwise + content[at + len(upright) :])
    return path

"""Makes smaller pictures of photos to look at, as JPEG files: thumbnails and previews.

JPEG is made ten times as fast as WebP (0.4 against 4.5 ms at 448 pixels) for one and a half times
the bytes, and indexing waits for it. For the same reason a decoded picture that is a little too
large for a thumbnail stays so: to shrink it takes three times as long as to write it.
"""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from indexer.pictures.decode import OVERSAMPLING, decode
from indexer.pictures.limits import MAX_PIXELS

SMALL = 320
THUMBNAIL = 448
PREVIEW = 1_600
LARGE = 2_900
"""The most pixels of the longer side; the last, of what browsers can't show as it is: half the size
of a camera raw of 24 megapixels is enough for it."""

LEAST_SIDE = 224
"""The least pixels of the shorter side at which a photo is decoded, for its thumbnail."""

_LARGE_ENOUGH = 640  # longer side up to which a thumbnail is not shrunk

_LARGEST_PROFILE = 1_000_000  # bytes; a larger one is damaged, or not worth it in a thumbnail

_BLUR_SIDE = 4
"""A row of 4 pixels has 12 bytes. The rows of a bitmap are multiples of 4: there is no gap."""

_QUALITY = 75
_SMALL_QUALITY = 60
_PREVIEW_QUALITY = 85


def thumbnail(image: Image.Image) -> bytes:
    """The thumbnail (a JPEG file) of an upright RGB picture, which is not changed."""
    return _jpeg(image, max(image.size) if max(image.size) <= _LARGE_ENOUGH else THUMBNAIL)


def render(path: Path, side: int, at_ms: int | None = None) -> bytes:
    """A JPEG file of a photo, its longer side at most ``side`` pixels.

    Args:
        at_ms: of a video, which frame: that at so many milliseconds.

    Raises:
        PhotoError: the file is no picture, or a damaged one.
        OSError: it can't be read.
    """
    with path.open("rb") as file:
        if at_ms is not None:
            from indexer.videos.decode_video import frame_at

            return _jpeg(frame_at(file, at_ms, int(side / OVERSAMPLING) + 1), side)
        return render_file(file, side, name=path.name)


def render_file(file: BinaryIO, side: int, most: int = MAX_PIXELS, *, name: str = "") -> bytes:
    """As ``render``, of an open file; one of more than ``most`` pixels is refused undecoded."""
    return _jpeg(decode(file, int(side / OVERSAMPLING) + 1, most, name=name)[0], side)


def _jpeg(image: Image.Image, side: int) -> bytes:
    small = image
    if max(image.size) > side:
        factor = side / max(image.size)
        size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
        small = image.resize(size, Image.Resampling.BILINEAR)
    written = io.BytesIO()
    quality = _PREVIEW_QUALITY if side > _LARGE_ENOUGH else _QUALITY
    small.save(written, "JPEG", quality=quality, icc_profile=_profile(image))
    return written.getvalue()


def _profile(image: Image.Image) -> bytes | None:
    """The colour profile to keep, if it is for RGB and fits into a JPEG file; else None."""
    profile = image.info.get("icc_profile")
    if not isinstance(profile, bytes) or len(profile) > _LARGEST_PROFILE:
        return None
    return profile if profile[16:20] == b"RGB " else None  # others: converted colours


def small_of(picture: bytes) -> bytes | None:
    """A small JPEG file of a thumbnail, of a third of its bytes; the thumbnail itself if it is no
    larger than that; None if it is damaged.

    For screens of usual density: a row of photos is 200 pixels high there. Its colours stay as JPEG
    has them, which saves the way to RGB and back. WebP takes longer at this size, and
    shows no more for its bytes.
    """
    try:
        with Image.open(io.BytesIO(picture), formats=("JPEG",)) as image:
            if max(image.size) <= SMALL:
                return picture
            image.draft("YCbCr", image.size)
            small = image if image.mode == "YCbCr" else image.convert("RGB")
            small.thumbnail((SMALL, SMALL), Image.Resampling.BILINEAR)
            written = io.BytesIO()
            profile = _profile(image)
            small.save(written, "JPEG", quality=_SMALL_QUALITY, optimize=True, icc_profile=profile)
    except (OSError, ValueError):
        return None
    return written.getvalue()


def blur_of(picture: bytes) -> str | None:
    """What a page shows until a picture has come, of its JPEG file; None if that is damaged.

    It is the base64 of 4 x 4 pixels as a 24-bit bitmap (BMP) has them, from the bottom row up,
    blue, green, red: 64 characters. The page puts such a file's header before it, and the browser
    blurs it. (BlurHash and ThumbHash serve the same purpose, and need a decoder in the page.)
    """
    draft = 8 * _BLUR_SIDE  # so a JPEG is decoded at an eighth: ten times as fast
    try:
        with Image.open(io.BytesIO(picture), formats=("JPEG",)) as image:
            image.draft("RGB", (draft, draft))
            small = image.convert("RGB").resize((_BLUR_SIDE, _BLUR_SIDE), Image.Resampling.BOX)
    except (OSError, ValueError):
        return None
    upwards = small.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    return base64.b64encode(upwards.tobytes("raw", "BGR")).decode("ascii")

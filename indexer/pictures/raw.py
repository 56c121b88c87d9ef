"""Decodes camera raw files by LibRaw: the preview that the camera made, or the sensor's pixels.

rawpy has no wheel for some machines: without it, raw files are refused with a reason that says so.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, BinaryIO

from PIL import ExifTags, Image

from indexer.pictures.limits import MAX_BYTES, check_shape
from store.errors import PhotoError
from store.states import State

if TYPE_CHECKING:
    import rawpy

NOT_INSTALLED = "camera raw files need the package rawpy: pip install rawpy"
WITHOUT_RAWPY = (NOT_INSTALLED, "camera raw files can't be read yet")
"""Why raw files were refused without rawpy, and before there was this module."""
UNKNOWN = "it is camera raw of a kind that LibRaw can't read"

# Bytes a pixel at the peak, for LibRaw's copies of the sensor's values and of the picture, and for
# Pillow's; 5.8 and 17 were measured with DNGs of 12 and 48 megapixels.
_HALF, _WHOLE = 7, 20
_NEARLY = 0.9  # the size of a raw with its edges, which cameras cut off
_FLIPS = {0: 1, 3: 3, 5: 8, 6: 6}  # LibRaw's, as EXIF's orientation
_TURNED = (5, 6, 7, 8)  # orientations in which width and height change places


@dataclass(frozen=True)
class Preview:
    """A picture inside a raw file.

    Attributes:
        image: opened, not loaded.
        way_up: EXIF's orientation, by which it is to be turned.
    """

    image: Image.Image
    way_up: int

    @property
    def side(self) -> int:
        """The pixels of its shorter side."""
        return min(self.image.size)


@dataclass(frozen=True)
class RawFile:
    """What LibRaw says of a raw file: ``size`` is (width, height) in pixels, upright."""

    size: tuple[int, int]
    preview: Preview | None

    @property
    def side(self) -> int:
        return min(self.size)

    def shows(self, side: int) -> Preview | None:
        """The preview, if its shorter side has ``side`` pixels, or nearly those of the raw."""
        preview = self.preview
        return preview if preview and preview.side >= min(side, _NEARLY * self.side) else None

    def is_half_enough(self, side: int) -> bool:
        """Whether half of the raw's size is enough for a picture whose shorter side is ``side``."""
        return self.side // 2 >= side

    def bytes_to_develop(self, *, half: bool) -> int:
        """An estimate of the bytes of memory that ``develop`` takes at its peak.

        Raises:
            PhotoError: they are more than ``MAX_BYTES``.
        """
        width, height = self.size
        needed = width * height * (_HALF if half else _WHOLE)
        if needed > MAX_BYTES:
            raise PhotoError(
                State.TOO_LARGE,
                f"it is {width:,} x {height:,} pixels; developing it would take "
                f"{needed / 1e9:.1f} GB of memory, {MAX_BYTES / 1e9:g} GB are the limit",
            )
        return needed


@cache
def can_read_raw() -> bool:
    """Whether camera raw files can be read here at all."""
    try:
        import rawpy  # noqa: F401
    except ImportError:
        return False
    return True


def look_into(file: BinaryIO, most: int) -> RawFile:
    """Read a raw file's size and its largest preview; nothing of the sensor's is decoded.

    Args:
        most: one of more pixels is refused.

    Raises:
        PhotoError: it is unsupported, or too large.
        EOFError: it ends too early.
        ValueError: it is damaged.
    """
    with _opened(file) as raw:
        sizes = raw.sizes
        width, height = sizes.width, sizes.height
        check_shape(max(width, 1), max(height, 1), most)
        check_shape(max(sizes.raw_width, 1), max(sizes.raw_height, 1), most)
        way_up = _FLIPS.get(sizes.flip, 1)
        size = (height, width) if way_up in _TURNED else (width, height)
        return RawFile(size, _preview(raw, size, way_up))


def develop(file: BinaryIO, *, half: bool) -> Image.Image:
    """The sensor's pixels as an upright RGB picture in sRGB, with the camera's white balance.

    Args:
        half: at half the size, where no colour has to be guessed: many times as fast.

    Raises:
        PhotoError: it is unsupported.
        EOFError: it ends too early.
        ValueError: it is damaged.
    """
    from rawpy import DemosaicAlgorithm

    with _opened(file) as raw:
        pixels = raw.postprocess(
            half_size=half, use_camera_wb=True, demosaic_algorithm=DemosaicAlgorithm.LINEAR
        )
        return Image.fromarray(pixels)


@contextmanager
def _opened(file: BinaryIO) -> Iterator[rawpy.RawPy]:
    """LibRaw with a file's bytes; its errors become those of this house."""
    if not can_read_raw():
        raise PhotoError(State.UNSUPPORTED, NOT_INSTALLED)
    import rawpy

    file.seek(0, os.SEEK_SET)
    try:
        with rawpy.RawPy() as raw:
            raw.open_buffer(file)
            yield raw
    except (
        rawpy.LibRawFileUnsupportedError,
        rawpy.LibRawNotImplementedError,
        rawpy.LibRawRequestForNonexistentImageError,
    ) as error:
        raise PhotoError(State.UNSUPPORTED, UNKNOWN) from error
    except rawpy.LibRawIOError as error:  # of a file in memory: there is no more of it
        raise EOFError("only the beginning of the raw data is there") from error
    except (rawpy.LibRawTooBigError, rawpy.LibRawUnsufficientMemoryError) as error:
        raise MemoryError from error
    except rawpy.LibRawError as error:
        raise ValueError(_text(error)) from error


def _preview(raw: rawpy.RawPy, size: tuple[int, int], way_up: int) -> Preview | None:
    """The largest preview of a raw file whose upright ``size`` is this; None if there is none.

    Args:
        way_up: the orientation of the raw itself.
    """
    import rawpy

    try:
        thumb = raw.extract_thumb()
        if thumb.format == rawpy.ThumbFormat.JPEG:
            assert isinstance(thumb.data, bytes)
            image: Image.Image = Image.open(io.BytesIO(thumb.data), formats=("JPEG", "MPO"))
        else:
            assert not isinstance(thumb.data, bytes)
            image = Image.fromarray(thumb.data)
        own = image.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # there is none, or a damaged one: the sensor's pixels are there
        return None
    return Preview(image, _way_up(image.size, own, size, way_up))


def _way_up(preview: tuple[int, int], own: object, raw: tuple[int, int], of_raw: int) -> int:
    """How to turn a preview: as it says itself (``own``), or else as the raw does (``of_raw``).

    Where LibRaw finds no EXIF in it, it writes the raw's orientation there, though a few cameras
    turn previews themselves: one that would lie across the upright ``raw`` is taken otherwise.
    """
    said = own if isinstance(own, int) and 1 <= own <= 8 else of_raw

    def fits(way_up: int) -> bool:
        width, height = preview[::-1] if way_up in _TURNED else preview
        return (width - height) * (raw[0] - raw[1]) >= 0

    return next((way_up for way_up in (said, of_raw, 1) if fits(way_up)), said)


def _text(error: Exception) -> str:
    """What rawpy says, which may be bytes."""
    said = error.args[0] if error.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)

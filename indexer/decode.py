"""A file's bytes to one upright RGB picture, as small as the model allows, or a reason why not."""

from __future__ import annotations

import hashlib
import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, UnidentifiedImageError

from indexer import decoder_stderr, file_bytes, formats
from indexer.exif import ExifFacts, read_exif
from indexer.limits import DECODING, MAX_PIXELS, bytes_to_decode, check_shape
from store.errors import PhotoError, Vanished
from store.states import State
from store.values import ContentFacts

# Pillow checks wherever it learns a size, also of pictures within pictures: it warns from here
# on and refuses from twice as many.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
# Not for the user's eyes: what matters ends in the ledger.
warnings.filterwarnings("ignore", module=r"PIL\.")
logging.getLogger("PIL").addHandler(logging.NullHandler())  # else it would go to the terminal

_STRIP = 1 << 22  # pixels

_TRIES = 3  # while a file changes under our hands

OVERSAMPLING = 1.5
"""How many times the model's side is kept: its own, better filter does the last step.

Against decoding all pixels, embeddings of photos keep a cosine of 0.998 at the least; with 2 it is
0.999 at twice the time for 12 megapixels, with 1 it is 0.994 (starter, 25 photos, 4 sizes).
"""

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True)
class ReadPhoto:
    """``digest``: SHA-256 of the file. ``facts`` and ``image`` are None where it was known."""

    digest: bytes
    facts: ContentFacts | None
    image: Image.Image | None


def read_photo(path: Path, side: int, is_known: Callable[[bytes], bool]) -> ReadPhoto:
    """Read a file once: its digest and, unless ``is_known(digest)``, its picture.

    Both are of the same bytes, also where somebody writes to the file meanwhile.

    Args:
        side: the model's image size in pixels; the result's shorter side is at least this,
            where the picture has it.

    Raises:
        PhotoError: why the file can't be used.
        Vanished: it was there when its folder was listed, and is not now.
    """
    try:
        with path.open("rb") as file:
            head = file.read(formats.HEAD)
            if not head:
                raise PhotoError(State.EMPTY, "the file is empty")
            check_kind(path.name, head)
            for _ in range(_TRIES):
                before = file_bytes.stamp(file)
                try:
                    photo = _read_once(file, side, is_known)
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


def read_digest(path: Path) -> bytes:
    """The SHA-256 of a file, (32,) bytes.

    Raises:
        PhotoError: it can't be read.
        Vanished: it is not there.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except FileNotFoundError as error:
        raise Vanished from error
    except OSError as error:
        raise PhotoError(State.UNREADABLE, error.strerror or str(error)) from error


def _read_once(file: BufferedReader, side: int, is_known: Callable[[bytes], bool]) -> ReadPhoto:
    content = file_bytes.in_memory(file)
    digest = hashlib.file_digest(content, "sha256").digest()
    if is_known(digest):
        return ReadPhoto(digest, None, None)
    content.seek(0)
    image, facts = decode(content, side)
    return ReadPhoto(digest, facts, image)


def check_kind(name: str, head: bytes) -> None:
    """Raise ``PhotoError`` for what is not even worth handing to a decoder."""
    if formats.is_raw(name):
        raise PhotoError(State.UNSUPPORTED, "camera raw files can't be read yet")
    if not formats.claims_picture(name) and formats.sniff(head) is None:
        raise PhotoError(State.OTHER, "not a picture")


def decode(file: BinaryIO, side: int, most: int = MAX_PIXELS) -> tuple[Image.Image, ContentFacts]:
    """One upright RGB picture (the first frame of an animation) and what is known of it.

    Waits where other threads decode so much that there would be too little memory for this one.

    Args:
        side: see ``read_photo``.
        most: pixels; a picture that has more is refused before it is decoded.

    Raises:
        PhotoError: unsupported, truncated, damaged or too large.
        OSError: the file can't be read any more.
    """
    head = file.read(formats.HEAD)
    file.seek(0)
    try:
        with decoder_stderr.caught():
            try:
                return _decode(file, side, most)
            except _Spoke:
                file.seek(0)
                return _decode(file, side, most, alone=True)
    except PhotoError:
        raise
    except Image.DecompressionBombError as error:
        reason = f"it claims more than {MAX_PIXELS // 1_000_000} megapixels"
        raise PhotoError(State.TOO_LARGE, reason) from error
    except MemoryError as error:
        raise PhotoError(State.TOO_LARGE, "it does not fit into memory") from error
    except UnidentifiedImageError as error:
        raise _unidentified(file, formats.sniff(head)) from error
    except Exception as error:  # decoders of hostile bytes raise anything
        raise _failed(file, error) from error


class _Spoke(Exception):
    """Decoding failed, and some C library said why: perhaps of this file."""


def _decode(
    file: BinaryIO, side: int, most: int, *, alone: bool = False
) -> tuple[Image.Image, ContentFacts]:
    """``alone``: while nothing else is decoded, so that what C libraries say is of this file."""
    with Image.open(file, formats=formats.readable_formats()) as image:
        width, height = image.size
        check_shape(width, height, most)
        kind = image.format or ""
        kept = int(side * OVERSAMPLING)
        image.draft(None, (kept, kept))  # JPEG only
        needed = bytes_to_decode(image, (width, height))
        with DECODING.hold(DECODING.total if alone else needed):
            mark = decoder_stderr.mark()
            try:
                image.load()
            except Exception as error:
                if not (said := decoder_stderr.since(mark)) or file.closed:
                    raise
                if not alone:
                    raise _Spoke from error
                error.args = (f"{error} ({said})",)
                raise
            exif = read_exif(image)  # after loading: PNG has it last, TIFF turns itself upright
            upright = _rgb(_shrink(image, kept))
            if exif.orientation in _UPRIGHT:
                upright = upright.transpose(_UPRIGHT[exif.orientation])
    if exif.orientation >= 5:
        width, height = height, width
    return upright, _facts(width, height, kind, exif)


def _facts(width: int, height: int, kind: str, exif: ExifFacts) -> ContentFacts:
    return ContentFacts(
        width,
        height,
        kind,
        exif.taken_at,
        exif.camera,
        exif.lens,
        exif.latitude,
        exif.longitude,
    )


def _unidentified(file: BinaryIO, claimed: str | None) -> PhotoError:
    if claimed and _is_cut_short(file):
        return PhotoError(State.TRUNCATED, f"only the beginning of the {claimed} data is there")
    if claimed == "TIFF":  # a container of anything; Pillow reads much of it, not all
        return PhotoError(State.UNSUPPORTED, "no TIFF of a kind that can be read, or a damaged one")
    if claimed:
        return PhotoError(State.DAMAGED, f"it begins as {claimed} but is damaged")
    return PhotoError(State.UNSUPPORTED, "its content is of no known picture format")


def _failed(file: BinaryIO, error: Exception) -> PhotoError:
    reason = " ".join(str(error).split()) or type(error).__name__
    if file.closed:  # by a plugin of Pillow's, which then fails at reading on
        reason = "it can't be decoded"
    cut = (
        isinstance(error, EOFError)
        or "truncated" in reason.lower()
        or "end of file" in reason.lower()
        or _is_cut_short(file)
    )
    return PhotoError(State.TRUNCATED if cut else State.DAMAGED, reason)


def _is_cut_short(file: BinaryIO) -> bool:
    # Some of Pillow's plugins (FTEX) close what they were given; none of them is of such a format.
    return not file.closed and formats.is_cut_short(file)


def _reducible(image: Image.Image) -> Image.Image:
    """The same in a mode that can be made smaller: 16-bit scaled, palettes and bits resolved."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image, np.uint16) >> 8).astype(np.uint8))
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.convert("L") if image.mode == "1" else image


def _shrink(image: Image.Image, side: int) -> Image.Image:
    """Whole-number box reduction, so that big pictures do not wait in queues at full size.

    It is done strip by strip: what has to be converted for it would be a second picture, or two.
    """
    factor = min(image.size) // side
    if factor < 2:
        return _reducible(image)
    width, height = image.size
    rows = max(1, _STRIP // (width * factor)) * factor
    small: Image.Image | None = None
    for top in range(0, height, rows):
        strip = image.crop((0, top, width, min(top + rows, height)))
        part = _reducible(strip).reduce(factor)
        if small is None:
            small = Image.new(part.mode, (part.width, -(-height // factor)))
            small.info = part.info
        small.paste(part, (0, top // factor))
    assert small is not None
    return small


def _rgb(image: Image.Image) -> Image.Image:
    """Any mode to RGB, transparency on white."""
    if image.mode in ("I", "F"):
        image = _stretch(image)
    elif image.mode == "LAB":
        from PIL import ImageCms

        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        image = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB") or image
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _stretch(image: Image.Image) -> Image.Image:
    """32-bit values have no agreed white: the darkest becomes black, the brightest white."""
    values = np.nan_to_num(np.asarray(image, np.float32)).astype(np.float64)  # room for a - b
    low, high = float(values.min()), float(values.max())
    scaled = (values - low) * (255 / (high - low)) if high > low else np.zeros_like(values)
    return Image.fromarray(scaled.astype(np.uint8))

"""Decodes a file to one upright RGB picture, as small as the model allows, or says why not."""

from __future__ import annotations

import errno
import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from PIL import Image, UnidentifiedImageError

from indexer.pictures import decoder_stderr, formats
from indexer.pictures.colour_profiles import to_srgb
from indexer.pictures.embedded import Embedded, read_embedded
from indexer.pictures.limits import DECODING, MAX_PIXELS, bytes_to_decode, check_shape
from indexer.pictures.raw import develop, look_into
from indexer.pictures.raw_container import is_raw_cut_short, raw_format
from indexer.pictures.raw_headers import read_raw
from indexer.pictures.rgb import shrink, to_rgb
from indexer.text import reason_of
from store.errors import PhotoError
from store.states import State
from store.values import ContentFacts

# Pillow checks every size that it reads, also of pictures within pictures: it warns from this many
# pixels on, and refuses from twice as many.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2
# Not shown to the user: what matters is in the ledger.
warnings.filterwarnings("ignore", module=r"PIL\.")
logging.getLogger("PIL").addHandler(logging.NullHandler())  # not to the terminal

OVERSAMPLING = 1.5
"""Pictures are decoded at this many times the model's size: the last step is left to the model's
own, better filter.

Compared with decoding all pixels, embeddings have a cosine of at least 0.998; with 2 it is 0.999 at
twice the time for 12 megapixels, with 1 it is 0.994 (starter model, 25 photos, 4 sizes).
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


def decode(
    file: BinaryIO, side: int, most: int = MAX_PIXELS, *, name: str = ""
) -> tuple[Image.Image, ContentFacts]:
    """One upright RGB picture (the first frame of an animation) and what is known of it.

    It waits while other threads decode so much that there is too little memory left.

    Args:
        side: the least pixels of the result's shorter side, if the picture has so many.
        most: a picture of more pixels is refused before it is decoded.
        name: the file's, by which a camera raw is known whose content does not say so.

    Raises:
        PhotoError: the picture is unsupported, truncated, damaged or too large.
        OSError: the file can't be read any more.
    """
    head = file.read(formats.HEAD)
    file.seek(0)
    try:
        with decoder_stderr.caught():
            try:
                return _decode(file, side, most, name)
            except _Spoke:
                file.seek(0)
                return _decode(file, side, most, name, alone=True)
    except PhotoError:
        raise
    except Image.DecompressionBombError as error:
        reason = f"it claims more than {MAX_PIXELS // 1_000_000} megapixels"
        raise PhotoError(State.TOO_LARGE, reason) from error
    except MemoryError as error:
        raise PhotoError(State.TOO_LARGE, "it does not fit into memory") from error
    except UnidentifiedImageError as error:
        raise _unidentified(file, formats.sniff(head)) from error
    except OSError as error:
        # Pillow's own errors have no number, and the disk's have one. A seek to where there can be
        # nothing, in a damaged file, is no fault of the disk's.
        if error.errno not in (None, errno.EINVAL):
            raise
        raise _failed(file, error) from error
    except Exception as error:  # decoders of hostile bytes raise anything
        raise _failed(file, error) from error


class _Spoke(Exception):
    """Decoding failed, and a C library wrote to stderr, perhaps about a different file."""


def _decode(
    file: BinaryIO, side: int, most: int, name: str, *, alone: bool = False
) -> tuple[Image.Image, ContentFacts]:
    """``alone``: nothing else is being decoded, so that C libraries write about this file."""
    if raw_kind := raw_format(file, name):
        return _decode_raw(file, raw_kind, side, most, alone=alone)
    with Image.open(file, formats=formats.readable_formats()) as image:
        width, height = image.size
        check_shape(width, height, most)
        kind = image.format or ""
        upright, told, way_up = _loaded(image, side, alone=alone)
    if way_up >= 5:
        width, height = height, width
    return upright, _facts(width, height, kind, told)


def _loaded(
    image: Image.Image, side: int, *, alone: bool, way_up: int | None = None
) -> tuple[Image.Image, Embedded, int]:
    """An opened picture, upright and small, what its file says, and how it was turned.

    Args:
        way_up: EXIF's orientation to turn it by; None: that of its own file.
    """
    kept = int(side * OVERSAMPLING)
    size = image.size
    image.draft(None, (kept, kept))  # JPEG only
    with _decoding(bytes_to_decode(image, size), alone=alone):
        image.load()
        told = read_embedded(image)  # after loading: PNG has it last, TIFF is turned upright
        upright = to_rgb(to_srgb(shrink(image, kept)))
        way_up = told.exif.orientation if way_up is None else way_up
        if way_up in _UPRIGHT:
            upright = upright.transpose(_UPRIGHT[way_up])
    return upright, told, way_up


@contextmanager
def _decoding(needed: int, *, alone: bool) -> Iterator[None]:
    """Hold ``needed`` bytes of the budget; what C libraries say goes into the error."""
    with DECODING.hold(DECODING.total if alone else needed):
        mark = decoder_stderr.mark()
        try:
            yield
        except Exception as error:
            if isinstance(error, PhotoError) or not (said := decoder_stderr.since(mark)):
                raise
            if not alone:
                raise _Spoke from error
            error.args = (f"{error} ({said})",)
            raise


def _decode_raw(
    file: BinaryIO, kind: str, side: int, most: int, *, alone: bool
) -> tuple[Image.Image, ContentFacts]:
    """As ``_decode``, of a camera raw: its preview where that is large enough."""
    if is_raw_cut_short(file):
        raise PhotoError(State.TRUNCATED, "only the beginning of the raw data is there")
    length = file.seek(0, os.SEEK_END)
    with _decoding(length, alone=alone):
        raw = look_into(file, most)
        told = read_raw(file, kind, raw.preview)
    width, height = raw.size
    facts = _facts(width, height, kind, told)
    shown = raw.shows(side)
    if shown:
        with suppress(Exception):  # it is damaged: there are still the sensor's pixels
            return _loaded(shown.image, side, alone=alone, way_up=shown.way_up)[0], facts
    half = raw.is_half_enough(side)
    try:
        with _decoding(length + raw.bytes_to_develop(half=half), alone=alone):
            return shrink(develop(file, half=half), int(side * OVERSAMPLING)), facts
    except PhotoError as error:
        if error.state is not State.UNSUPPORTED or raw.preview is None:
            raise
    small = raw.preview
    return _loaded(small.image, side, alone=alone, way_up=small.way_up)[0], facts


def _facts(width: int, height: int, kind: str, embedded: Embedded) -> ContentFacts:
    exif, told = embedded.exif, embedded.metadata
    return ContentFacts(
        width=width,
        height=height,
        format=kind,
        taken_at=told.taken_at,
        camera=exif.camera,
        lens=exif.lens,
        latitude=told.latitude,
        longitude=told.longitude,
        place=told.place,
        taken_from="exif" if told.taken_at else None,
        taken_offset=told.offset,
        only_day=told.only_day,
        title=told.title,
        description=told.description,
        creator=told.creator,
        copyright=told.copyright,
        rating=told.rating or None,
        colour_label=told.colour_label,
        told=told,
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
    reason = reason_of(error)
    if file.closed:  # closed by a plugin of Pillow, which then failed to read on
        reason = "it can't be decoded"
    cut = (
        isinstance(error, EOFError)
        or "truncated" in reason.lower()
        or "end of file" in reason.lower()
        or _is_cut_short(file)
    )
    return PhotoError(State.TRUNCATED if cut else State.DAMAGED, reason)


def _is_cut_short(file: BinaryIO) -> bool:
    # Some plugins of Pillow (FTEX) close the file; none is for a format that is checked here.
    return not file.closed and formats.is_cut_short(file)

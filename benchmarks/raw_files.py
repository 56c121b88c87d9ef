"""Makes camera raw files: DNG, which is TIFF with what a sensor saw, uncompressed."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_BYTE, _TEXT, _SHORT, _LONG, _RATIO, _SIGNED = 1, 2, 3, 4, 5, 10
_SIZES = {_BYTE: "B", _SHORT: "H", _LONG: "I", _RATIO: "I", _SIGNED: "i"}
_SUBS, _EXIF, _GPS, _XMP = 330, 34665, 34853, 700

Values = bytes | tuple[int, ...]
Entries = dict[int, tuple[int, Values]]
"""A directory of TIFF: (type, values) by tag; ratios are numerators and denominators in turn."""


@dataclass(frozen=True)
class Told:
    """What a raw file says beside its pixels."""

    make: str = "Maker"
    model: str = "Maker One"
    taken: str = "2019:07:04 18:30:05"
    lens: str = "Maker 35mm F2"
    latitude: tuple[int, int, int] | None = (48, 30, 0)  # degrees, minutes, seconds; north
    longitude: tuple[int, int, int] = (9, 0, 30)  # east
    xmp: bytes | None = None


def dng(
    image: Image.Image,
    *,
    preview: Image.Image | None = None,
    orientation: int = 1,
    told: Told | None = None,
) -> bytes:
    """A DNG file of an RGB picture, as a sensor of red, green and blue squares (RGGB) sees it.

    Args:
        image: as the sensor saw it, not turned.
        preview: a picture to put into it as a JPEG file; in full if it is as large as ``image``.
        orientation: EXIF's, of both.
    """
    told = told or Told()
    sensor: Entries = {
        254: (_LONG, (0,)),
        256: (_LONG, (image.width,)),
        257: (_LONG, (image.height,)),
        258: (_SHORT, (16,)),
        259: (_SHORT, (1,)),
        262: (_SHORT, (32803,)),
        277: (_SHORT, (1,)),
        278: (_LONG, (image.height,)),
        33421: (_SHORT, (2, 2)),
        33422: (_BYTE, (0, 1, 1, 2)),
        50714: (_SHORT, (0,)),
        50717: (_LONG, (65535,)),
    }
    main: Entries = {
        271: (_TEXT, told.make.encode()),
        272: (_TEXT, told.model.encode()),
        274: (_SHORT, (orientation,)),
        50706: (_BYTE, (1, 4, 0, 0)),
        50708: (_TEXT, told.model.encode()),
        # From XYZ to the camera's colours, which are those of sRGB.
        50721: (
            _SIGNED,
            _ratios(3.2406, -1.5372, -0.4986, -0.9689, 1.8758, 0.0415, 0.0557, -0.204, 1.057),
        ),
        50728: (_RATIO, (1, 1, 1, 1, 1, 1)),
        50778: (_SHORT, (21,)),  # daylight, D65
    }
    if told.xmp is not None:
        main[_XMP] = (_BYTE, told.xmp)
    exif: Entries = {
        0x829A: (_RATIO, (1, 250)),
        0x9003: (_TEXT, told.taken.encode()),
        0xA434: (_TEXT, told.lens.encode()),
    }
    gps: Entries = {}
    if told.latitude:
        for tag, side, parts in ((1, b"N", told.latitude), (3, b"E", told.longitude)):
            gps[tag] = (_TEXT, side)
            gps[tag + 1] = (_RATIO, tuple(n for part in parts for n in (part, 1)))
    jpeg = io.BytesIO()
    shown: Entries = {}
    if preview is not None:
        preview.save(jpeg, "JPEG", quality=90)
        shown = {
            254: (_LONG, (1,)),
            256: (_LONG, (preview.width,)),
            257: (_LONG, (preview.height,)),
            258: (_SHORT, (8, 8, 8)),
            259: (_SHORT, (7,)),
            262: (_SHORT, (6,)),
            277: (_SHORT, (3,)),
            278: (_LONG, (preview.height,)),
        }
    data = [jpeg.getvalue(), _mosaic(image).tobytes()]

    def headers(begin: int) -> bytes:
        """All directories, of a file whose data begins at ``begin``."""
        file = _File()
        subs = []
        for entries, part in zip((shown, sensor), data, strict=True):
            if entries:
                where: Entries = {273: (_LONG, (begin,)), 279: (_LONG, (len(part),))}
                subs.append(file.directory(entries | where))
            begin += len(part)
        pointers: Entries = {_SUBS: (_LONG, tuple(subs)), _EXIF: (_LONG, (file.directory(exif),))}
        if gps:
            pointers[_GPS] = (_LONG, (file.directory(gps),))
        return file.finished(file.directory(main | pointers))

    return headers(len(headers(0))) + b"".join(data)


def _mosaic(image: Image.Image) -> NDArray[np.uint16]:
    """What each of the sensor's squares sees: (height, width), linear."""
    values = (np.asarray(image.convert("RGB"), np.float32) / 255) ** 2.2 * 65535
    seen = values[:, :, 1].copy()
    seen[0::2, 0::2] = values[0::2, 0::2, 0]
    seen[1::2, 1::2] = values[1::2, 1::2, 2]
    return seen.astype("<u2")


def _ratios(*numbers: float) -> tuple[int, ...]:
    return tuple(part for number in numbers for part in (round(number * 10_000), 10_000))


class _File:
    """The directories of a TIFF file; the main one comes last."""

    def __init__(self) -> None:
        self._bytes = bytearray(8)

    def directory(self, entries: Entries) -> int:
        """Write a directory; returns where it is."""
        rows = []
        for tag, (kind, values) in sorted(entries.items()):
            if isinstance(values, bytes):
                data = values + (b"\0" if kind == _TEXT else b"")
                count = len(data)
            else:
                data = struct.pack(f"<{len(values)}{_SIZES[kind]}", *values)
                count = len(values) // (2 if kind in (_RATIO, _SIGNED) else 1)
            if len(data) > 4:
                at = self._end()
                self._bytes += data
                data = struct.pack("<I", at)
            rows.append(struct.pack("<HHI", tag, kind, count) + data.ljust(4, b"\0"))
        at = self._end()
        self._bytes += struct.pack("<H", len(rows)) + b"".join(rows) + bytes(4)
        return at

    def finished(self, main: int) -> bytes:
        """The file, whose main directory is at ``main``."""
        self._bytes[:8] = b"II*\0" + struct.pack("<I", main)
        self._end()
        return bytes(self._bytes)

    def _end(self) -> int:
        self._bytes += bytes(len(self._bytes) % 2)
        return len(self._bytes)


def make_raws(paths: list[Path], folder: Path, *, with_preview: bool) -> list[Path]:
    """A camera raw file of each picture, in ``folder``."""
    folder.mkdir()
    raws = []
    for path in paths:
        raws.append(folder / f"{path.stem}.dng")
        with Image.open(path) as image:
            raws[-1].write_bytes(dng(image, preview=image if with_preview else None))
    return raws

"""Which files are pictures: by their first bytes or, where that is not possible, by name."""

from __future__ import annotations

import os
from functools import cache
from pathlib import PurePath
from typing import BinaryIO

from PIL import Image

# Not raster, or needing a different program (Ghostscript), or headers without pixels.
_NOT_READ = frozenset({"EPS", "WMF", "MPEG", "BUFR", "GRIB", "HDF5", "PDF"})

_RAW = "3fr arw cr2 cr3 dng erf kdc mos mrw nef nrw orf pef raf raw rw2 rwl sr2 srf srw x3f"
RAW_EXTENSIONS = frozenset(f".{extension}" for extension in _RAW.split(" "))
"""Camera raw files: some open as TIFF, but only as a tiny preview."""

_MAGIC = (
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"GIF8", "GIF"),
    (8, b"WEBP", "WebP"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"BM", "BMP"),
    (4, b"ftyphei", "HEIF"),
    (4, b"ftyphev", "HEIF"),
    (4, b"ftypmif1", "HEIF"),
    (4, b"ftypmsf1", "HEIF"),
    (4, b"ftypavi", "AVIF"),
    (0, b"\0\0\0\x0cjP  ", "JPEG 2000"),
    (0, b"\xff\x4f\xff\x51", "JPEG 2000"),
)
HEAD = 16
"""How many of a file's first bytes ``sniff`` needs."""


def sniff(head: bytes) -> str | None:
    """The common picture format that the first bytes claim; None if they claim none."""
    return next((name for at, magic, name in _MAGIC if head[at:].startswith(magic)), None)


def is_cut_short(file: BinaryIO) -> bool:
    """Whether the file ends before its own structure does (RIFF and ISO media files only).

    Decoders of these formats call a half-copied file damaged, but people want to know that it is
    half-copied.
    """
    end = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(HEAD)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return int.from_bytes(head[4:8], "little") + 8 > end
    if head[4:8] not in (b"ftyp", b"jP  "):
        return False
    position = 0
    while position + 8 <= end:  # box after box: its size, then its kind
        file.seek(position)
        box = file.read(16)
        size = int.from_bytes(box[:4], "big")
        if size == 1:
            size = int.from_bytes(box[8:16], "big")
        if size < 8:  # 0 means "to the end of the file"; the rest is wrong, but not cut
            return False
        position += size
    return position != end


@cache
def readable_formats() -> tuple[str, ...]:
    """Pillow's names of the formats that can be read, including HEIF."""
    from pillow_heif import register_heif_opener

    register_heif_opener()
    Image.init()
    return tuple(name for name in Image.OPEN if name not in _NOT_READ)


@cache
def _extensions() -> frozenset[str]:
    formats = readable_formats()
    known = Image.registered_extensions()
    return frozenset(extension for extension, name in known.items() if name in formats)


def claims_picture(name: str) -> bool:
    """Whether the name's ending is that of a picture, including camera raw."""
    extension = PurePath(name).suffix.lower()
    return extension in _extensions() or extension in RAW_EXTENSIONS


def is_raw(name: str) -> bool:
    return PurePath(name).suffix.lower() in RAW_EXTENSIONS

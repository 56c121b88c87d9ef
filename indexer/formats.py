"""Which files are pictures: by their first bytes where it matters, by name where it must do."""

from __future__ import annotations

from functools import cache
from pathlib import PurePath

from PIL import Image

# Not raster, or handed to another program (Ghostscript), or headers without pixels.
_NOT_READ = frozenset({"EPS", "WMF", "MPEG", "BUFR", "GRIB", "HDF5", "PDF"})

_RAW = "3fr arw cr2 cr3 dng erf kdc mos mrw nef nrw orf pef raf raw rw2 rwl sr2 srf srw x3f"
RAW_EXTENSIONS = frozenset(f".{extension}" for extension in _RAW.split(" "))
"""Camera raw: some of it opens as TIFF, but what opens is a stamp-sized preview."""

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
"""How many first bytes ``sniff`` looks at."""


def sniff(head: bytes) -> str | None:
    """The picture format that the first bytes claim, if any that is common."""
    return next((name for at, magic, name in _MAGIC if head[at:].startswith(magic)), None)


@cache
def readable_formats() -> tuple[str, ...]:
    """Pillow's names of the formats that are read, HEIF included."""
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
    """Whether the name's ending says that it is a picture (camera raw included)."""
    extension = PurePath(name).suffix.lower()
    return extension in _extensions() or extension in RAW_EXTENSIONS


def is_raw(name: str) -> bool:
    return PurePath(name).suffix.lower() in RAW_EXTENSIONS

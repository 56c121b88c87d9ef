"""What a camera raw says beside its pixels, as a picture of one pixel that says the same.

So EXIF, IPTC and XMP of raws are read by what reads those of any other picture.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import BinaryIO

from PIL import ExifTags, Image

from indexer.pictures import formats
from indexer.pictures.embedded import Embedded, filled_up, read_embedded
from indexer.pictures.exif import ExifFacts
from indexer.pictures.raw import Preview
from indexer.pictures.raw_container import is_tiff
from store.metadata import Metadata

_XMP = 700
_CANONS = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_XMP_BOX = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_LARGEST = 8_000_000  # bytes of a block of metadata
_MOST_BOXES = 1_000


def raw_headers(file: BinaryIO, kind: str) -> Image.Image:
    """A picture whose EXIF and XMP are those of a raw file of ``kind`` (see ``raw_format``).

    CR3 has them in boxes, RAF in the JPEG inside it, most others in TIFF's directories. Those that
    have them nowhere else (CRW, MRW, X3F) say nothing here.

    Raises:
        Exception: whatever Pillow raises when it reads damaged bytes.
    """
    file.seek(0)
    head = file.read(formats.HEAD)
    if kind == "RAF":
        file.seek(84)
        at, length = struct.unpack(">2I", file.read(8))
        file.seek(at)
        return Image.open(io.BytesIO(file.read(min(length, _LARGEST))), formats=("JPEG",))
    image = Image.new("L", (1, 1))
    exif = image.getexif()
    if kind == "CR3":
        _read_boxes(file, image, exif)
    elif is_tiff(head):
        exif.load_from_fp(_AsTiff(file, head))  # type: ignore[arg-type]
        if isinstance(said := exif.get(_XMP), bytes):
            image.info["xmp"] = said
    return image


def read_raw(file: BinaryIO, kind: str, preview: Preview | None) -> Embedded:
    """What a raw file says, and where it says nothing, its preview. Never raises."""
    try:
        told = read_embedded(raw_headers(file, kind))
    except Exception:  # parsers of hostile bytes raise anything
        told = Embedded(ExifFacts(), Metadata())
    return filled_up(told, read_embedded(preview.image)) if preview else told


class _AsTiff:
    """A file that is TIFF but for its number, for Pillow to read."""

    def __init__(self, file: BinaryIO, head: bytes) -> None:
        self._file, self._order = file, head[:2]
        file.seek(0)

    def read(self, count: int = -1) -> bytes:
        at = self._file.tell()
        data = self._file.read(count)
        if at == 0 and len(data) >= 4:
            return (b"II*\0" if self._order == b"II" else b"MM\0*") + data[4:]
        return data

    def seek(self, at: int, whence: int = 0) -> int:
        return self._file.seek(at, whence)

    def tell(self) -> int:
        return self._file.tell()


def _read_boxes(file: BinaryIO, image: Image.Image, exif: Image.Exif) -> None:
    """Canon's CR3: blocks of TIFF for the main directory, EXIF and GPS, in boxes of their own."""
    blocks: dict[bytes, bytes] = {}
    for kind, begin, end in _boxes(file, 0, file.seek(0, io.SEEK_END)):
        if kind == b"moov":
            for inner, at, until in _boxes(file, begin, end):
                if inner == b"uuid" and _part(file, at, until)[:16] == _CANONS:
                    blocks |= {k: _part(file, b, e) for k, b, e in _boxes(file, at + 16, until)}
        elif kind == b"uuid":
            data = _part(file, begin, end)
            if data[:16] == _XMP_BOX:
                image.info["xmp"] = data[16:]
    if b"CMT1" in blocks:
        exif.load(blocks[b"CMT1"])
    for name, tag in ((b"CMT2", ExifTags.IFD.Exif), (b"CMT4", ExifTags.IFD.GPSInfo)):
        if name in blocks:
            block = Image.Exif()
            block.load(blocks[name])
            exif.get_ifd(tag).update(dict(block))


def _boxes(file: BinaryIO, begin: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes of ISO media between two places: their kind, and where their content is."""
    at = begin
    for _ in range(_MOST_BOXES):
        if at + 8 > end:
            return
        file.seek(at)
        size, kind = struct.unpack(">I4s", file.read(8).ljust(8, b"\0"))
        content = at + 8
        if size == 1:
            (size,) = struct.unpack(">Q", file.read(8).ljust(8, b"\0"))
            content = at + 16
        until = at + size if size else end
        if not content <= until <= end:
            return
        yield kind, content, until
        at = until


def _part(file: BinaryIO, begin: int, end: int) -> bytes:
    file.seek(begin)
    return file.read(min(end - begin, _LARGEST))

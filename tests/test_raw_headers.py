"""What raw files say beside their pixels, in the places where each kind has it."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image
from test_xmp import packet

from benchmarks.raw_files import Told, dng
from indexer.pictures.embedded import Embedded, read_embedded
from indexer.pictures.exif import ExifFacts
from indexer.pictures.exposure import read_exposure
from indexer.pictures.raw import Preview
from indexer.pictures.raw_headers import raw_headers, read_raw
from store.metadata import Metadata

XMP = packet("<dc:subject><rdf:Bag><rdf:li>kite</rdf:li></rdf:Bag></dc:subject>", 'xmp:Rating="4"')


def block(fill: Callable[[Image.Exif], None]) -> bytes:
    """A block of TIFF as Pillow writes it."""
    exif = Image.Exif()
    exif.endian = "<"
    fill(exif)
    return exif.tobytes().removeprefix(b"Exif\0\0")


def main_block(exif: Image.Exif) -> None:
    exif[0x010F], exif[0x0110] = "Maker", "Maker Two"
    exif.get_ifd(0x8769).update({0x9003: "2020:01:02 03:04:05", 0x829D: 4.0})
    exif.get_ifd(0x8825).update({1: "S", 2: (48.0, 30.0, 0.0), 3: "W", 4: (9.0, 0.0, 36.0)})


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def canons(xmp: bytes = XMP) -> bytes:
    """A CR3 of metadata alone."""

    def inner(exif: Image.Exif) -> None:
        exif[0x9003], exif[0xA434] = "2020:01:02 03:04:05", "Maker 50mm"

    def place(exif: Image.Exif) -> None:
        exif[1], exif[2], exif[3], exif[4] = "S", (48.0, 30.0, 0.0), "W", (9.0, 0.0, 36.0)

    def camera(exif: Image.Exif) -> None:
        exif[0x010F], exif[0x0110] = "Maker", "Maker Two"

    blocks = b"".join(
        box(name, block(fill))
        for name, fill in ((b"CMT1", camera), (b"CMT2", inner), (b"CMT4", place))
    )
    own = box(b"uuid", bytes.fromhex("85c0b687820f11e08111f4ce462b6a48") + blocks)
    said = box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + xmp)
    return box(b"ftyp", b"crx \0\0\0\1crx isom") + box(b"moov", own) + said


def fujis() -> bytes:
    jpeg = io.BytesIO()
    exif = Image.Exif()
    main_block(exif)
    Image.new("RGB", (16, 12)).save(jpeg, "JPEG", exif=exif.tobytes())
    head = b"FUJIFILMCCD-RAW".ljust(84, b"\0")
    return head + struct.pack(">2I", 108, len(jpeg.getvalue())) + bytes(16) + jpeg.getvalue()


FILES = {
    "DNG": dng(
        Image.new("RGB", (64, 48)),
        told=Told(model="Maker Two", taken="2020:01:02 03:04:05", lens="Maker 50mm", xmp=XMP),
    ),
    "CR3": canons(),
    "RAF": fujis(),
    "ORF": b"IIRO" + block(main_block)[4:],
    "RW2": b"IIU\0" + block(main_block)[4:],
}


@pytest.mark.parametrize("kind", FILES)
def test_camera_time_and_place(kind: str) -> None:
    told = read_embedded(raw_headers(io.BytesIO(FILES[kind]), kind))
    assert told.exif.camera == "Maker Two"
    assert told.metadata.taken_at == datetime(2020, 1, 2, 3, 4, 5)
    assert told.metadata.latitude and abs(told.metadata.latitude) == 48.5
    if kind in ("DNG", "CR3"):
        assert told.exif.lens == "Maker 50mm"
        assert told.metadata.rating == 4 and told.metadata.keywords == ("kite",)


@pytest.mark.parametrize("kind", FILES)
def test_what_is_cut_or_damaged_says_less(kind: str) -> None:
    whole = FILES[kind]
    for length in range(0, min(len(whole), 900), 7):
        read_raw(io.BytesIO(whole[:length]), kind, None)
    assert read_raw(io.BytesIO(whole[:20]), kind, None).metadata == Metadata()


def test_a_preview_says_what_the_file_does_not() -> None:
    jpeg = io.BytesIO()
    exif = Image.Exif()
    main_block(exif)
    Image.new("RGB", (16, 12)).save(jpeg, "JPEG", exif=exif.tobytes())
    preview = Preview(Image.open(jpeg), 1)
    told = read_raw(io.BytesIO(b"\0MRM" + bytes(99)), "MRW", preview)
    assert told.exif.camera == "Maker Two"
    assert told.metadata.taken_at == datetime(2020, 1, 2, 3, 4, 5)
    own = read_raw(io.BytesIO(dng(Image.new("RGB", (64, 48)))), "DNG", preview)
    assert own.exif == ExifFacts(
        original=own.exif.original,
        camera="Maker One",
        lens="Maker 35mm F2",
        latitude=48.5,
        longitude=9 + 30 / 3600,
    )
    assert own.metadata.taken_at == datetime(2019, 7, 4, 18, 30, 5)
    assert isinstance(own, Embedded)


def test_exposure(tmp_path: Path) -> None:
    raw, jpeg = tmp_path / "a.dng", tmp_path / "a.jpg"
    raw.write_bytes(FILES["DNG"])
    exif = Image.Exif()
    main_block(exif)
    Image.new("RGB", (16, 12)).save(jpeg, exif=exif.tobytes())
    assert read_exposure(raw) == "1/250 s"
    assert read_exposure(jpeg) == "f/4"
    raw.write_bytes(b"")
    assert read_exposure(raw) is None
    assert read_exposure(tmp_path / "none.jpg") is None

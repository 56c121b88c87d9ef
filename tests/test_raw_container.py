"""Which camera raw a file is; of kinds that can't be made here, the beginnings."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.raw_files import Told, dng
from indexer.pictures.raw_container import is_raw_cut_short, raw_format
from store.stacks import RAW_FORMATS


def tiff(*entries: tuple[int, int, int, int], head: bytes = b"II*\0", data: bytes = b"") -> bytes:
    """A file like TIFF with one directory of (tag, type, count, value), and ``data`` behind it."""
    rows = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return head + struct.pack("<IH", 8, len(entries)) + rows + bytes(4) + data


def sensor_by(make: bytes) -> bytes:
    """A file of that make with pixels of a sensor."""
    at = 8 + 2 + 2 * 12 + 4
    return tiff((262, 3, 1, 32803), (271, 2, len(make) + 1, at), data=make + b"\0")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"FUJIFILMCCD-RAW 0201FF383501", "RAF"),
        (b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", "CR3"),
        (b"II\x1a\0\0\0HEAPCCDR", "CRW"),
        (b"\0MRM\0\0\0\0", "MRW"),
        (b"FOVb\0\0\x02\0", "X3F"),
        (b"II*\0\x10\0\0\0CR\x02\0", "CR2"),
        (tiff(head=b"IIU\0"), "RW2"),
        (tiff(head=b"IIRO"), "ORF"),
        (b"MMOR\0\0\0\x08\0\0\0\0\0\0", "ORF"),
        (sensor_by(b"NIKON CORPORATION"), "NEF"),
        (sensor_by(b"SONY"), "ARW"),
        (sensor_by(b"RICOH IMAGING COMPANY, LTD."), "PEF"),
        (sensor_by(b"A workshop"), "RAW"),
        (tiff((259, 3, 1, 34713)), "RAW"),
    ],
)
def test_kinds_by_content(content: bytes, kind: str) -> None:
    file = io.BytesIO(content)
    assert raw_format(file) == kind
    assert file.tell() == 0
    assert kind in RAW_FORMATS


def test_dng_is_dng_whoever_made_it() -> None:
    assert raw_format(io.BytesIO(dng(Image.new("RGB", (64, 48)), told=Told(make="SONY")))) == "DNG"


def test_a_name_says_what_the_content_does_not(tmp_path: Path) -> None:
    unknown = io.BytesIO(b"a camera of its own kind")
    assert raw_format(unknown) is None
    assert raw_format(unknown, "a.mos") == "RAW"
    path = tmp_path / "a.tif"
    Image.new("RGB", (8, 8)).save(path)
    plain = io.BytesIO(path.read_bytes())
    assert raw_format(plain) is None
    assert raw_format(plain, "scan.tif") is None
    assert raw_format(plain, "a.KDC") == "RAW"
    Image.new("RGB", (8, 8)).save(tmp_path / "a.jpg")
    assert raw_format(io.BytesIO((tmp_path / "a.jpg").read_bytes()), "a.nef") is None


@pytest.mark.parametrize(
    "content",
    [
        b"II*\0",
        b"II*\0\xff\xff\xff\xff",
        b"MM\0*\0\0\0\x08\xff\xff",
        tiff((330, 4, 1, 8)),  # a directory inside itself
        tiff((330, 4, 2**32 - 1, 8)),
        tiff((271, 2, 90_000, 20)),
        tiff((271, 9, 1, 20)),
    ],
)
def test_damaged_directories_say_nothing(content: bytes) -> None:
    assert raw_format(io.BytesIO(content)) is None
    assert not is_raw_cut_short(io.BytesIO(content))


def test_what_is_cut_short() -> None:
    whole = dng(Image.new("RGB", (200, 100), "red"))
    assert not is_raw_cut_short(io.BytesIO(whole))
    for length in (len(whole) // 2, len(whole) - 2_000):
        assert is_raw_cut_short(io.BytesIO(whole[:length]))
    panasonic = tiff((279, 4, 1, 1000), (280, 4, 1, 100), head=b"IIU\0", data=bytes(1_100))
    assert not is_raw_cut_short(io.BytesIO(panasonic))
    assert is_raw_cut_short(io.BytesIO(panasonic[:600]))
    fuji = b"FUJIFILMCCD-RAW".ljust(84, b"\0") + struct.pack(">6I", 120, 9, 0, 0, 129, 500)
    assert is_raw_cut_short(io.BytesIO(fuji))
    assert not is_raw_cut_short(io.BytesIO(fuji.ljust(700, b"\0")))
    assert is_raw_cut_short(io.BytesIO(fuji[:90]))
    canon = struct.pack(">I", 24) + b"ftypcrx ".ljust(20, b"\0") + struct.pack(">I", 900) + b"mdat"
    assert is_raw_cut_short(io.BytesIO(canon + bytes(100)))
    assert not is_raw_cut_short(io.BytesIO(canon + bytes(892)))

from __future__ import annotations

import io
from pathlib import Path

import pytest

import hostile
from indexer.pictures import formats


@pytest.mark.parametrize("ending", hostile.ENDINGS)
def test_first_bytes_and_endings_of_what_is_read(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    hostile.noise(40, 30).save(path)
    assert formats.sniff(path.read_bytes()[: formats.HEAD])
    assert formats.claims_picture(path.name)
    assert formats.claims_picture(path.name.upper())
    with path.open("rb") as file:
        assert not formats.is_cut_short(file)


@pytest.mark.parametrize("name", ["a.txt", "a.mp4", "a.pdf", "a", "jpg", "a.jpg.xmp", "a.eps"])
def test_endings_that_claim_nothing(name: str) -> None:
    assert not formats.claims_picture(name)


def test_raw_claims_to_be_a_picture() -> None:
    assert formats.is_raw("DSC_1.NEF") and formats.claims_picture("DSC_1.NEF")


def test_nothing_is_handed_to_other_programs() -> None:
    assert not {"EPS", "WMF"} & set(formats.readable_formats())
    assert {"JPEG", "PNG", "HEIF", "AVIF", "WEBP", "GIF", "TIFF"} <= set(formats.readable_formats())


@pytest.mark.parametrize(
    "content", [b"", b"RIFF", b"\0\0\0\x01ftyp", b"\0\0\0\0ftypavif", b"x" * 99]
)
def test_cut_short_never_hangs_or_raises(content: bytes) -> None:
    assert formats.is_cut_short(io.BytesIO(content)) in (True, False)

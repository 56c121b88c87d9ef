"""Camera raw files, made here: DNG with and without a preview, whole and damaged."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.raw_files import Told, dng
from conftest import Index
from indexer.pictures import raw
from indexer.pictures.decode import decode
from indexer.pictures.limits import DECODING
from indexer.pictures.raw import NOT_INSTALLED, Preview, RawFile, can_read_raw
from indexer.pictures.read_photo import read_photo
from indexer.pictures.thumbnails import render
from store.errors import PhotoError
from store.library import Library
from store.states import State

RED, GREEN, BLUE = (200, 30, 30), (30, 200, 30), (30, 30, 200)
_STORED = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90} | {
    8: Image.Transpose.ROTATE_270
}


def upright(width: int = 320, height: int = 200) -> Image.Image:
    """Red top left, green top right, blue bottom left, grey bottom right."""
    image = Image.new("RGB", (width, height), (120, 120, 120))
    image.paste(RED, (0, 0, width // 2, height // 2))
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    return image


def corners(image: Image.Image) -> list[str]:
    """What is strongest near each corner: top left, top right, bottom left."""
    width, height = image.size
    places = (
        (width // 5, height // 5),
        (width * 4 // 5, height // 5),
        (width // 5, height * 4 // 5),
    )
    pixels = [image.getpixel(place) for place in places]
    return ["RGB"[max(range(3), key=lambda n: pixel[n])] for pixel in pixels]  # type: ignore[index]


def mark(image: Image.Image) -> Image.Image:
    """``image`` with a white middle, to tell a preview from the sensor's pixels."""
    marked = image.copy()
    width, height = image.size
    marked.paste("white", (width * 2 // 5, height * 2 // 5, width * 3 // 5, height * 3 // 5))
    return marked


def is_marked(image: Image.Image) -> bool:
    pixel = image.getpixel((image.width // 2, image.height // 2))
    return min(pixel) > 240  # type: ignore[arg-type]


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
@pytest.mark.parametrize("shown", ["sensor", "half", "preview"])
def test_every_orientation_ends_upright(orientation: int, shown: str) -> None:
    way = _STORED.get(orientation)
    stored = upright().transpose(way) if way is not None else upright()
    preview = mark(stored) if shown == "preview" else None
    side = 150 if shown == "sensor" else 90
    image, facts = decode(io.BytesIO(dng(stored, preview=preview, orientation=orientation)), side)
    assert (facts.width, facts.height, facts.format) == (320, 200, "DNG")
    assert image.size == ((160, 100) if shown == "half" else (320, 200))
    assert corners(image) == ["R", "G", "B"]
    assert is_marked(image) == (shown == "preview")


def test_a_preview_shows_where_it_is_large_enough() -> None:
    small = mark(upright().resize((160, 100)))
    file = dng(upright(), preview=small)
    assert is_marked(decode(io.BytesIO(file), 100)[0])
    image, facts = decode(io.BytesIO(file), 101)
    assert not is_marked(image) and image.size == (320, 200)
    assert (facts.width, facts.height) == (320, 200)


def test_a_damaged_preview_is_left_for_the_sensors_pixels() -> None:
    preview = mark(upright())
    whole = dng(upright(), preview=preview)
    begin = whole.index(b"\xff\xd8\xff")
    tables = whole.index(b"\xff\xc4", begin) + 5  # of Huffman: it opens, and can't be decoded
    damaged = whole[:tables] + b"\xff" * 16 + whole[tables + 16 :]
    image, _ = decode(io.BytesIO(damaged), 90)
    assert corners(image) == ["R", "G", "B"] and not is_marked(image)
    no_jpeg = whole[:begin] + bytes(200) + whole[begin + 200 :]
    image, _ = decode(io.BytesIO(no_jpeg), 90)
    assert corners(image) == ["R", "G", "B"] and not is_marked(image)


@pytest.mark.parametrize(
    ("own", "of_raw", "preview", "expected"),
    [
        (None, 6, (40, 30), 6),
        (6, 6, (40, 30), 6),
        (1, 6, (40, 30), 6),  # it would lie across the raw
        (6, 6, (30, 40), 1),  # a camera that turns previews itself
        (3, 1, (40, 30), 3),
        (0, 8, (40, 30), 8),
        ("x", 8, (30, 30), 8),
    ],
)
def test_which_way_up_a_preview_is(
    own: object, of_raw: int, preview: tuple[int, int], expected: int
) -> None:
    size = (300, 400) if of_raw >= 5 else (400, 300)
    assert raw._way_up(preview, own, size, of_raw) == expected


def test_facts(tmp_path: Path) -> None:
    path = tmp_path / "DSC_1.DNG"
    path.write_bytes(dng(upright(), told=Told(model="Maker Two")))
    photo = read_photo(path, 64, lambda _digest: False)
    assert photo.facts
    assert photo.facts.camera == "Maker Two" and photo.facts.lens == "Maker 35mm F2"
    assert str(photo.facts.taken_at) == "2019-07-04 18:30:05" and photo.facts.latitude == 48.5
    preview = Image.open(io.BytesIO(render(path, 80)))
    assert max(preview.size) == 80 and corners(preview.convert("RGB")) == ["R", "G", "B"]


def refused(content: bytes, name: str = "a.dng", most: int = 250_000_000) -> PhotoError:
    with pytest.raises(PhotoError) as caught:
        decode(io.BytesIO(content), 64, most, name=name)
    return caught.value


def test_bad_files_are_refused_with_a_reason(capfd: pytest.CaptureFixture[str]) -> None:
    whole = dng(upright(), preview=upright().resize((160, 100)))
    for length in (len(whole) // 2, len(whole) - 3_000):
        error = refused(whole[:length])  # though its preview is whole
        assert error.state is State.TRUNCATED
        assert str(error) == "only the beginning of the raw data is there"
    assert refused(b"II*\0" + bytes(99)).state is State.UNSUPPORTED
    assert str(refused(b"nothing that is known" * 9)) == raw.UNKNOWN
    assert refused(whole, most=60_000).state is State.TOO_LARGE
    fuji = refused(b"FUJIFILMCCD-RAW 0201FF383501" + bytes(900))
    assert fuji.state in (State.TRUNCATED, State.UNSUPPORTED, State.DAMAGED)
    assert capfd.readouterr().err == ""


def test_a_size_that_no_memory_holds_is_refused_undecoded() -> None:
    at = b"\0\1\4\0\1\0\0\0"  # the width: tag 256, one number
    whole = dng(upright())
    place = whole.index(at) + len(at)
    claiming = whole[:place] + (60_000).to_bytes(4, "little") + whole[place + 4 :]
    place = claiming.index(b"\1\1\4\0\1\0\0\0") + 8
    claiming = claiming[:place] + (50_000).to_bytes(4, "little") + claiming[place + 4 :]
    assert refused(claiming).state is State.TOO_LARGE


def test_what_developing_takes() -> None:
    assert RawFile((4_000, 3_000), None).bytes_to_develop(half=True) < 100_000_000
    with pytest.raises(PhotoError, match=r"developing it would take 4\.0 GB"):
        RawFile((20_000, 10_000), None).bytes_to_develop(half=False)


def test_which_preview_is_large_enough() -> None:
    small = Preview(Image.new("RGB", (160, 100)), 1)
    assert RawFile((4_000, 3_000), small).shows(100) is small
    assert RawFile((4_000, 3_000), small).shows(101) is None
    assert RawFile((150, 90), small).shows(500) is small  # larger than the raw itself
    assert RawFile((4_000, 3_000), None).shows(1) is None
    whole = Preview(Image.new("RGB", (4_000, 3_000)), 1)
    assert RawFile((4_032, 3_024), whole).shows(9_000) is whole


@pytest.fixture
def without_rawpy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As on a machine for which rawpy has no wheel."""
    can_read_raw.cache_clear()
    monkeypatch.setitem(sys.modules, "rawpy", None)
    yield
    can_read_raw.cache_clear()


@pytest.mark.usefixtures("without_rawpy")
def test_without_rawpy_raw_is_unsupported_and_says_what_to_install(tmp_path: Path) -> None:
    error = refused(dng(upright()))
    assert error.state is State.UNSUPPORTED and str(error) == NOT_INSTALLED
    assert "pip install rawpy" in NOT_INSTALLED
    jpeg = tmp_path / "a.cr2"  # not by its content
    upright().save(jpeg, "JPEG")
    assert read_photo(jpeg, 64, lambda _digest: False).image


def test_what_was_refused_without_rawpy_is_read_once_it_is_there(
    tmp_path: Path, library: Library, index: Index
) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    (photos / "a.dng").write_bytes(dng(upright()))
    (photos / "cut.dng").write_bytes(dng(upright())[:50_000])
    (photos / "b.jpg").write_bytes(b"no jpeg")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "rawpy", None)
        can_read_raw.cache_clear()
        failed = index(photos).failed
    can_read_raw.cache_clear()
    assert failed.total() == 3
    refused = {one.path.name: one.reason for one in library.files([State.UNSUPPORTED])}
    assert refused.keys() == {"a.dng", "b.jpg"} and refused["a.dng"] == NOT_INSTALLED
    again = index(photos)
    assert again.opened == 1
    (read,) = library.files([State.INDEXED])
    assert read.path.name == "a.dng" and read.facts and read.facts.format == "DNG"
    assert index(photos).opened == 0


def test_no_memory_stays_held() -> None:
    whole = dng(upright(), preview=upright())
    assert decode(io.BytesIO(whole), 90)
    refused(whole[:9_000])
    refused(b"FUJIFILMCCD-RAW 0201FF383501" + bytes(900))
    with DECODING.hold(DECODING.total):  # it would wait for ever
        pass

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

import pytest
from PIL import Image

from indexer.pictures.exif import ExifFacts, read_exif


def facts(
    main: dict[int, Any] | None = None,
    detail: dict[int, Any] | None = None,
    gps: dict[int, Any] | None = None,
) -> ExifFacts:
    """Write tags into a real JPEG and read them back."""
    exif = Image.Exif()
    exif.update(main or {})
    if detail:
        exif.get_ifd(0x8769).update(detail)
    if gps:
        exif.get_ifd(0x8825).update(gps)
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG", exif=exif)
    file.seek(0)
    with Image.open(file) as image:
        return read_exif(image)


PARIS = {1: "N", 2: (48.0, 51.0, 24.0), 3: "E", 4: (2.0, 21.0, 7.2)}


def test_all_of_it() -> None:
    read = facts(
        {0x010F: "Fujifilm", 0x0110: "X-T3", 0x0112: 6, 0x0132: "2022:01:01 00:00:00"},
        {0x9003: "2019:07:14 18:30:05", 0xA434: "XF23mmF2 R WR"},
        PARIS,
    )
    assert read.taken_at == datetime(2019, 7, 14, 18, 30, 5)
    assert (read.camera, read.lens) == ("Fujifilm X-T3", "XF23mmF2 R WR")
    assert read.latitude == pytest.approx(48.8567, abs=1e-4)
    assert read.longitude == pytest.approx(2.352, abs=1e-4)
    assert read.orientation == 6


def test_nothing() -> None:
    assert facts() == ExifFacts()


def test_south_and_west_are_negative() -> None:
    read = facts(gps={1: "S", 2: (33.0, 52.0, 0.0), 3: "W", 4: (70.0, 30.0, 0.0)})
    assert read.latitude == pytest.approx(-33.8667, abs=1e-4)
    assert read.longitude == pytest.approx(-70.5)


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        ("Canon", "Canon EOS R5", "Canon EOS R5"),
        ("NIKON CORPORATION", "NIKON D850", "NIKON D850"),
        ("Apple", "iPhone 12", "Apple iPhone 12"),
        ("Apple", None, "Apple"),
        (None, "X100", "X100"),
        ("  ", "\0\0", None),
        ("Evil\x1b[31m", "Cam\n", "Evil[31m Cam"),
    ],
)
def test_camera(make: str | None, model: str | None, camera: str | None) -> None:
    tags = {0x010F: make, 0x0110: model}
    assert facts({k: v for k, v in tags.items() if v is not None}).camera == camera


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019:07:14 18:30:05", datetime(2019, 7, 14, 18, 30, 5)),
        ("2019-07-14 18:30:05", None),  # the time's own separators must be right
        ("2019:07:14 18:30:05\0\0", datetime(2019, 7, 14, 18, 30, 5)),
        ("0000:00:00 00:00:00", None),
        ("1601:01:01 00:00:00", None),
        ("    :  :     :  :  ", None),
        ("yesterday", None),
    ],
)
def test_dates(text: str, expected: datetime | None) -> None:
    if text.startswith("2019-"):
        expected = datetime(2019, 7, 14, 18, 30, 5)  # some phones write it so: taken as meant
    assert facts(detail={0x9003: text}).taken_at == expected


def test_a_useless_date_gives_way_to_the_next() -> None:
    read = facts({0x0132: "2020:02:02 02:02:02"}, {0x9003: "0000:00:00 00:00:00"})
    assert read.taken_at == datetime(2020, 2, 2, 2, 2, 2)


@pytest.mark.parametrize(
    "gps",
    [
        {**PARIS, 2: (98.0, 0.0, 0.0)},
        {**PARIS, 4: (200.0, 0.0, 0.0)},
        {1: "N", 2: (48.0, 51.0, 24.0)},
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
    ],
)
def test_places_that_are_none(gps: dict[int, Any]) -> None:
    read = facts(gps=gps)
    assert (read.latitude, read.longitude) == (None, None)


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_impossible_orientation_is_upright(value: int) -> None:
    assert facts({0x0112: value}).orientation == 1


def test_broken_bytes_cost_the_facts_not_the_photo() -> None:
    file = io.BytesIO()
    broken = b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\xff" * 60
    Image.new("RGB", (8, 8)).save(file, "JPEG", exif=broken)
    file.seek(0)
    with Image.open(file) as image:
        assert read_exif(image) == ExifFacts()

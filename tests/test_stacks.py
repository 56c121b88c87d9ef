"""Which files of a folder are stacked, by names, formats and lengths alone."""

from __future__ import annotations

import pytest

from store.stacks import RAW_FORMATS, stacked, up_to_dot


@pytest.mark.parametrize("shown", ["JPEG", "MPO", "HEIF"])
@pytest.mark.parametrize("raw", RAW_FORMATS)
def test_a_raw_is_stacked_beside_its_picture(raw: str, shown: str) -> None:
    assert stacked({"IMG_1.RAW": raw, "IMG_1.JPG": shown, "IMG_2.RAW": raw}) == {"IMG_1.RAW"}


@pytest.mark.parametrize(
    "formats",
    [
        {},
        {"a.cr2": "CR2"},
        {"a.cr2": "CR2", "b.jpg": "JPEG"},
        {"a.cr2": "CR2", "a.png": "PNG"},  # made of it by a program, perhaps long after
        {"a.cr2": "CR2", "a.tif": "TIFF"},
        {"a.cr2": "CR2", "a.dng": "DNG"},
        {"a.cr2": "CR2", "A.jpg": "JPEG"},
        {"a.b.cr2": "CR2", "a.jpg": "JPEG"},
        {"a.cr2": "CR2", "a.b.jpg": "JPEG"},
        {"a.cr2.cr2": "CR2", "a.cr2": "JPEG"},
        {"a.jpg": "JPEG", "a.heic": "HEIF"},
        {"a": "JPEG", "a.cr2": "CR2"},
        {"a": "CR2", "a.jpg": "JPEG"},
        {".jpg": "JPEG", ".cr2": "CR2"},
    ],
)
def test_what_is_no_stack(formats: dict[str, str]) -> None:
    assert stacked(formats) == set()


def test_stacks_of_several() -> None:
    formats = {"a.cr2": "CR2", "a.dng": "DNG", "a.jpg": "JPEG", "a.heic": "HEIF"}
    assert stacked(formats) == {"a.cr2", "a.dng"}


@pytest.mark.parametrize(
    ("milliseconds", "is_live"),
    [(2_900, True), (5_000, True), (5_001, False), (0, False), (None, False)],
)
@pytest.mark.parametrize("kind", ["MOV", "MP4"])
def test_the_video_of_a_live_photo(kind: str, milliseconds: int | None, is_live: bool) -> None:
    formats = {"a.heic": "HEIF", "a.mov": kind, "b.mov": kind}
    durations = {"a.heic": None, "a.mov": milliseconds, "b.mov": milliseconds}
    assert stacked(formats, durations) == ({"a.mov"} if is_live else set())


@pytest.mark.parametrize(
    ("name", "before"),
    [("a.jpg", "a."), ("a.b.jpg", "a.b."), ("a", ""), (".a", ""), ("a.", "a."), ("..a", "..")],
)
def test_names_up_to_their_endings(name: str, before: str) -> None:
    assert up_to_dot(name) == before

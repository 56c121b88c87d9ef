"""Copies and different pictures, told apart by their corners and pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

from benchmarks.duplicates import COPIES
from benchmarks.written_pages import PAGES
from indexer.pictures.keypoints import WAYS, keypoints, turned, turned_back
from indexer.pictures.looks import signature
from indexer.pictures.placing import look_of
from indexer.pictures.same_picture import PAGE_SIDE, Change, copy_of


def change(one: Image.Image, other: Image.Image) -> Change | None:
    def grey(image: Image.Image) -> Image.Image:
        small = image.convert("L")
        small.thumbnail((PAGE_SIDE, PAGE_SIDE), Image.Resampling.BOX)
        return small

    return copy_of(look_of(one), look_of(other), lambda: (grey(one), grey(other)))


@pytest.fixture(scope="module")
def cat(real_photos: Path) -> Image.Image:
    with Image.open(real_photos / "chelsea.png") as image:
        return image.convert("RGB")


@pytest.mark.parametrize("name", COPIES)
def test_copies_of_a_photo(cat: Image.Image, name: str) -> None:
    expected: dict[str, Change] = {
        "10 % cut off each side": "cropped",
        "30 % cut off each side": "cropped",
        "a white border": "cropped",
        "straightened by 3 degrees": "cropped",
        "mirrored": "mirrored",
        "turned by 90 degrees": "turned",
        "turned by 180 degrees": "turned",
        "turned by 270 degrees": "turned",
    }
    assert change(cat, COPIES[name](cat)) == expected.get(name, "saved")


def test_photos_that_somebody_was_moved_in_are_different(
    cat: Image.Image, real_photos: Path
) -> None:
    with Image.open(real_photos / "coffee.png") as image:
        visitor = ImageOps.fit(image.convert("RGB"), (150, 150))
    here, there = cat.copy(), cat.copy()
    here.paste(visitor, (20, 60))
    there.paste(visitor, (260, 100))
    assert change(here, there) is None
    assert change(here, ImageEnhance.Brightness(here).enhance(1.2)) == "saved"


@pytest.mark.parametrize("kind", PAGES)
def test_pages_of_one_form_are_different(kind: str) -> None:
    first, second = PAGES[kind](0), PAGES[kind](1)
    assert change(first, second) is None
    assert change(first, first.resize((first.width // 2, first.height // 2))) == "saved"


def test_pictures_of_one_colour() -> None:
    """Also of two colours that are one grey."""
    teal, grey = (0, 128, 128), (90, 90, 90)
    one = Image.new("RGB", (60, 40), teal)
    assert one.convert("L").getpixel((0, 0)) == 90
    assert change(one, Image.new("RGB", (90, 60), teal)) == "saved"
    assert change(one, Image.new("RGB", (60, 40), grey)) is None


@pytest.mark.parametrize("way", range(WAYS))
def test_ways_are_those_of_pillow(cat: Image.Image, way: int) -> None:
    ways = [None, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90]
    other = ImageOps.mirror(cat) if way >= 4 else cat
    step = ways[way % 4]
    other = other if step is None else other.transpose(step)
    one, two = look_of(cat).corners, look_of(other).corners
    places = turned(one.places, way)
    assert np.allclose(turned_back(places, way), one.places)
    near = np.abs(places[:, None] - two.places).min(axis=1) <= 2
    assert near.mean() > 0.9
    assert signature(look_of(cat).small) @ signature(look_of(other).small) > 0.99


def test_a_picture_without_corners_has_none() -> None:
    assert len(keypoints(Image.new("L", (256, 10))).places) == 0
    assert len(keypoints(Image.new("L", (256, 200), 100)).places) == 0

from __future__ import annotations

import pytest
from PIL import Image

from app.query.file_types import formats_of, type_of
from store.stacks import RAW_FORMATS


@pytest.mark.parametrize(
    ("asked", "formats"),
    [
        ("jpg", ("JPEG", "MPO")),
        ("JPEG", ("JPEG", "MPO")),
        ("tif", ("TIFF",)),
        ("jp2", ("JPEG2000",)),
        ("png", ("PNG",)),
        ("raw", RAW_FORMATS),
        ("cr2", ("CR2",)),
    ],
)
def test_what_people_call_it(asked: str, formats: tuple[str, ...]) -> None:
    assert formats_of(asked) == formats


def test_a_type_asks_for_its_own_format() -> None:
    """So that a number beside a type is what a click on it gives."""
    Image.init()
    for name in {*Image.OPEN, "HEIF", "MPO", *RAW_FORMATS}:
        assert name in formats_of(type_of(name))

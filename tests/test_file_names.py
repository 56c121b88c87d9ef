"""Names of files among the words of a query."""

from __future__ import annotations

import pytest

from app.query.file_names import file_name
from app.query.parser import parse_text
from app.query.phrases import Word
from app.query.understanding import understood
from indexer.pictures.formats import RAW_EXTENSIONS, claims_picture
from indexer.videos.video_files import VIDEO_ENDINGS
from store.filters import Name
from store.stacks import RAW_FORMATS

PICTURES = ("jpg", "JPEG", "jfif", "png", "heic", "hif", "tif", "webp", "gif", "avif", "jp2")


def words(text: str) -> list[Word]:
    return [Word(word) for word in text.split()]


@pytest.mark.parametrize(
    "ending",
    sorted({*RAW_EXTENSIONS, *VIDEO_ENDINGS, *(f".{one}" for one in (*PICTURES, *RAW_FORMATS))}),
)
def test_files_of_every_format_that_is_indexed(ending: str) -> None:
    for name in (f"IMG_1234{ending}", f"my dog{ending.upper()}"):
        part = file_name(words(name))
        assert part is not None and part.filter == Name(name)


@pytest.mark.parametrize("ending", PICTURES)
def test_these_are_pictures(ending: str) -> None:
    assert claims_picture(f"a.{ending}")


@pytest.mark.parametrize("text", ["a dog.", "www.example.com", "version 1.2", ".mov", "mov", "ts"])
def test_what_is_no_file(text: str) -> None:
    assert file_name(words(text)) is None


def test_a_name_is_no_unknown_word() -> None:
    parsed = understood(parse_text("IMG_1234.MOV"))
    assert parsed.unread is None and str(parsed.query()) == "named IMG_1234.MOV"

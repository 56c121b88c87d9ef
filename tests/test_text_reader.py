"""The real reader on drawn pictures: upright, rotated, long ones; nothing is printed or fetched."""

from __future__ import annotations

import socket
from itertools import pairwise

import pytest
from PIL import Image, ImageDraw, ImageFont

import indexer.reading.text_reader as home
from indexer.reading.text_reader import PictureTextReader
from store.errors import EngineUnavailable
from store.picture_text import TextLine

pytest.importorskip("rapidocr", reason="rapidocr, of the extra text, is not installed")


@pytest.fixture(scope="module")
def reader() -> PictureTextReader:
    return PictureTextReader()


def written(*lines: str, size: tuple[int, int] = (640, 480), letters: int = 40) -> Image.Image:
    image = Image.new("RGB", size, "white")
    for place, line in enumerate(lines):
        where = (40, 40 + place * 3 * letters)
        ImageDraw.Draw(image).text(where, line, "black", ImageFont.load_default(letters))
    return image


def words(lines: list[TextLine]) -> list[str]:
    return [line.text for line in lines]


def test_lines_and_where_they_are(
    reader: PictureTextReader, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refused(*_args: object) -> None:
        raise AssertionError("the reader wants something from the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    first, second = reader.read(written("MIAMI BEACH", "Open 24 hours"))
    assert (first.text, second.text) == ("MIAMI BEACH", "Open 24 hours")
    assert first.confidence > 0.9
    left, upper, right, _, _, lower, _, _ = first.box
    assert 0.03 < left < 0.09 and 0.3 < right < 0.7
    assert 0.05 < upper < 0.12 and 0.15 < lower < 0.22
    assert second.box[1] > lower
    assert capfd.readouterr() == ("", "")


@pytest.mark.one_python
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_rotated_text(reader: PictureTextReader, degrees: int) -> None:
    image = written("MIAMI BEACH", "Open 24 hours").rotate(degrees, expand=True)
    assert sorted(words(reader.read(image))) == ["MIAMI BEACH", "Open 24 hours"]


@pytest.mark.one_python
def test_a_long_screenshot_is_read_piece_by_piece(reader: PictureTextReader) -> None:
    lines = [f"Message number {number}" for number in range(10, 50)]
    image = written(*lines, size=(600, 3700), letters=30)
    read = reader.read(image)
    assert words(read) == lines  # each once, in order
    assert all(line.box[1] < other.box[1] for line, other in pairwise(read))


def test_there_is_nothing_to_read(reader: PictureTextReader) -> None:
    assert reader.read(Image.new("RGB", (300, 200), "white")) == []
    assert reader.read(Image.new("RGB", (1, 1))) == []


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "is_available", lambda: False)
    with pytest.raises(EngineUnavailable, match=r"pip install 'clipsearch\[text\]'"):
        PictureTextReader()

"""The text that was read in a photo, beside it and on it, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.served import served
from browser import Page, chromium, expect, index_album, page, settings, tiles, visit
from conftest import draw
from store.library import Library
from store.picture_text import ReadText, TextLine

__all__ = ["chromium", "page"]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, engine_cache: Path) -> Iterator[str]:
    """Of the page over a photo in which two lines were read, and one without text."""
    place = tmp_path_factory.mktemp("text")
    album = place / "album"
    album.mkdir()
    sign = draw(album / "sign.png", "red", (400, 300))
    draw(album / "plain.png", "blue", (400, 300))
    environment = settings(place, engine_cache)
    index_album(place / "library", album, environment)
    with Library.open(place / "library") as library, library.writing() as writer:
        (id,) = library.contents_at(sign)
        upper = (0.1, 0.2, 0.9, 0.2, 0.9, 0.4, 0.1, 0.4)
        lower = (0.1, 0.5, 0.5, 0.5, 0.5, 0.7, 0.1, 0.7)
        lines = [TextLine("MIAMI", 0.9, upper), TextLine("<b>beach</b>", 0.9, lower)]
        writer.set_texts({id: ReadText(lines, "drawn")})
    with served(place / "library", **environment) as server:
        yield server.address


def test_lines_beside_the_photo_and_on_it(page: Page) -> None:
    visit(page, "text:miam")
    expect(tiles(page)).to_have_count(1)
    tiles(page).first.click()
    expect(page.locator(".read-text p")).to_have_text("MIAMI\n<b>beach</b>")
    marks = page.locator(".text-marks polygon")
    expect(marks).to_have_count(2)
    expect(marks.first).not_to_be_visible()
    where = page.get_by_role("button", name="Show where")
    where.click()
    expect(where).to_have_attribute("aria-pressed", "true")
    expect(marks.first).to_be_visible()
    picture, mark = page.locator(".photo").bounding_box(), marks.first.bounding_box()
    assert picture and mark
    assert abs(mark["x"] - picture["x"] - 0.1 * picture["width"]) < 6  # with its edge
    assert abs(mark["width"] - 0.8 * picture["width"]) < 12
    assert abs(mark["y"] - picture["y"] - 0.2 * picture["height"]) < 6
    page.get_by_role("button", name="Copy text").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "MIAMI\n<b>beach</b>"
    expect(page.locator(".why")).to_have_text(re.compile("with the text"))


def test_a_photo_without_text_says_nothing_of_it(page: Page) -> None:
    visit(page, "name:plain")
    tiles(page).first.click()
    expect(page.locator(".facts h2")).to_have_text("plain.png")
    expect(page.locator(".read-text")).to_have_count(0)
    expect(page.locator(".text-marks polygon")).to_have_count(0)

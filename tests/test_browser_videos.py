"""Videos on the page: their tiles, and the player, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.served import served
from browser import (
    Page,
    chromium,
    expect,
    index_album,
    page,
    ready,
    settings,
    tiles,
    visit,
)
from films import Scene, film

__all__ = ["chromium", "page"]


@pytest.fixture(scope="module")
def address(
    real_photos: Path, tmp_path_factory: pytest.TempPathFactory, engine_cache: Path
) -> Iterator[str]:
    """Of a page over two photos and two videos, one of which no browser plays."""
    place = tmp_path_factory.mktemp("videos")
    photos = place / "Pictures"
    photos.mkdir()
    pictures = {name: Image.open(real_photos / f"{name}.png") for name in ("chelsea", "coffee")}
    for name, picture in pictures.items():
        picture.convert("RGB").save(photos / f"{name}.jpg")
    scenes: list[Scene] = ["black", pictures["coffee"], pictures["chelsea"]]
    film(photos / "both.webm", scenes, codec="libvpx", size=(320, 240))
    film(photos / "old.avi", ["black", pictures["coffee"]], codec="mpeg4", size=(320, 240))
    environment = settings(place, engine_cache)
    index_album(place / "library", photos, environment)
    with served(place / "library", **environment) as server:
        yield server.address


def test_videos_are_a_kind_of_file(page: Page) -> None:
    visit(page)
    page.get_by_role("button", name="Filters").click()
    panel = page.get_by_role("complementary", name="Filters")
    videos = panel.get_by_role("button", name="Videos")
    expect(videos.locator(".count")).to_have_text("2")
    videos.click()
    ready(page, "type:video")
    expect(tiles(page)).to_have_count(2)
    expect(videos).to_have_attribute("aria-pressed", "true")
    videos.click()
    ready(page, "")
    expect(tiles(page)).to_have_count(4)


def test_a_video_plays_from_the_moment_that_fits(page: Page) -> None:
    visit(page, "a cat, type:webm")
    tile = tiles(page).first
    expect(tile.locator(".length")).to_have_text("0:06")
    expect(tile.locator("img")).to_have_attribute("src", re.compile(r"\?at=4\d{3}$"))
    tile.click()
    player = page.locator("dialog.lightbox video")
    expect(player).to_be_visible()
    expect(page.locator(".photo")).to_be_hidden()
    page.wait_for_function("(film) => film.readyState >= 2", arg=player.element_handle())
    assert player.evaluate("(film) => film.currentTime") > 3.9
    assert player.evaluate("(film) => film.duration") == pytest.approx(6, abs=0.2)
    page.wait_for_function("(film) => film.currentTime > 4.5", arg=player.element_handle())
    # All of it is seen, controls too, above the strip of neighbours.
    visit(page, "a cat")
    page.locator(".tile:has(.length)").first.click()
    expect(player).to_be_visible()
    expect(page.locator(".filmstrip .frame").first).to_be_visible()
    film, stage = (page.locator(one).bounding_box() for one in ("video", ".stage"))
    assert film and stage and film["y"] + film["height"] <= stage["y"] + stage["height"] + 1
    page.keyboard.press("Escape")
    expect(page.locator("video")).to_have_count(0)


def test_another_question_another_moment(page: Page) -> None:
    visit(page, "a cup of coffee, type:webm")
    expect(tiles(page).first.locator("img")).to_have_attribute("src", re.compile(r"\?at=2\d{3}$"))


def test_a_video_that_the_browser_can_not_play(page: Page) -> None:
    visit(page, "type:avi")
    tiles(page).first.click()
    notice = page.locator("dialog.lightbox").get_by_role("alert")
    expect(notice).to_contain_text("This browser can't play this video.")
    expect(page.locator(".photo")).to_be_visible()
    with page.expect_download() as download:
        notice.get_by_role("link", name="Download it").click()
    assert download.value.suggested_filename == "old.avi"

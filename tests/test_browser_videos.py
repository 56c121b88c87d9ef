"""Videos on the page: their tiles, and the player, in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.raw_files import dng
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
    """Of a page over two photos and two videos, one of which no browser plays; and over a raw and
    two live photos that are the same in this."""
    place = tmp_path_factory.mktemp("videos")
    photos = place / "Pictures"
    photos.mkdir()
    pictures = {name: Image.open(real_photos / f"{name}.png") for name in ("chelsea", "coffee")}
    for name, picture in pictures.items():
        picture.convert("RGB").save(photos / f"{name}.jpg")
    scenes: list[Scene] = ["black", pictures["coffee"], pictures["chelsea"]]
    film(photos / "both.webm", scenes, codec="libvpx", size=(320, 240))
    film(photos / "old.avi", ["black", pictures["coffee"]], codec="mpeg4", size=(320, 240))
    rocket = Image.open(real_photos / "rocket.jpg").convert("RGB")
    for number, name in enumerate(("DSC_1", "IMG_1", "IMG_2")):
        rocket.resize((320 + number, 240)).save(photos / f"{name}.jpg")
    (photos / "DSC_1.NEF").write_bytes(dng(rocket.resize((640, 480))))
    film(photos / "IMG_1.mp4", [pictures["coffee"]], codec="libvpx-vp9", size=(320, 240))
    film(photos / "IMG_2.mov", [pictures["coffee"]], codec="mpeg4", size=(320, 240))
    environment = settings(place, engine_cache)
    index_album(place / "library", photos, environment)
    with served(place / "library", **environment) as server:
        yield server.address


def test_videos_are_a_kind_of_file(page: Page) -> None:
    visit(page)
    every = tiles(page).count()
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
    expect(tiles(page)).to_have_count(every)
    assert every > 2


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


def test_photos_like_the_moment_that_a_video_shows(page: Page) -> None:
    visit(page, "a cat, type:webm")
    tiles(page).first.click()
    player = page.locator("dialog.lightbox video")
    page.wait_for_function("(film) => film.readyState >= 2", arg=player.element_handle())
    player.evaluate("(film) => { film.pause(); film.currentTime = 2.5; }")
    page.get_by_role("button", name="More like this").click()
    expect(page.locator(".app")).to_have_attribute("data-query", re.compile(r" like:\d+@2\.5$"))
    visit(page, "a cat, type:webm")
    tiles(page).first.focus()
    page.keyboard.press("m")
    expect(page.locator(".app")).to_have_attribute("data-query", re.compile(r" like:\d+@4\.\d$"))


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


def test_a_live_photo_plays_once_over_its_picture(page: Page) -> None:
    visit(page, "name:IMG_1.jpg")
    tiles(page).first.click()
    live = page.get_by_role("button", name="Live")
    player = page.locator("video.live-video")
    expect(player).to_have_count(0)
    live.click()
    expect(live).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("(film) => film.currentTime > 0.2", arg=player.element_handle())
    # It stands still meanwhile: at its end it goes away.
    assert player.evaluate("(film) => { film.pause(); return film.muted && !film.loop; }")
    film, photo = (page.locator(one).bounding_box() for one in ("video", ".photo"))
    assert film == photo
    expect(page.locator(".photo")).to_be_visible()
    player.evaluate("(film) => film.play()")
    expect(player).to_have_count(0, timeout=10_000)  # at its end
    expect(live).to_have_attribute("aria-pressed", "false")
    live.click()
    expect(player).to_have_count(1)
    page.keyboard.press("Escape")
    expect(player).to_have_count(0)
    visit(page, "name:coffee.jpg")
    tiles(page).first.click()
    expect(page.locator(".facts h2")).to_have_text("coffee.jpg")
    expect(live).to_be_hidden()


def test_a_live_photo_that_the_browser_can_not_play(page: Page) -> None:
    visit(page, "name:IMG_2.jpg")
    tiles(page).first.click()
    page.get_by_role("button", name="Live").click()
    notice = page.locator("dialog.lightbox").get_by_role("alert")
    expect(notice).to_contain_text("This browser can't play the video of this live photo.")
    with page.expect_download() as download:
        notice.get_by_role("link", name="Download it").click()
    assert download.value.suggested_filename == "IMG_2.mov"


def test_the_files_of_a_stack_are_downloaded(page: Page) -> None:
    visit(page, "name:DSC_1.jpg")
    tiles(page).first.click()
    for name, file in (("JPEG", "DSC_1.jpg"), ("raw (DSC_1.NEF)", "DSC_1.NEF")):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Download {name}").click()
        assert download.value.suggested_filename == file
    expect(page.get_by_role("button", name="Live")).to_be_hidden()
    with page.expect_download() as download:
        page.keyboard.press("d")
    assert download.value.suggested_filename == "DSC_1.zip"

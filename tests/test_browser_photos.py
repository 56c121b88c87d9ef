"""Looking at photos, choosing and marking them, and the map: in a real Chromium."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from album import CROPS, HOSTILE
from browser import (
    PHOTOS,
    Page,
    chromium,
    close_photo,
    expect,
    open_panel,
    page,
    ready,
    search,
    tiles,
    visit,
)

__all__ = ["chromium", "page"]


# -- 4: one photo large ------------------------------------------------------------------------


def test_the_lightbox(page: Page) -> None:
    visit(page, "palace in:Kyoto camera:canon")
    tiles(page).first.click()
    facts = page.locator(".facts")
    expect(facts.locator("h2")).to_contain_text("china")
    for text in ("Canon EOS R6", "f/2.8, 1/250 s, ISO 400", "Kyoto", "JPEG"):
        expect(facts).to_contain_text(text)
    expect(facts).to_contain_text(re.compile(r"(strong|fair) match, number 1 of"))
    expect(facts).to_contain_text("palace: nearer than")
    expect(facts.get_by_role("img", name="On the map")).to_be_visible()
    expect(facts.locator(".small-map .land")).to_be_attached()
    image = page.locator(".photo")
    expect(image).to_have_attribute("src", re.compile("preview"))
    first = facts.locator("h2").inner_text()
    page.keyboard.press("ArrowRight")
    expect(facts.locator("h2")).not_to_have_text(first)
    page.keyboard.press("ArrowLeft")
    expect(facts.locator("h2")).to_have_text(first)
    page.keyboard.press("+")
    expect(page.locator(".stage")).not_to_have_attribute("data-scale", "1.00")
    page.keyboard.press("0")
    expect(page.locator(".stage")).to_have_attribute("data-scale", "1.00")
    close_photo(page)
    expect(tiles(page).first).to_be_focused()


def test_what_a_photo_shows_leads_to_others(page: Page) -> None:
    visit(page, "name:motorcycle_left_0")
    tiles(page).first.click()
    shown = page.locator(".facts dd .tags").get_by_role("button")
    expect(shown.filter(has_text=re.compile("motorcycle"))).not_to_have_count(0)
    name = shown.first.inner_text()
    shown.first.click()
    expect(page.locator("dialog.lightbox")).not_to_be_visible()
    query = re.compile(f'^name:motorcycle_left_0 label:"?{name}')
    expect(page.locator(".app")).to_have_attribute("data-query", query)


def test_names_are_text_whatever_is_in_them(page: Page) -> None:
    visit(page, 'name:"onerror"')
    tiles(page).first.click()
    expect(page.locator(".facts h2")).to_have_text(HOSTILE)
    assert page.locator(".facts h2 :not(bdi)").count() == 0


# -- 6: choosing -------------------------------------------------------------------------------


def test_choosing_with_the_mouse(page: Page) -> None:
    visit(page)
    tiles(page).nth(1).click(modifiers=["Control"])
    tiles(page).nth(4).click(modifiers=["Shift"])
    bar = page.get_by_role("toolbar", name="Chosen photos")
    expect(bar).to_contain_text("4 photos chosen")
    tiles(page).nth(2).click()
    expect(bar).to_contain_text("3 photos chosen")
    page.keyboard.press("Escape")
    expect(bar).not_to_be_visible()


def test_everything_by_keyboard(page: Page) -> None:
    visit(page)
    page.keyboard.press("/")
    expect(page.get_by_label("Search", exact=True)).to_be_focused()
    page.keyboard.type("grass")
    page.keyboard.press("Enter")
    ready(page, "grass")
    tiles(page).first.focus()
    page.keyboard.press("ArrowRight")
    expect(tiles(page).nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    below = page.evaluate(
        "Number(document.activeElement.shadowRoot?.activeElement?.dataset.number "
        "?? document.activeElement.dataset.number)"
    )
    assert below > 1
    lay = tiles(page).first.get_attribute("style")
    page.set_viewport_size({"width": 1000, "height": 860})
    expect(tiles(page).first).not_to_have_attribute("style", str(lay))
    expect(page.locator(f'.tile[data-number="{below}"]')).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("x")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_role("toolbar")).to_contain_text("2 photos chosen")
    page.keyboard.press("Control+a")
    total = page.locator(".app").get_attribute("data-total")
    expect(page.get_by_role("toolbar")).to_contain_text(f"{total} photos chosen")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.locator("dialog.lightbox")).to_be_visible()
    close_photo(page)
    page.keyboard.press("m")
    expect(page.locator(".app")).to_have_attribute("data-query", re.compile(r"like:\d+"))


def test_favourites_and_tags(page: Page) -> None:
    visit(page, "in:Sky")
    tiles(page).nth(0).click(modifiers=["Control"])
    page.get_by_role("toolbar").get_by_role("button", name="Favourite").click()
    expect(page.locator(".toast")).to_contain_text("marked as favourite")
    expect(tiles(page).nth(0).locator(".heart")).to_be_visible()
    page.get_by_role("button", name="Tag…").click()
    page.get_by_label(re.compile("Tag for")).fill("Night sky")
    page.get_by_role("button", name="OK").click()
    expect(page.locator(".toast")).to_contain_text("tagged night sky")
    panel = open_panel(page)
    panel.get_by_role("button", name=re.compile("^night sky")).click()
    expect(page.locator(".app")).to_have_attribute("data-query", 'in:Sky tag:"night sky"')
    ready(page)
    expect(tiles(page)).to_have_count(1)
    search(page, "is:favourite")
    expect(tiles(page)).to_have_count(1)
    tiles(page).first.focus()
    page.keyboard.press("f")
    expect(page.locator(".toast")).to_contain_text("no favourite any more")


def test_favourites_that_nobody_has_scrolled_to_are_taken_away(page: Page) -> None:
    visit(page)
    for said in ("marked as favourite", "no favourite any more"):
        tiles(page).first.focus()
        page.keyboard.press("Control+a")
        expect(page.get_by_role("toolbar")).to_contain_text(f"{PHOTOS} photos chosen")
        page.keyboard.press("f")
        expect(page.locator(".toast")).to_have_text(re.compile(f"^{PHOTOS} photos.* {said}"))
        page.reload()
        ready(page)
    search(page, "is:favourite")
    expect(tiles(page)).to_have_count(0)


def test_taking_photos_along(page: Page, album: Path, tmp_path: Path) -> None:
    visit(page, "name:chelsea")
    tiles(page).nth(0).click(modifiers=["Control"])
    tiles(page).nth(2).click(modifiers=["Shift"])
    page.get_by_role("button", name="Copy paths").click()
    expect(page.locator(".toast")).to_contain_text("3 paths copied")
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert len(copied) == 3 and all(Path(path).is_file() for path in copied)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download").click()
    waiting.value.save_as(tmp_path / "photos.zip")
    with zipfile.ZipFile(tmp_path / "photos.zip") as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == sorted(Path(path).name for path in copied)
        for path in copied:
            assert archive.read(Path(path).name) == Path(path).read_bytes()


# -- 7: the map -----------------------------------------------------------------------


def test_the_map(page: Page) -> None:
    visit(page, view="Map")
    expect(page.locator(".map .land")).to_have_attribute("d", re.compile("^M"))
    marks = page.locator(".cluster")
    expect(marks).to_have_count(3)
    expect(page.get_by_text(f"{6 * CROPS} photos with a place")).to_be_visible()
    names = marks.evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
    assert f"{2 * CROPS} photos, Kyoto, Japan" in names
    expect(page.locator(".map .label", has_text="Kyoto")).to_be_visible()
    whole = page.locator(".map").get_attribute("viewBox")
    page.get_by_role("button", name="Zoom in").click()
    expect(page.locator(".map")).not_to_have_attribute("viewBox", whole or "")
    page.get_by_role("button", name="Reset view").click()
    expect(page.locator(".map")).to_have_attribute("viewBox", whole or "")
    search(page, "place:Potsdam")  # the map is of what matches now
    expect(page.locator('.cluster:not([aria-label*="Potsdam, Germany"])')).to_have_count(0)
    shown = page.locator(".map").get_attribute("viewBox") or ""
    left, top, width, height = map(float, shown.split())
    assert left < 13.06 < left + width < left + 10 and top < -52.39 < top + height
    search(page, "")
    page.get_by_role("button", name=re.compile("photos, Kyoto")).click()
    expect(page.locator(".app")).to_have_attribute("data-query", re.compile(r"near:35\.\d+,135"))
    ready(page)
    expect(page.locator(".summary")).to_contain_text(f"{2 * CROPS} photos")


# -- 9: searches and help ----------------------------------------------------------------------


def test_saved_searches_and_history(page: Page) -> None:
    visit(page, "coffee in:Trips")
    page.get_by_role("button", name="how photos are shown").click()
    page.get_by_role("button", name="Save search").click()
    page.get_by_label("Name of this search").fill("Breakfast")
    page.get_by_role("button", name="OK").click()
    search(page, "coffee")  # typed, which is what the history has
    visit(page, "moon")
    panel = open_panel(page)
    expect(panel.get_by_role("button", name="coffee", exact=True)).to_be_visible()
    expect(panel.get_by_role("button", name="moon", exact=True)).to_have_count(0)
    panel.get_by_role("button", name="Breakfast", exact=True).click()
    expect(page.locator(".app")).to_have_attribute("data-query", "coffee in:Trips")
    panel.get_by_role("button", name="Forget Breakfast", exact=True).click()
    expect(panel.get_by_role("button", name="Breakfast", exact=True)).to_have_count(0)
    panel.get_by_role("button", name="Clear the history").click()
    expect(panel.get_by_role("heading", name="Recent searches")).to_have_count(0)


def test_help(page: Page) -> None:
    visit(page)
    tiles(page).first.focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Help")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("a street without people")
    page.keyboard.press("Escape")
    expect(dialog).not_to_be_visible()


def test_what_stands_for_a_picture_comes_only_where_the_picture_takes_long(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route(re.compile("/clipsearch/(small|thumb)/"), lambda _route: None)  # never answered
    visit(page, "temple")
    expect(tiles(page).first).to_have_attribute("data-known", "blur")
    assert "url(" in tiles(page).first.evaluate("node => node.style.backgroundImage")
    page.unroute_all()
    visit(page, "temple")
    expect(page.locator(".tile img.in").first).to_be_visible()
    expect(page.locator(".tile img:not(.in)")).to_have_count(0)
    asked.clear()
    visit(page, "temple")  # its pictures are at hand
    page.wait_for_timeout(1_000)
    assert [url for url in asked if "/clipsearch/shapes" in url]
    assert [url for url in asked if "/clipsearch/results" in url] == []


def test_without_its_styles_the_page_says_that_it_could_not_be_loaded(page: Page) -> None:
    page.route(re.compile(r"/styles\.css$"), lambda route: route.abort())
    page.goto("/")
    expect(page.get_by_role("alert")).to_be_visible()

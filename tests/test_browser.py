"""The page in a real Chromium, on real photos with the real model, used as people use it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from album import CROPS, HOSTILE, PHOTOGRAPHIC, make_album
from browser import ARGUMENTS, find_browser, index_album, served
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

PHOTOS = len(PHOTOGRAPHIC) * CROPS + 2  # different ones: one is there twice, one is broken


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory, real_photos: Path) -> Path:
    folder = tmp_path_factory.mktemp("album")
    make_album(folder, real_photos)
    return folder


@pytest.fixture(scope="module")
def address(
    album: Path, tmp_path_factory: pytest.TempPathFactory, engine_cache: Path
) -> Iterator[str]:
    place = tmp_path_factory.mktemp("served")
    (place / "config.toml").touch()
    index_album(place / "library", album, engine_cache)
    with served(place / "library", engine_cache, place / "config.toml") as url:
        yield url


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A window of its own; in the end no error on the page, and no request to anywhere else."""
    context = chromium.new_context(viewport={"width": 1280, "height": 860}, base_url=address)
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    opened = context.new_page()
    outside: list[str] = []
    errors: list[str] = []
    opened.on("request", lambda request: outside.append(request.url))
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.set_default_timeout(15_000)
    yield opened
    context.close()
    own = (address, f"ws{address.removeprefix('http')}", "data:", "blob:")
    assert [url for url in outside if not url.startswith(own)] == []
    assert errors == []


def visit(page: Page, query: str = "", **more: str) -> None:
    from urllib.parse import urlencode

    asked = {"q": query} if query else {}
    page.goto(f"/?{urlencode(asked | more)}")
    ready(page, query)


def ready(page: Page, query: str | None = None) -> None:
    """Until what the query asks for is shown."""
    shown = page.locator('.app[data-ready="true"]')
    expect(shown).to_be_attached()
    if query is not None:
        expect(shown).to_have_attribute("data-query", query)


def search(page: Page, query: str) -> None:
    box = page.get_by_label("Search", exact=True)
    box.fill(query)
    box.press("Enter")
    ready(page, query)


def query_of(page: Page) -> str:
    return page.get_by_label("Search", exact=True).input_value()


def tiles(page: Page) -> Locator:
    return page.locator(".tile")


def open_panel(page: Page) -> Locator:
    panel = page.get_by_role("complementary", name="Filters")
    if not panel.is_visible():
        page.get_by_role("button", name="Filters").click()
    expect(panel.get_by_role("heading", name="When")).to_be_visible()
    return panel


def name_of_first(page: Page) -> str:
    """By looking at it large."""
    tiles(page).first.click()
    name = page.locator(".facts h2").inner_text()
    page.keyboard.press("Escape")
    return name


# -- 1: searching ------------------------------------------------------------------------------


def test_type_see_and_share(page: Page) -> None:
    visit(page)
    expect(page.locator(".summary")).to_have_text(f"{PHOTOS} photos")
    search(page, "a cat")
    expect(page.locator(".summary")).to_contain_text(re.compile(r"match.* s · a cat"))
    assert name_of_first(page).startswith(("chelsea", "cat"))
    assert "q=a+cat" in page.url or "q=a%20cat" in page.url
    search(page, "a cup of coffee without people in:Trips")
    expect(page.locator(".summary")).to_contain_text("a cup of coffee, without people, in Trips")
    assert name_of_first(page).startswith("coffee")
    page.go_back()
    ready(page, "a cat")
    assert query_of(page) == "a cat"


def test_examples_come_from_the_library(page: Page) -> None:
    visit(page)
    chips = page.get_by_role("radiogroup", name="From your library").get_by_role("radio")
    expect(chips.first).to_be_visible()
    listed = chips.all_inner_texts()
    assert "2019" in listed and any(text.startswith("place:") for text in listed)
    chips.get_by_text("2019").click()
    ready(page, "2019")
    assert query_of(page) == "2019"


def test_what_cannot_be_understood_is_said(page: Page) -> None:
    visit(page, "a cat")
    box = page.get_by_label("Search", exact=True)
    box.fill("cat yaer:2019")
    box.press("Enter")
    expect(page.get_by_text("column 5")).to_be_visible()
    expect(page.get_by_text("Did you mean year:?")).to_be_visible()


# -- 2: the gallery ----------------------------------------------------------------------------


def test_true_shapes_in_rows_of_equal_height(page: Page) -> None:
    visit(page)
    boxes = [box for n in range(12) if (box := tiles(page).nth(n).bounding_box())]
    rows: dict[int, list[float]] = {}
    for box in boxes:
        rows.setdefault(round(box["y"]), []).append(box["height"])
    assert len(rows) > 1
    for heights in rows.values():
        assert max(heights) - min(heights) < 3
    for number in range(6):
        tile = tiles(page).nth(number)
        image = tile.locator("img")
        image.evaluate("image => image.complete || new Promise(r => image.onload = r)")
        true = image.evaluate("image => image.naturalWidth / image.naturalHeight")
        box = tile.bounding_box()
        assert box and abs(box["width"] / box["height"] - true) < 0.05


def test_scrolling_brings_all_of_them_once(page: Page) -> None:
    visit(page)
    assert tiles(page).count() == 60
    for _ in range(10):
        page.mouse.move(800, 500)
        page.mouse.wheel(0, 4000)
        page.wait_for_timeout(50)
        if tiles(page).count() == PHOTOS:
            break
    expect(tiles(page)).to_have_count(PHOTOS)
    ids = tiles(page).evaluate_all("nodes => nodes.map(node => node.dataset.id)")
    assert len(set(ids)) == PHOTOS


def test_orders_and_sizes(page: Page) -> None:
    visit(page)
    page.get_by_role("radio", name="Oldest").click()
    expect(page.locator(".head").first).to_contain_text("2017")
    page.get_by_role("radio", name="Newest").click()
    expect(page.locator(".head").first).not_to_contain_text("2017")
    before = tiles(page).first.bounding_box()
    page.get_by_label("Thumbnail size").fill("360")
    after = tiles(page).first.bounding_box()
    assert before and after and after["height"] > before["height"] * 1.2


def test_weak_matches_come_under_a_line(page: Page) -> None:
    visit(page, "a cat")
    line = page.get_by_text("Weaker matches", exact=True)
    expect(line).to_be_visible()
    levels = tiles(page).evaluate_all("nodes => nodes.map(node => Number(node.dataset.level))")
    clear = [level for level in levels if level > 0]
    assert clear and levels[: len(clear)] == clear
    visit(page, "a submarine in a teacup")
    search(page, "zebra crossing at a customs office")
    if page.get_by_text("Nothing here clearly matches").count() == 0:
        levels = tiles(page).evaluate_all("nodes => nodes.map(node => node.dataset.level)")
        assert "2" in levels or "1" in levels


# -- 3: by picture -----------------------------------------------------------------------------


def test_more_like_this_and_without(page: Page) -> None:
    visit(page, "a motorcycle")
    first = tiles(page).first
    id = first.get_attribute("data-id")
    first.hover()
    first.locator(".alike").click()
    ready(page, f"like:{id}")
    assert name_of_first(page).startswith("motorcycle")
    expect(page.locator(".summary img")).to_have_count(1)
    assert id not in tiles(page).evaluate_all("nodes => nodes.map(node => node.dataset.id)")
    visit(page, "flower")
    tiles(page).first.click()
    page.get_by_role("button", name="Without this").click()
    expect(page.locator(".app")).to_have_attribute("data-query", re.compile(r"flower -like:\d+"))
    ready(page)


def test_more_like_several_keeps_the_filters(page: Page) -> None:
    visit(page, "in:Garden")
    tiles(page).nth(0).click(modifiers=["Control"])
    tiles(page).nth(1).click(modifiers=["Control"])
    page.get_by_role("button", name="More like these").click()
    like = re.compile(r"in:Garden like:\d+ \+ like:\d+")
    expect(page.locator(".app")).to_have_attribute("data-query", like)


def test_a_picture_from_outside_and_words(page: Page, real_photos: Path) -> None:
    visit(page)
    page.locator("input.file").set_input_files(real_photos / "china.jpg")
    expect(page.locator(".app")).to_have_attribute("data-query", re.compile(r"^image:.*\.jpg"))
    ready(page)
    assert name_of_first(page).startswith("china")
    search(page, f"{query_of(page)} + a cat")
    expect(page.locator(".summary")).to_contain_text("your picture + a cat")


def test_a_dropped_and_a_pasted_picture(page: Page, real_photos: Path) -> None:
    import base64

    visit(page)
    data = base64.b64encode((real_photos / "coffee.png").read_bytes()).decode()
    for event in ("drop", "paste"):
        page.evaluate(
            """([event, data]) => {
                const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
                const held = new DataTransfer();
                held.items.add(new File([bytes], "coffee.png", { type: "image/png" }));
                const options = { bubbles: true, cancelable: true };
                window.dispatchEvent(event === "drop"
                    ? new DragEvent("drop", { ...options, dataTransfer: held })
                    : new ClipboardEvent("paste", { ...options, clipboardData: held }));
            }""",
            [event, data],
        )
        expect(page.locator(".app")).to_have_attribute("data-query", re.compile(r"^image:"))
        ready(page)
        assert name_of_first(page).startswith("coffee")
        search(page, "grass")


def test_what_is_no_picture_is_refused(page: Page, tmp_path: Path) -> None:
    visit(page)
    (tmp_path / "letter.jpg").write_text("Dear all")
    page.locator("input.file").set_input_files(tmp_path / "letter.jpg")
    expect(page.locator(".toast")).to_contain_text("can't be read")


def test_a_concept_from_chosen_photos(page: Page) -> None:
    visit(page, "a rocket")
    tiles(page).nth(0).click(modifiers=["Control"])
    tiles(page).nth(1).click(modifiers=["Shift"])
    page.get_by_role("button", name="Concept…").click()
    page.get_by_label("Name of the concept").fill("Launch")
    page.get_by_role("button", name="OK").click()
    expect(page.locator(".toast")).to_contain_text("launch has 2 examples")
    open_panel(page).get_by_role("button", name="launch", exact=True).click()
    expect(page.locator(".app")).to_have_attribute("data-query", "a rocket + concept:launch")


def test_duplicates(page: Page) -> None:
    visit(page, view="Duplicates")
    shown = page.locator(".duplicates")
    expect(shown.get_by_text("2 times the same file")).to_be_visible()
    expect(shown.get_by_text(re.compile("nearly the same")).first).to_be_visible()
    expect(shown.get_by_text(re.compile(r"cat again\.jpg"))).to_be_visible()
    expect(shown.get_by_text(re.compile(r"moon saved again\.jpg"))).to_be_visible()


# -- 4: one photo large ------------------------------------------------------------------------


def test_the_lightbox(page: Page) -> None:
    visit(page, "temple in:Kyoto")
    tiles(page).first.click()
    facts = page.locator(".facts")
    expect(facts.locator("h2")).to_contain_text("china")
    for text in ("Canon EOS R6", "f/2.8, 1/250 s, ISO 400", "Kyoto", "JPEG"):
        expect(facts).to_contain_text(text)
    expect(facts).to_contain_text(re.compile(r"(strong|fair) match, number 1 of"))
    expect(facts).to_contain_text("temple: nearer than")
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
    page.keyboard.press("Escape")
    expect(page.locator("dialog.lightbox")).not_to_be_visible()
    expect(tiles(page).first).to_be_focused()


def test_names_are_text_whatever_is_in_them(page: Page) -> None:
    visit(page, 'name:"onerror"')
    tiles(page).first.click()
    expect(page.locator(".facts h2")).to_have_text(HOSTILE)
    assert page.locator(".facts h2 *").count() == 0


# -- 5: filters --------------------------------------------------------------------------------


def test_filters_write_the_query(page: Page) -> None:
    visit(page)
    panel = open_panel(page)
    panel.get_by_role("button", name=re.compile("^Garden")).click()
    ready(page)
    expect(page.locator(".summary")).to_contain_text(f"{3 * CROPS} photos")
    folder = query_of(page)
    assert re.fullmatch(r"in:\S+Garden", folder)
    panel.get_by_role("button", name=re.compile("^Canon EOS R6")).click()
    expect(page.locator(".app")).to_have_attribute("data-query", f'{folder} camera:"Canon EOS R6"')
    ready(page)
    chosen = panel.get_by_role("button", name=re.compile("^Canon EOS R6"))
    expect(chosen).to_have_attribute("aria-pressed", "true")
    chosen.click()
    expect(page.locator(".app")).to_have_attribute("data-query", folder)


def test_the_counts_are_those_of_the_results(page: Page) -> None:
    visit(page)
    panel = open_panel(page)
    choice = panel.get_by_role("button", name=re.compile("^FUJIFILM"))
    count = choice.locator(".count").inner_text()
    choice.click()
    expect(page.locator(".summary")).to_contain_text(f"{count} photos")


def test_brushing_a_time(page: Page) -> None:
    visit(page)
    panel = open_panel(page)
    box = panel.locator(".histogram").bounding_box()
    assert box
    page.mouse.move(box["x"] + 3, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 20, steps=4)
    page.mouse.up()
    expect(page.locator(".app")).to_have_attribute("data-query", re.compile(r"on:2017-\d\d\.\."))
    panel.get_by_role("button", name="Any time").click()
    expect(page.locator(".app")).to_have_attribute("data-query", "")
    expect(panel.get_by_role("button", name="Any time")).to_have_count(0)
    panel.get_by_role("textbox", name="From").fill("2021-01")
    expect(page.locator(".app")).to_have_attribute("data-query", "on:2021-01..")
    ready(page)
    expect(page.locator(".head").last).to_contain_text("2021")


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
    page.keyboard.press("Home")
    page.keyboard.press("x")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_role("toolbar")).to_contain_text("2 photos chosen")
    page.keyboard.press("Control+a")
    expect(page.get_by_role("toolbar")).to_contain_text("60 photos chosen")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.locator("dialog.lightbox")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.locator(".app")).to_have_attribute("data-query", re.compile(r"like:\d+"))


def test_favourites_and_tags(page: Page) -> None:
    visit(page, "in:Sky")
    tiles(page).nth(0).click(modifiers=["Control"])
    page.get_by_role("button", name="♥ Favourite").click()
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


# -- 7: map and timeline -----------------------------------------------------------------------


def test_the_map(page: Page) -> None:
    visit(page, view="Map")
    expect(page.locator(".map .land")).to_have_attribute("d", re.compile("^M"))
    marks = page.locator(".cluster")
    expect(marks).to_have_count(3)
    expect(page.get_by_text(f"{6 * CROPS} photos with a place")).to_be_visible()
    page.get_by_role("button", name=re.compile("near 35")).click()
    expect(page.locator(".app")).to_have_attribute("data-query", re.compile(r"near:35\.\d+,135"))
    ready(page)
    expect(page.locator(".summary")).to_contain_text(f"{2 * CROPS} photos")


def test_the_timeline(page: Page) -> None:
    visit(page, view="Timeline")
    expect(page.get_by_role("button", name="2019")).to_be_visible()
    month = page.locator(".month").first
    count = month.locator(".count").inner_text()
    month.get_by_role("button").click()
    expect(page.locator(".app")).to_have_attribute("data-query", re.compile(r"on:20\d\d-\d\d"))
    ready(page)
    expect(page.locator(".summary")).to_contain_text(count)


# -- 9: searches and help ----------------------------------------------------------------------


def test_saved_searches_and_history(page: Page) -> None:
    visit(page, "coffee in:Trips")
    page.get_by_role("button", name="Save search").click()
    page.get_by_label("Name of this search").fill("Breakfast")
    page.get_by_role("button", name="OK").click()
    visit(page, "moon")
    panel = open_panel(page)
    expect(panel.get_by_role("button", name="coffee in:Trips")).to_be_visible()
    panel.get_by_role("button", name="Breakfast", exact=True).click()
    expect(page.locator(".app")).to_have_attribute("data-query", "coffee in:Trips")
    panel.get_by_role("button", name="Forget Breakfast").click()
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

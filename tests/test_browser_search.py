"""Searching in a real Chromium, on real photos with the real model, as people do it."""

from __future__ import annotations

import re
from functools import partial
from importlib.resources import files
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Route

from album import CROPS
from browser import (
    PHOTOS,
    Page,
    chromium,
    expect,
    name_of_first,
    open_panel,
    page,
    query_of,
    ready,
    search,
    tiles,
    visit,
)
from watching import until

__all__ = ["chromium", "page"]

LIGHTBOX = "dialog.lightbox"
_COPIES_MS = 300_000  # the look for copies; the album is full of pictures that are alike


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
    chips = page.get_by_role("group", name="From your library").get_by_role("button")
    expect(chips.first).to_be_visible()
    listed = chips.all_inner_texts()
    assert {"2019", "Potsdam", "Kyoto"} <= set(listed)
    chips.get_by_text("2019").click()
    ready(page, "2019")
    assert query_of(page) == "2019"
    page.go_back()
    chips.get_by_text("Kyoto").click()
    ready(page, "place:Kyoto")


def test_what_cannot_be_understood_is_said(page: Page) -> None:
    visit(page, "a cat")
    box = page.get_by_label("Search", exact=True)
    box.fill("cat yaer:2019")
    box.press("Enter")
    expect(page.get_by_text("column 5")).to_be_visible()
    page.get_by_role("button", name="Did you mean cat year:2019?").click()
    ready(page, "cat year:2019")
    page.go_back()
    expect(page.get_by_text("column 5")).to_be_visible()


# -- 2: the gallery ----------------------------------------------------------------------------


def test_scripts_that_do_not_come_are_said(page: Page) -> None:
    page.route("**/clipsearch/frontend/**/grid.js", lambda route: route.abort())
    page.goto("/")
    expect(page.locator(".view").get_by_role("alert")).to_contain_text("Reload the page")
    page.unroute("**/clipsearch/frontend/**/grid.js")
    page.reload()
    ready(page)
    expect(tiles(page).first).to_be_visible()


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
    """Only those near the view have elements; each has its place, whichever way one scrolls."""
    visit(page)
    expect(page.locator(".app")).to_have_attribute("data-total", str(PHOTOS))
    page.mouse.move(700, 500)
    places: dict[str, str] = {}

    def see() -> None:
        shown = tiles(page).evaluate_all(
            "nodes => nodes.map((n) => [n.dataset.number, n.dataset.id])"
        )
        assert len(shown) < PHOTOS / 2
        assert [int(place) for place, _ in shown] == sorted(int(place) for place, _ in shown)
        for place, id in shown:
            assert places.setdefault(place, id) == id

    see()
    for way in (1, -1):
        for _ in range(60):
            page.mouse.wheel(0, way * 700)
            page.wait_for_timeout(60)
            see()
            if len(places) == PHOTOS:
                break
    assert sorted(map(int, places)) == list(range(PHOTOS))
    assert len(set(places.values())) == PHOTOS


def _give(script: str, route: Route) -> None:
    route.fulfill(body=script, content_type="text/javascript")


def test_photos_far_down_are_known_once_somebody_comes_there(page: Page) -> None:
    """As with 100,000 of them: at first only how most of them lie is loaded."""
    folder = files("app.pages") / "frontend"
    fewer = {
        "shape_parts.js": (("FIRST = 3_000", "FIRST = 20"), ("PART = 1_000", "PART = 10")),
        "grid.js": (("AHEAD = 300", "AHEAD = 5"),),
    }
    for name, changes in fewer.items():
        script = (folder / name).read_text(encoding="utf-8")
        for before, after in changes:
            assert before in script
            script = script.replace(before, after)
        page.route(f"**/{name}", partial(_give, script))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit(page)
    last = page.locator(f'.tile[data-number="{PHOTOS - 1}"]')

    def at_the_end() -> bool:  # once it is known how all of them lie
        tiles(page).first.focus()
        page.keyboard.press("End")
        return last.count() == 1

    until(at_the_end)
    expect(last.locator("img.in")).to_be_visible()
    parts = [parse_qs(urlsplit(url).query) for url in asked if "/clipsearch/shapes" in url]
    assert sum(int(part["count"][0]) for part in parts) < PHOTOS
    page.keyboard.press("Enter")
    expect(page.locator(LIGHTBOX)).to_contain_text(f"{PHOTOS} of {PHOTOS}")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(LIGHTBOX)).to_contain_text(f"{PHOTOS - 1} of {PHOTOS}")
    page.keyboard.press("Escape")
    expect(page.locator(LIGHTBOX)).to_be_hidden()
    page.keyboard.press("Control+a")
    expect(page.get_by_role("toolbar")).to_contain_text(f"{PHOTOS} photos chosen")


def test_the_date_at_the_edge_leads_to_other_times(page: Page) -> None:
    visit(page)
    date = page.get_by_role("slider", name="Date")
    expect(date).to_have_attribute("aria-valuetext", re.compile(r"^[A-Z][a-z]+ 20\d\d$"))
    first = date.get_attribute("aria-valuetext")
    date.focus()
    page.keyboard.press("End")
    expect(date).not_to_have_attribute("aria-valuetext", first or "")
    expect(page.locator(".head").last).to_contain_text("2017")
    expect(tiles(page).last.locator("img.in")).to_be_attached()
    page.keyboard.press("Home")
    expect(date).to_have_attribute("aria-valuetext", first or "")
    box = date.bounding_box()
    assert box
    page.mouse.click(box["x"] + 10, box["y"] + box["height"] - 2)
    expect(page.locator(".head").last).to_contain_text("2017")
    visit(page, "a cat")  # best matches are in no order of time
    expect(date).to_be_hidden()


def test_orders_and_sizes(page: Page) -> None:
    visit(page)
    shown = page.get_by_role("button", name="how photos are shown")
    shown.click()
    page.get_by_role("radio", name="Oldest").click()
    expect(page.locator(".head").first).to_contain_text("2017")
    page.get_by_role("radio", name="Newest").click()
    expect(page.locator(".head").first).not_to_contain_text("2017")

    def height() -> float:
        while (box := tiles(page).first.bounding_box()) is None:  # rows are laid out anew
            page.wait_for_timeout(50)
        return box["height"]

    before = height()
    page.get_by_label("Thumbnail size").fill("360")
    until(lambda: height() > before * 1.2)


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
    expect(page.locator(".chips img")).to_have_count(1)
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
    page.get_by_role("button", name="Forget the concept launch").click()
    expect(page.locator(".toast")).to_contain_text("forgotten")
    expect(page.get_by_role("heading", name="Concepts")).to_have_count(0)


def test_duplicates(page: Page) -> None:
    visit(page, view="Duplicates")
    shown = page.locator(".duplicates")
    # Of each photo the album has cuts, which are copies too; of two there is one more file.
    expect(shown.get_by_text(f"{CROPS + 1} nearly the same").first).to_be_visible(
        timeout=_COPIES_MS
    )
    expect(shown.get_by_text(re.compile(r"cat again\.jpg"))).to_be_visible()
    expect(shown.get_by_text(re.compile(r"moon saved again\.jpg"))).to_be_visible()


def test_a_copy_whose_name_tells_only_the_day_has_no_hour(page: Page) -> None:
    facts = (4, 3, 2_000, "2019-07-14T00:00:00")
    copies = [[1, "", "/IMG-20190714-WA0001.jpg", *facts, True], [2, "", "/b.jpg", *facts, False]]
    group = {"kind": "near", "changes": [], "copies": copies}
    answer = {"total": 1, "groups": [group], "what": "", "done": None, "of": None}
    page.route("**/clipsearch/duplicates?*", lambda route: route.fulfill(json=answer))
    visit(page, view="duplicates")
    told = page.locator(".copy .note")
    expect(told.first).to_have_text(re.compile(r"2 kB, 14 July 2019$"))
    expect(told.last).to_have_text(re.compile(r"2 kB, 14 July 2019 at 00:00$"))


def test_one_of_some_copies_is_kept(page: Page, album: Path) -> None:
    visit(page, "name:moon*saved*", view="duplicates")
    said = page.get_by_text("1 group of copies among what you search for")
    expect(said).to_be_visible(timeout=_COPIES_MS)
    group = page.locator(".group")
    expect(group).to_have_count(1)
    copies = group.locator(".copy")
    count = copies.count()
    assert count > 2
    expect(copies.first).to_have_attribute("data-kept", "true")
    paths = copies.locator(".path").all_inner_texts()
    group.get_by_role("button", name="Copy the paths of the rest").click()
    expect(page.locator(".toast")).to_contain_text(f"{count - 1} paths copied")
    assert page.evaluate("navigator.clipboard.readText()").split("\n") == paths[1:]

    group.get_by_role("button", name="Compare").click()
    sides = page.get_by_role("dialog", name="Compare").locator("figure")
    expect(sides.nth(0)).to_contain_text(paths[0])
    expect(sides.nth(1)).to_contain_text(paths[1])
    page.get_by_role("button", name="Next").click()
    expect(sides.nth(1)).to_contain_text(paths[2])
    sides.nth(1).locator("img").click()
    expect(sides.nth(0).locator("img")).to_have_css("transform", re.compile("matrix.3, 0"))
    sides.nth(1).get_by_role("button", name="Keep this").click()
    expect(sides.nth(0)).to_contain_text(paths[2])
    page.keyboard.press("Escape")
    expect(copies.nth(2)).to_have_attribute("data-kept", "true")

    group.get_by_role("button", name="Tag the rest…").click()
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_have_value("duplicate")
    page.get_by_role("button", name="OK").click()
    expect(page.locator(".toast")).to_contain_text(f"{count - 1} photos tagged duplicate")
    search(page, "tag:duplicate")
    expect(page.locator(".summary")).to_contain_text(f"{count - 1} photos")
    page.get_by_role("link", name="Duplicates").click()
    page.get_by_role("button", name="Bursts").click()
    expect(page.get_by_text("No two photos were taken at one moment")).to_be_visible()
    assert all(Path(path).exists() for path in paths)


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


def test_what_photos_show_is_a_filter(page: Page) -> None:
    visit(page)
    panel = open_panel(page)
    shown = panel.locator("section").filter(has=page.get_by_role("heading", name="What they show"))
    choice = shown.get_by_role("button").first
    name, count = (choice.locator(of).inner_text() for of in (".named", ".count"))
    choice.click()
    expect(page.locator(".app")).to_have_attribute("data-query", re.compile("^label:"))
    expect(page.locator(".summary")).to_contain_text(f"{count} photo")
    expect(page.locator(".summary")).to_contain_text(f"labelled {name}")


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

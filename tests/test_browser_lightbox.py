"""One photo large as a page of its own, with keys and fingers, in a real Chromium."""

from __future__ import annotations

import re

from browser import Page, chromium, close_photo, expect, page, ready, tiles, visit

__all__ = ["chromium", "page"]

LIGHTBOX = "dialog.lightbox"
FINGERS = """
(stage, steps) => {
    const box = stage.getBoundingClientRect();
    for (const [kind, id, x, y] of steps)
        stage.dispatchEvent(new PointerEvent(kind, { pointerId: id, pointerType: "touch",
            isPrimary: id === 1, clientX: box.left + box.width / 2 + x,
            clientY: box.top + box.height / 2 + y }));
}
"""


def touch(page: Page, *steps: tuple[str, int, int, int]) -> None:
    """What fingers do; places are pixels from the middle of the stage."""
    stage = page.locator(".stage")
    # Only a real finger can be captured.
    stage.evaluate("(stage) => { stage.setPointerCapture = () => undefined; }")
    stage.evaluate(FINGERS, [list(step) for step in steps])


def test_its_address_opens_it_and_back_closes_it(page: Page) -> None:
    visit(page, "a cat")
    tiles(page).nth(1).click()
    name = page.locator(".facts h2").inner_text()
    expect(page).to_have_url(re.compile(r"q=a(\+|%20)cat#photo=\d+-[0-9a-f]{8}$"))
    address = page.url
    page.go_back()
    expect(page.locator(LIGHTBOX)).not_to_be_visible()
    ready(page, "a cat")
    page.goto("about:blank")
    page.goto(address)
    expect(page.locator(".facts h2")).to_have_text(name)
    expect(page.locator(".counted")).to_have_text(re.compile(r"^2 of \d+$"))
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".facts h2")).not_to_have_text(name)
    assert page.url != address
    close_photo(page)
    ready(page, "a cat")


def test_a_photo_that_is_not_there_any_more(page: Page) -> None:
    page.goto("/#photo=999999-0a1b2c3d")
    notice = page.locator(LIGHTBOX).get_by_role("alert")
    expect(notice).to_have_text("There is no such photo (any more).")
    expect(page.locator(".photo")).to_be_hidden()
    page.get_by_role("button", name="Close").click()
    expect(page.locator(LIGHTBOX)).not_to_be_visible()
    expect(tiles(page).first).to_be_visible()


def test_to_the_originals_own_pixels(page: Page) -> None:
    visit(page, "name:china")
    tiles(page).first.click()
    size = re.search(r"(\d+) \S (\d+),", page.locator(".facts dl").inner_text())
    assert size
    wanted = int(size[1])
    page.keyboard.press("1")
    image = page.locator(".photo")
    assert image.evaluate("(i) => Math.round(i.getBoundingClientRect().width)") == wanted
    page.keyboard.press("+")
    assert image.evaluate("(i) => i.getBoundingClientRect().width") > wanted
    page.keyboard.press("Escape")  # first to the whole picture
    expect(page.locator(".stage")).to_have_attribute("data-scale", "1.00")
    expect(page.locator(LIGHTBOX)).to_be_visible()


def test_facts_slideshow_and_neighbours(page: Page) -> None:
    visit(page)
    tiles(page).first.click()
    facts = page.locator(".facts")
    expect(facts.locator("h2")).to_be_visible()
    page.keyboard.press("i")
    expect(facts).to_be_hidden()
    page.keyboard.press("i")
    first = facts.locator("h2").inner_text()
    expect(page.locator(".frame[aria-current=true]")).to_have_count(1)
    page.locator(".frame").nth(2).click()
    expect(page.locator(".counted")).to_have_text(re.compile("^3 of "))
    page.keyboard.press("Home")
    expect(facts.locator("h2")).to_have_text(first)
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Slideshow")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".counted")).to_have_text(re.compile("^2 of "))  # by itself
    page.keyboard.press("Escape")  # ends the slideshow only
    expect(page.get_by_role("button", name="Slideshow")).to_have_attribute("aria-pressed", "false")
    expect(page.locator(LIGHTBOX)).to_be_visible()


def test_fingers(page: Page) -> None:
    visit(page)
    tiles(page).nth(2).click()
    stage = page.locator(".stage")
    counted = page.locator(".counted")
    expect(counted).to_have_text(re.compile("^3 of "))
    down, move, up = "pointerdown", "pointermove", "pointerup"
    touch(page, (down, 1, -20, 0), (down, 2, 20, 0), (move, 1, -60, 0), (move, 2, 60, 0))
    expect(stage).to_have_attribute("data-scale", re.compile(r"^3\.0"))
    touch(page, (up, 1, -60, 0), (up, 2, 60, 0))
    expect(counted).to_have_text(re.compile("^3 of "))  # two fingers do not turn the page
    page.keyboard.press("0")
    touch(page, (down, 1, 0, 0), (move, 1, -100, 4), (up, 1, -100, 4))
    expect(counted).to_have_text(re.compile("^4 of "))
    touch(page, (down, 1, 0, 0), (move, 1, 5, 140), (up, 1, 5, 140))
    expect(page.locator(LIGHTBOX)).not_to_be_visible()


def test_choosing_by_dragging_and_by_day(page: Page) -> None:
    visit(page)
    bar = page.get_by_role("toolbar", name="Chosen photos")
    one, other = (tiles(page).nth(number).bounding_box() for number in (1, 3))
    assert one and other
    page.mouse.move(one["x"] + 30, one["y"] + 30)
    page.mouse.down()
    page.mouse.move(other["x"] + 30, other["y"] + 30, steps=5)
    page.mouse.up()
    expect(bar).to_contain_text("3 photos chosen")
    expect(page.locator(LIGHTBOX)).not_to_be_visible()
    page.keyboard.press("Escape")
    rows = page.locator(".grid section").first
    page.locator(".day").first.click()
    count = rows.locator(".tile").count()
    expect(bar).to_contain_text(f"{count} photo")
    expect(rows.locator('.tile[aria-selected="true"]')).to_have_count(count)
    page.locator(".day").first.click()
    expect(bar).not_to_be_visible()

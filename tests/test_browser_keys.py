"""The keyboard in a real Chromium: which photo it acts on, and where the focus stays."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from browser import (
    PHOTOS,
    Page,
    chromium,
    close_photo,
    expect,
    open_panel,
    page,
    ready,
    tiles,
    visit,
)

__all__ = ["chromium", "page"]

LIGHTBOX = "dialog.lightbox"


def test_keys_act_on_the_photo_that_has_the_focus(page: Page) -> None:
    visit(page)
    page.get_by_role("slider", name="Date").focus()
    page.keyboard.press("End")
    expect(page.locator(".head").last).to_contain_text("2017")
    page.keyboard.press("Shift+Tab")
    reached = page.locator(".tile:focus")
    expect(reached).to_be_in_viewport()
    expect(page.locator('.tile[tabindex="0"]')).to_have_count(1)
    place = int(reached.get_attribute("data-number") or 0)
    assert place > 0
    page.keyboard.press("Space")
    expect(reached).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("toolbar")).to_contain_text("1 photo chosen")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    expect(page.locator(LIGHTBOX)).to_contain_text(f"{place + 1} of {PHOTOS}")
    close_photo(page)
    expect(reached).to_have_attribute("data-number", str(place))


def test_back_and_forward_stay_the_browsers(page: Page) -> None:
    visit(page)
    # Chromium itself is kept from following them: it would leave the page.
    page.evaluate(
        """() => {
            window.addEventListener("keydown", () => { window.taken = true; }, true);
            window.addEventListener("keydown", (event) => {
                window.taken = event.defaultPrevented;
                event.preventDefault();
            });
        }"""
    )
    places = {
        "photo": tiles(page).nth(1),
        "view": page.get_by_role("link", name="Map"),
        "date": page.get_by_role("slider", name="Date"),
        "chip": page.locator(".chip").nth(1),
        "large photo": page.locator(".stage"),
    }
    for name, place in places.items():
        if name == "large photo":
            tiles(page).nth(1).click()
        place.focus()
        for key in ("Alt+ArrowLeft", "Alt+ArrowRight"):
            page.keyboard.press(key)
            assert page.evaluate("window.taken") is False, (name, key)
            expect(place).to_be_focused()
    expect(page.locator(LIGHTBOX)).to_contain_text(f"2 of {PHOTOS}")


def test_the_focus_stays_among_the_chips_and_in_the_menu(page: Page) -> None:
    visit(page, "in:Garden camera:canon type:jpg")
    chips = page.locator(".chip")
    chips.nth(1).focus()
    page.keyboard.press("Enter")
    ready(page, "in:Garden type:jpg")
    expect(chips).to_have_count(2)
    expect(chips.nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(chips.nth(0)).to_be_focused()

    opener = page.get_by_role("button", name="how photos are shown")
    opener.click()
    page.get_by_role("radio", name="Newest").focus()
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile("sort=oldest"))
    ready(page)
    expect(page.get_by_role("radio", name="Oldest")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".menu")).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_focus_stays_on_the_filter_that_was_pressed(page: Page) -> None:
    """Not on another one of the same name."""
    visit(page)
    panel = open_panel(page)

    def choice_of(title: str, name: str) -> str:
        return f'section:has(h3:text-is("{title}")) .choice:has(bdi:text-is("{name}"))'

    things = panel.locator('section:has(h3:text-is("What they show"))')
    name = things.locator(".named").first.inner_text()
    things.locator(".choice").first.click()
    expect(page.locator(".app")).to_have_attribute("data-query", re.compile("^label:"))
    ready(page)
    tiles(page).first.click(modifiers=["Control"])
    page.get_by_role("button", name="Tag…").click()
    page.get_by_label(re.compile("Tag for")).fill(name)
    page.get_by_role("button", name="OK").click()
    tag, thing = (panel.locator(choice_of(title, name)) for title in ("Tags", "What they show"))
    tag.focus()
    page.keyboard.press("Space")
    expect(page.locator(".app")).to_have_attribute("data-query", re.compile("tag:"))
    ready(page)
    expect(tag).to_have_attribute("aria-pressed", "true")
    expect(thing).to_be_visible()
    expect(tag).to_be_focused()
    tiles(page).first.click(modifiers=["Control"])
    page.get_by_role("button", name="Tag…").click()
    page.get_by_role("button", name=f"Take away the tag {name}").click()
    expect(page.locator(".toast")).to_contain_text("no longer tagged")


def test_a_year_is_typed_digit_by_digit(page: Page) -> None:
    visit(page)
    panel = open_panel(page)
    first = panel.get_by_role("textbox", name="From")
    first.fill("2021-01")
    expect(page.locator(".app")).to_have_attribute("data-query", "on:2021-01..")
    ready(page)
    expect(panel.get_by_role("button", name="Any time")).to_be_visible()
    expect(first).to_be_focused()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("ArrowRight")  # from the month to the year
    page.keyboard.type("2019")
    expect(page.locator(".app")).to_have_attribute("data-query", "on:2019-01..")
    ready(page)
    expect(first).to_have_value("2019-01")
    expect(first).to_be_focused()
    facets = [parse_qs(urlsplit(url).query) for url in asked if "/clipsearch/facets" in url]
    assert [query["q"] for query in facets] == [["on:2019-01.."]]
    panel.get_by_role("textbox", name="to", exact=True).fill("1998-07")  # before all photos, too
    expect(page.locator(".app")).to_have_attribute("data-query", "on:1998-07..2019-01")
    ready(page)

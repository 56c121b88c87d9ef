"""Albums on the page, from a choice of photos to a place of its own; and the tags of a choice."""

from __future__ import annotations

import re

from browser import (
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


def chosen_photos(page: Page, count: int) -> list[str]:
    """Choose the first photos that are shown; their ids in order."""
    for place in range(count):
        tiles(page).nth(place).click(modifiers=["Control"])
    expect(page.get_by_role("toolbar")).to_contain_text(f"{count} photos chosen")
    return ids_of(page)[:count]


def ids_of(page: Page) -> list[str]:
    shown = tiles(page).filter(has=page.locator("img"))
    return [str(id) for id in shown.evaluate_all("all => all.map((one) => one.dataset.id)")]


def test_an_album_is_made_filled_and_put_in_order(page: Page) -> None:
    visit(page, view="albums")
    expect(page.get_by_role("heading", name="No album yet")).to_be_visible()
    page.get_by_role("button", name="Go to the photos").click()
    ready(page)
    expect(tiles(page).first).to_be_visible()
    ids = chosen_photos(page, 3)
    page.get_by_role("button", name="Add to album…").click()
    page.get_by_label("New album").fill('Été "2019"')
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text('3 photos added to Été "2019".')
    page.keyboard.press("Escape")

    search(page, "coffee")
    further = chosen_photos(page, 2)
    page.get_by_role("button", name="Add to album…").click()
    page.get_by_role("dialog").get_by_role("button", name='Été "2019"').click()
    expect(page.locator(".toast")).to_contain_text("2 photos added")
    page.keyboard.press("Escape")

    page.get_by_role("link", name="Albums").click()
    card = page.get_by_role("link", name=re.compile("Été"))
    expect(card).to_contain_text("5 photos")
    expect(card.locator("img")).to_have_attribute("src", re.compile(f"/{ids[0]}-"))
    card.click()
    ready(page)
    expect(page.locator(".app")).to_have_attribute("data-view", "photos")
    expect(page.locator(".summary")).to_contain_text("5 photos")
    assert ids_of(page) == [*ids, *further]
    expect(page.locator(".chip")).to_contain_text('in the album Été "2019"')

    tiles(page).nth(4).click(modifiers=["Control"])
    tiles(page).nth(3).click(modifiers=["Control"])
    page.get_by_role("button", name="To the front").click()
    expect(tiles(page).first).to_have_attribute("data-id", further[0])
    ready(page)
    assert ids_of(page) == [*further, *ids]
    page.keyboard.press("Escape")
    tiles(page).first.click(modifiers=["Control"])
    page.get_by_role("button", name="Take out", exact=True).click()
    expect(page.locator(".summary")).to_contain_text("4 photos")


def test_an_album_is_renamed_and_deleted(page: Page) -> None:
    visit(page)
    chosen_photos(page, 4)
    page.get_by_role("button", name="Add to album…").click()
    page.get_by_label("New album").fill("Winter")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("4 photos added to Winter.")
    visit(page, "album:winter")
    page.get_by_role("button", name="how photos are shown").click()
    page.get_by_role("radio", name="Newest").check()
    ready(page)
    expect(page).to_have_url(re.compile("sort=newest"))
    page.get_by_role("button", name="Rename the album…").click()
    page.get_by_label("Name of the album").fill("Summer")
    page.keyboard.press("Enter")
    ready(page, "album:Summer")
    expect(page.locator(".summary")).to_contain_text("4 photos")

    panel = open_panel(page)
    expect(panel.get_by_role("button", name="Summer", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    panel.get_by_role("button", name="Summer", exact=True).click()
    ready(page, "")
    page.go_back()
    ready(page, "album:Summer")
    tiles(page).first.click()
    facts = page.locator(".facts")
    facts.get_by_role("button", name="Take out of the album Summer").click()
    expect(facts.get_by_role("button", name="Take out of the album Summer")).to_have_count(0)
    close_photo(page)
    expect(page.locator(".summary")).to_contain_text("3 photos")

    visit(page, "album:Summer before:1900")  # none of its photos, but the album is there
    page.get_by_role("button", name="how photos are shown").click()
    page.get_by_role("button", name="Delete the album…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The photos stay where they are")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).not_to_be_visible()
    page.get_by_role("button", name="how photos are shown").click()
    page.get_by_role("button", name="Delete the album…").click()
    page.get_by_role("button", name="Delete the album", exact=True).click()
    expect(page.get_by_role("link", name=re.compile("Summer"))).to_have_count(0)
    expect(page.locator(".app")).to_have_attribute("data-view", "albums")
    expect(page.get_by_label("Search", exact=True)).to_have_value("")  # it asked for that album
    page.get_by_role("link", name="Photos", exact=True).click()
    expect(tiles(page).first).to_be_visible()


def test_a_saved_search_is_a_place_too(page: Page) -> None:
    visit(page, "coffee in:Trips")
    page.get_by_role("button", name="how photos are shown").click()
    page.get_by_role("button", name="Save search").click()
    page.get_by_label("Name of this search").fill("Breakfasts")
    page.get_by_role("button", name="OK").click()
    expect(page.locator(".toast")).to_contain_text("Saved as Breakfasts")
    visit(page, view="albums")
    card = page.get_by_role("link", name="Breakfasts")
    expect(card.locator("img")).to_be_visible()
    card.click()
    ready(page, "coffee in:Trips")


def test_tags_are_taken_from_many_photos_at_once(page: Page) -> None:
    visit(page, "moon")
    chosen_photos(page, 2)
    page.get_by_role("button", name="Tag…").click()
    page.get_by_label("Tag for 2 photos").fill("Night")
    page.get_by_role("button", name="OK").click()
    expect(page.locator(".toast")).to_contain_text("2 photos tagged night.")
    search(page, "tag:night")
    expect(page.locator(".summary")).to_contain_text("2 photos")
    chosen_photos(page, 2)
    page.get_by_role("button", name="Tag…").click()
    page.get_by_role("button", name="Take away the tag night").click()
    expect(page.locator(".toast")).to_contain_text("2 photos no longer tagged night.")
    expect(page.get_by_role("heading", name="No photo meets all of this")).to_be_visible()

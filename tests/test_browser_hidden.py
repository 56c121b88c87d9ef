"""Photos are hidden and shown again on the page, in a real Chromium."""

from __future__ import annotations

import re

from test_browser_albums import chosen_photos, ids_of

from browser import Page, chromium, expect, page, ready, tiles, visit

__all__ = ["chromium", "page"]


def count_of(page: Page) -> int:
    summary = page.locator(".summary strong")
    expect(summary).to_have_text(re.compile(r"^[\d,]+ photos?"))
    return int(summary.inner_text().partition(" ")[0].replace(",", ""))


def test_a_choice_is_hidden_and_what_is_said_undoes_it(page: Page) -> None:
    visit(page, "in:Trips")
    every = count_of(page)
    ids = chosen_photos(page, 2)
    page.get_by_role("toolbar").get_by_role("button", name="Hide", exact=True).click()
    toast = page.locator(".toast")
    expect(toast).to_contain_text("2 photos hidden.")
    expect(page.get_by_role("toolbar")).not_to_be_visible()
    expect(page.locator(".summary strong")).to_have_text(f"{every - 2} photos")
    ready(page)
    assert not {*ids} & {*ids_of(page)}

    toast.get_by_role("button", name="Undo").click()
    expect(toast).to_contain_text("2 photos shown again.")
    expect(page.locator(".summary strong")).to_have_text(f"{every} photos")
    ready(page)
    assert ids_of(page)[:2] == ids
    toast.get_by_role("button", name="Undo").click()
    expect(toast).to_contain_text("2 photos hidden.")
    expect(page.locator(".summary strong")).to_have_text(f"{every - 2} photos")

    ready(page)
    page.get_by_role("button", name="how photos are shown").click()
    page.get_by_role("button", name="Hidden photos: 2").click()
    ready(page, "is:hidden")
    expect(page.locator(".summary")).to_contain_text("2 photos")
    expect(page.locator(".chip")).to_have_text("hidden")
    assert {*ids_of(page)} == {*ids}
    page.get_by_role("link", name="Library").click()
    page.get_by_role("link", name="Hidden photos: 2").click()
    ready(page, "is:hidden")
    chosen_photos(page, 2)
    page.get_by_role("toolbar").get_by_role("button", name="Show again").click()
    expect(page.locator(".toast")).to_contain_text("2 photos shown again.")
    expect(page.get_by_role("heading", name="No photo meets all of this")).to_be_visible()
    visit(page, "in:Trips")
    assert count_of(page) == every


def test_the_open_photo_is_hidden_and_the_next_one_comes(page: Page) -> None:
    visit(page, "in:Trips")
    every, ids = count_of(page), ids_of(page)
    tiles(page).nth(1).click()
    counted, facts = page.locator(".counted"), page.locator(".facts")
    expect(counted).to_have_text(f"2 of {every}")
    facts.get_by_role("button", name="Hide", exact=True).click()
    expect(page).to_have_url(re.compile(f"#photo={ids[2]}-"))
    expect(counted).to_have_text(f"2 of {every - 1}")
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile(f"#photo={ids[0]}-"))
    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(counted).to_have_text(f"1 of {every}")
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(f"#photo={ids[1]}-"))
    expect(facts.get_by_role("button", name="Hide", exact=True)).to_be_visible()

"""What people type, in a real Chromium: it is said what it became, and a click takes it back."""

from __future__ import annotations

from browser import Page, chromium, expect, page, query_of, ready, search, visit

__all__ = ["chromium", "page"]


def test_what_it_became_and_one_click_to_take_it_back(page: Page) -> None:
    visit(page)
    search(page, "cofee in kyoto")
    summary = page.locator(".summary")
    expect(summary).to_contain_text("Searching for: coffee, in Kyoto")
    literal = '"cofee" "in kyoto"'
    summary.get_by_role("button", name=f"search instead for {literal}").click()
    ready(page, literal)
    assert query_of(page) == literal
    expect(summary).to_contain_text("cofee in kyoto")
    expect(summary.get_by_role("button")).to_have_count(0)
    page.go_back()
    ready(page, "cofee in kyoto")
    expect(summary.get_by_role("button")).to_have_count(1)


def test_what_nobody_can_read_is_said(page: Page) -> None:
    visit(page, "asdfgh")
    summary = page.locator(".summary")
    expect(summary).to_contain_text("Nothing clearly matches")
    expect(summary.locator(".unread")).to_contain_text("No word of this is known (asdfgh)")
    search(page, "a cat")
    expect(summary.locator(".unread")).to_have_count(0)


def test_names_in_a_query_are_text_and_never_markup(page: Page) -> None:
    visit(page, "zebras <b>bold</b>, yesterday")
    summary = page.locator(".summary")
    expect(summary.get_by_role("button")).to_contain_text("<b>bold</b>")
    expect(summary.locator("b")).to_have_count(0)


def test_a_phone_says_what_it_became_too(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, "a cofee, yesterday")
    summary = page.locator(".summary")
    expect(summary).to_contain_text("Searching for: a coffee, yesterday")
    expect(summary.get_by_role("button", name="search instead for")).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Leave out “yesterday").click()
    ready(page, "a cofee")
    expect(page.locator(".chip")).to_have_count(0)

"""How the page looks, and that everybody can use it: screenshots and axe-core on each view.

The screenshots are kept where ``CLIPSEARCH_SCREENSHOTS`` says, to be looked at.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from browser import Browser, Page, chromium, close_photo, expect, ready, tiles, visit

__all__ = ["chromium"]

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
SIZES = {"wide": (1440, 900), "phone": (390, 844)}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    asked = os.environ.get("CLIPSEARCH_SCREENSHOTS")
    folder = Path(asked) if asked else tmp_path_factory.mktemp("shots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(params=["light wide", "dark wide", "light phone", "dark phone"])
def page(request: pytest.FixtureRequest, chromium: Browser, address: str) -> Iterator[Page]:
    scheme, size = request.param.split()
    width, height = SIZES[size]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        base_url=address,
        has_touch=size == "phone",
        reduced_motion="reduce",
        locale="en-GB",
    )
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    yield opened
    context.close()


def look(page: Page, shots: Path, request: pytest.FixtureRequest, name: str) -> None:
    """Keep a screenshot, and have axe look for what shuts people out."""
    # Others are only loaded when they come into sight.
    wait = """images => Promise.all(images.filter(i => i.getBoundingClientRect().top < innerHeight)
        .map(i => i.decode().catch(() => 0)))"""
    page.locator("img:visible").evaluate_all(wait)
    variant = request.node.callspec.params["page"].replace(" ", "-")
    page.screenshot(path=shots / f"{name}-{variant}.png")
    page.evaluate(f"{AXE};0")
    # What lies behind an open dialog can't be seen or reached.
    scope = "document.querySelector('[data-testid=stBidiComponentIsolated]')?.shadowRoot"
    violations: list[dict[str, Any]] = page.evaluate(
        f"""async (rules) => {{
            const dialog = {scope}?.querySelector("dialog[open]");
            const done = await axe.run(dialog ?? document,
                {{ runOnly: rules, resultTypes: ["violations"] }});
            return done.violations.map((v) => ({{ id: v.id, impact: v.impact,
                nodes: v.nodes.map((n) => [n.html.slice(0, 200), n.failureSummary]) }}));
        }}""",
        RULES,
    )
    assert [v for v in violations if v["impact"] in ("serious", "critical")] == []
    wide = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wide, "it scrolls sideways"


def test_each_view(page: Page, shots: Path, request: pytest.FixtureRequest) -> None:
    visit(page)
    look(page, shots, request, "start")
    visit(page, "a cat")
    look(page, shots, request, "search")
    tiles(page).first.locator(".check").click()
    tiles(page).nth(1).click(modifiers=["Control"])
    expect(page.get_by_role("toolbar")).to_be_visible()
    look(page, shots, request, "chosen")
    page.get_by_role("toolbar").get_by_role("button", name="Hide", exact=True).click()
    undo = page.locator(".toast").get_by_role("button", name="Undo")
    ready(page)
    look(page, shots, request, "hidden")
    undo.click()
    expect(page.locator(".toast")).to_contain_text("shown again")
    visit(page, "temple in:Kyoto")
    tiles(page).first.click()
    facts = page.locator(".facts")
    if not facts.is_visible():  # on a phone they would cover the photo
        look(page, shots, request, "photo")
        page.keyboard.press("i")
    expect(facts.locator("h2")).to_be_visible()
    expect(page.locator(".small-map .land")).to_be_attached()
    look(page, shots, request, "lightbox")
    close_photo(page)
    page.keyboard.press("?")
    look(page, shots, request, "help")
    for view in ("Map", "Albums", "Duplicates"):
        visit(page, view=view)
        expect(page.locator(".map .land, .notice, .places, .duplicates").first).to_be_attached()
        look(page, shots, request, view.lower())


def test_the_panel_and_the_library(page: Page, shots: Path, request: pytest.FixtureRequest) -> None:
    visit(page, "in:Garden")
    panel = page.locator(".panel")
    if not panel.is_visible():
        page.get_by_role("button", name="Filters").click()
    expect(panel.get_by_role("heading", name="Folders")).to_be_visible()
    look(page, shots, request, "filters")
    close = panel.get_by_role("button", name="Close")
    if close.is_visible():  # on a phone the panel lies over the photos
        close.click()
        expect(panel).not_to_be_visible()
    page.goto("/library")
    expect(page.get_by_text("Files that could not be read").first).to_be_visible()
    expect(page.get_by_role("button", name="Look for new photos")).to_be_visible()
    look(page, shots, request, "library")
    page.goto("/?q=cat+yaer:2019")
    expect(page.get_by_text("can't be understood")).to_be_visible()
    look(page, shots, request, "mistake")


@pytest.mark.parametrize("page", ["light wide"], indirect=True)
def test_a_mouse_is_not_needed_to_get_anywhere(page: Page) -> None:
    """Tab reaches the box, the filters' button, a photo, and the next page."""
    visit(page, "a cat")
    ready(page)
    reached = []
    for _ in range(10):
        page.keyboard.press("Tab")
        reached.append(focused(page))
    assert {"Search", "Filters", "Search with a picture", "Help (?)"} <= set(reached)
    assert any(re.match(r"[A-Z].* match", name) for name in reached)
    visit(page)
    page.keyboard.press("Tab")
    assert focused(page) == "Skip to photos"
    page.keyboard.press("Enter")
    expect(tiles(page).first).to_be_focused()


def focused(page: Page) -> str:
    """The name of what has the focus."""
    name: str = page.evaluate(
        """() => {
            let at = document.activeElement;
            while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
            return at.getAttribute("aria-label") ?? at.innerText.trim();
        }"""
    )
    return name


@pytest.mark.parametrize("page", ["light phone"], indirect=True)
def test_long_names_stay_within_what_is_said(page: Page) -> None:
    answer = {"error": f"{'IMG' * 60} can't be read."}
    for name in ("tag", "places"):
        page.route(
            re.compile(f"/clipsearch/{name}\\b"),
            lambda route: route.fulfill(status=503, json=answer),
        )
    visit(page)
    tiles(page).first.focus()
    page.keyboard.press("f")
    toast = page.locator(".toast")
    expect(toast).to_contain_text("IMG")
    assert toast.evaluate("node => node.scrollWidth <= node.clientWidth")
    visit(page, view="map")
    empty = page.locator(".empty")
    expect(empty).to_contain_text("IMG")
    assert empty.evaluate("node => node.scrollWidth <= node.clientWidth")


@pytest.mark.parametrize("page", ["light wide", "light phone"], indirect=True)
def test_photos_come_first(page: Page) -> None:
    size = page.viewport_size
    for query in ("", "in:Garden", "is:favourite OR type:jpg", "a temple", "a temple in:Kyoto"):
        visit(page, query)
        first = tiles(page).first.bounding_box()
        assert first and size and first["y"] <= (110 if size["width"] < 700 else 120), query
    assert page.locator("h1").count() == 1

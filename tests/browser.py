"""What the tests with a browser share: the server, the browser, and what people do in it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from album import CROPS, PHOTOGRAPHIC
from benchmarks.served import ARGUMENTS, TOP, browser_path

PHOTOS = len(PHOTOGRAPHIC) * CROPS + 2
"""Different ones in the album: one is there twice, one is broken."""

PATIENCE_MS = 60_000  # two of these modules at once on two cores take their time
expect.set_options(timeout=PATIENCE_MS)


def find_browser() -> str:
    """Where Chromium is; without one the test is skipped, but never in CI."""
    if path := browser_path():
        return path
    if os.environ.get("CI"):
        pytest.fail("There is no Chromium.")
    pytest.skip("There is no Chromium; Debian's is: apt-get install chromium")


def settings(place: Path, cache: Path) -> dict[str, Any]:
    """The environment of a server that sees nothing of whoever runs the tests."""
    (place / "config.toml").touch()
    return {
        "CLIPSEARCH_CACHE": str(cache),
        "CLIPSEARCH_CONFIG": str(place / "config.toml"),
        "CLIPSEARCH_OFFLINE": "1",
    }


def index_album(library: Path, album: Path, environment: dict[str, str]) -> None:
    """With the real command and the starter model."""
    command = [sys.executable, "-m", "app.cli", "index", str(album), "--model", "starter"]
    subprocess.run(
        [*command, "--library", str(library)],
        env=os.environ | environment,
        cwd=TOP,
        check=True,
        capture_output=True,
    )


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A window of its own; in the end no error on the page, and no request to anywhere else."""
    context = chromium.new_context(
        viewport={"width": 1280, "height": 860}, base_url=address, locale="en-GB"
    )
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    opened = context.new_page()
    outside: list[str] = []
    errors: list[str] = []
    opened.on("request", lambda request: outside.append(request.url))
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    context.close()
    own = (address, f"ws{address.removeprefix('http')}", "data:", "blob:")
    assert [url for url in outside if not url.startswith(own)] == []
    assert errors == []


def visit(page: Page, query: str = "", **more: str) -> None:
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
    close_photo(page)
    return name


def close_photo(page: Page) -> None:
    """Until it is gone: what is typed before that is lost on the page behind it, and so is a step
    back, since closing is one itself."""
    page.keyboard.press("Escape")
    expect(page.locator("dialog.lightbox")).not_to_be_visible()
    expect(page).not_to_have_url(re.compile(r"#photo="))

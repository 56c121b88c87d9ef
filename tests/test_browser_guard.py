"""The page's doors in a real browser: two libraries at one address, passwords, plain HTTP."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.served import ARGUMENTS, Served, free_port, served
from browser import close_photo, find_browser, index_album, ready, settings, tiles

NAME = "photos.test"
SECRET = "open sesame 8"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("doors")


@pytest.fixture(scope="module")
def environment(place: Path, engine_cache: Path) -> dict[str, Any]:
    return settings(place, engine_cache)


@pytest.fixture(scope="module")
def named(place: Path) -> Iterator[Browser]:
    """A Chromium for which a name of another machine means this one: plain HTTP is no secure
    origin there, as it is none for those who come by the network."""
    rules = f"--host-resolver-rules=MAP {NAME} 127.0.0.1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_browser(), args=[*ARGUMENTS, rules]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(
    place: Path, real_photos: Path, environment: dict[str, Any]
) -> Iterator[tuple[Served, Path]]:
    """The page of a library of four photos, for those who know the password."""
    photos = place / "photos"
    photos.mkdir()
    for name in ("chelsea.png", "coffee.png", "flower.jpg", "china.jpg"):
        shutil.copy(real_photos / name, photos)
    index_album(place / "library", photos, environment)
    doors: dict[str, Any] = {"CLIPSEARCH_PAGE_PASSWORD": SECRET, "CLIPSEARCH_PAGE_HOSTS": NAME}
    with served(place / "library", **(environment | doors)) as one:
        yield one, photos


@pytest.fixture
def page(named: Browser, server: tuple[Served, Path]) -> Iterator[Page]:
    address = server[0].address.replace("127.0.0.1", NAME)
    context = named.new_context(viewport={"width": 1280, "height": 860}, base_url=address)
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    yield opened
    context.close()


def log_in(page: Page) -> None:
    page.get_by_label("Password").fill(SECRET)
    page.get_by_role("button", name="Open").click()


def test_another_library_at_the_same_address_shows_its_own_photos(
    named: Browser, place: Path, real_photos: Path, environment: dict[str, Any]
) -> None:
    """Ids begin at 1 in both; the browser keeps what it has seen for a year."""
    port = free_port()
    context = named.new_context()
    page = context.new_page()
    page.set_default_timeout(20_000)
    seen = []
    for name in ("chelsea.png", "coffee.png"):
        photos = place / f"only {name}"
        photos.mkdir()
        shutil.copy(real_photos / name, photos)
        library = place / f"library of {name}"
        index_album(library, photos, environment)
        with served(library, port=port, **environment):
            page.goto(f"http://127.0.0.1:{port}/")
            ready(page)
            assert tiles(page).first.get_attribute("data-id") == "1"
            image = tiles(page).first.locator("img")
            small = image.evaluate(
                "async (i) => { await i.decode(); return [i.currentSrc, i.naturalWidth] }"
            )
            tiles(page).first.click()
            expect(page.locator(".facts h2")).to_have_text(name)
            expect(page.locator(".photo")).to_have_attribute("src", re.compile("preview"))
            seen.append((*small, page.locator(".photo").evaluate("(i) => i.naturalWidth")))
    context.close()
    (one, *one_widths), (other, *other_widths) = seen
    assert one != other  # the browser asks for another picture
    assert [one_widths, other_widths] == [[320, 451], [320, 600]]  # of tile and photo


def test_a_link_keeps_its_query_through_the_login(page: Page) -> None:
    page.goto("/?q=a+cat&sort=Newest")
    log_in(page)
    ready(page, "a cat")
    assert "q=a+cat" in page.url or "q=a%20cat" in page.url
    expect(page.get_by_role("button", name="Newest: how photos are shown")).to_be_visible()


def test_the_library_offers_no_folders_to_those_from_elsewhere(page: Page) -> None:
    page.goto("/library")
    log_in(page)
    expect(page.locator(".folder")).to_have_count(1)
    expect(page.get_by_role("button", name="Look for new photos")).to_be_visible()
    expect(page.get_by_text("Folders are added at the machine itself")).to_be_visible()
    expect(page.get_by_label("Add a folder of photos")).to_have_count(0)
    expect(page.get_by_role("button", name=re.compile("^Remove"))).to_have_count(0)
    expect(page.get_by_role("switch", name="Watch folders for new photos")).to_be_visible()
    expect(page.get_by_role("switch", name="Write tags into sidecars too")).not_to_be_visible()


def test_logging_out_ends_one_login(page: Page, named: Browser) -> None:
    page.goto("/")
    log_in(page)
    ready(page)
    other = named.new_context(base_url=page.url).new_page()
    other.goto("/")
    log_in(other)
    ready(other)
    page.get_by_role("link", name="Log out").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    ask = "fetch('/clipsearch/facets').then((answer) => answer.status)"
    assert (page.evaluate(ask), other.evaluate(ask)) == (401, 200)
    other.context.close()


def test_copying_works_without_https_or_says_so(page: Page) -> None:
    page.goto("/?q=a+cat")
    log_in(page)
    ready(page, "a cat")
    assert page.evaluate("window.isSecureContext") is False
    assert page.evaluate("navigator.clipboard") is None
    tiles(page).first.click()
    page.get_by_role("button", name="Copy path").click()
    toast = page.locator(".toast")
    expect(toast).to_have_text("1 path copied.")
    close_photo(page)
    box = page.get_by_label("Search", exact=True)
    box.fill("")
    box.press("Control+v")
    assert Path(box.input_value()).name == "chelsea.png"
    page.evaluate("document.execCommand = () => false")
    tiles(page).first.click()
    page.get_by_role("button", name="Copy path").click()
    expect(toast).to_contain_text("does not let this page copy")
    expect(toast).to_contain_text("chelsea.png")


def test_a_file_that_is_deleted_while_it_is_shown(page: Page, server: tuple[Served, Path]) -> None:
    photos = server[1]
    page.goto("/?q=a+cat")
    log_in(page)
    ready(page, "a cat")
    tiles(page).first.click()
    facts = page.locator(".facts")
    expect(facts.get_by_role("button", name="Download")).to_be_visible()
    (photos / "chelsea.png").rename(photos.parent / "chelsea.png")
    try:
        facts.get_by_role("button", name="Download").click()
        expect(page.locator(".toast")).to_contain_text("Not there now")
        expect(page.locator(".toast")).to_contain_text("chelsea.png")
        # It is in front of the photo: what is at its middle is the message itself.
        box = page.locator(".toast").bounding_box()
        assert box
        front = page.evaluate(
            """([x, y]) => {
                let at = document.elementFromPoint(x, y);
                while (at.shadowRoot) at = at.shadowRoot.elementFromPoint(x, y);
                return at.className;
            }""",
            [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
        )
        assert front == "toast"
        page.evaluate("window.dispatchEvent(new Event('focus'))")  # one comes back to the window
        expect(facts).to_contain_text("not there any more")
        expect(facts.get_by_role("button", name="Download")).to_have_count(0)
        close_photo(page)
        tiles(page).nth(0).click(modifiers=["Control"])
        tiles(page).nth(1).click(modifiers=["Control"])
        page.get_by_role("toolbar").get_by_role("button", name="Download").click()
        expect(page.locator(".toast")).to_contain_text("1 of 2 photos")
    finally:
        (photos.parent / "chelsea.png").rename(photos / "chelsea.png")


def test_back_closes_the_photo_and_stays(page: Page) -> None:
    page.goto("/?q=coffee")
    log_in(page)
    ready(page, "coffee")
    box = page.get_by_label("Search", exact=True)
    box.fill("a cat")
    box.press("Enter")
    ready(page, "a cat")
    dialog = page.locator("dialog.lightbox")
    for close in ("Back", "Escape", "Back"):
        tiles(page).first.click()
        expect(dialog).to_be_visible()
        page.keyboard.press("ArrowRight")
        if close == "Back":
            page.go_back()
        else:
            page.keyboard.press("Escape")
        expect(dialog).not_to_be_visible()
        ready(page, "a cat")
    page.go_forward()
    expect(dialog).to_be_visible()
    page.go_back()
    expect(dialog).not_to_be_visible()
    page.go_back()
    ready(page, "coffee")
    tiles(page).first.click()
    page.locator(".facts").get_by_role("button", name="More like this").click()
    expect(page.locator(".app")).to_have_attribute("data-query", re.compile("^like:"))
    ready(page)
    page.go_back()
    ready(page, "coffee")

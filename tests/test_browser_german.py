"""The page in a German browser, in a real Chromium: its texts, dates and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.locales.texts import catalogue
from benchmarks.served import Served, served
from browser import (
    PATIENCE_MS,
    Browser,
    Page,
    chromium,
    close_photo,
    expect,
    index_album,
    settings,
    visit,
)

__all__ = ["chromium"]

NAME = "\u05d7\u05d5\u05e3"  # Hebrew: a beach
ENGLISH = {
    text
    for key, text in catalogue("en").items()
    if isinstance(text, str)
    and text != catalogue("de")[key]
    and not key.startswith(("below.", "language."))
}
SEEN = """(app) => {
  const said = [];
  for (const root of [app, document.body]) {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode())
      if (!texts.currentNode.parentElement.closest("style, script"))
        said.push(texts.currentNode.data);
  }
  for (const name of ["aria-label", "title", "placeholder"])
    for (const node of app.querySelectorAll(`[${name}]`)) said.push(node.getAttribute(name));
  return said.map((text) => text.trim()).filter(Boolean);
}"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, real_photos: Path) -> Path:
    """A folder with photos in "Bilder"."""
    folder = tmp_path_factory.mktemp("german")
    (folder / "Bilder").mkdir()
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2019:07:14 12:30:00"
    noise = np.random.default_rng(7).integers(0, 255, (1000, 1200, 3), np.uint8)
    Image.fromarray(noise).save(folder / "Bilder" / f"{NAME}.jpg", exif=exif, quality=90)
    for number, stem in enumerate(["chelsea", "coffee", "motorcycle_left"]):
        (source,) = real_photos.glob(f"{stem}.*")
        exif.get_ifd(0x8769)[0x9003] = f"2019:07:{10 + number} 09:05:00"
        with Image.open(source) as photo:
            photo.convert("RGB").save(folder / "Bilder" / f"{stem}.jpg", exif=exif)
    (folder / "Bilder" / "leer.jpg").touch()
    return folder


@pytest.fixture(scope="module")
def server(place: Path, engine_cache: Path) -> Iterator[Served]:
    """Of the page over a library of those photos."""
    environment = settings(place, engine_cache)
    index_album(place / "library", place / "Bilder", environment)
    with served(place / "library", **environment) as one:
        yield one


@pytest.fixture
def page(chromium: Browser, server: Served) -> Iterator[Page]:
    with window(chromium, server) as opened:
        yield opened


@contextmanager
def window(chromium: Browser, server: Served) -> Iterator[Page]:
    """Of a German visitor; in the end no error on the page."""
    context = chromium.new_context(base_url=server.address, locale="de-DE")
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


def without_english(page: Page) -> None:
    said = set(page.locator(".app").evaluate(SEEN))
    assert len(said) > 10
    assert said & ENGLISH == set()


def test_a_first_visit_in_german(chromium: Browser, tmp_path: Path, engine_cache: Path) -> None:
    with ExitStack() as open_windows:
        with served(tmp_path / "library", **settings(tmp_path, engine_cache)) as server:
            page = open_windows.enter_context(window(chromium, server))
            page.goto("/")
            title = "Fotos mit einfachen Worten suchen"
            expect(page.get_by_role("heading", name=title)).to_be_visible()
            expect(page.get_by_role("button", name="Fotos hinzufügen")).to_be_visible()
            without_english(page)
            page.get_by_role("button", name="Hilfe (?)").click()
        # The server has ended. That is said in front of what is open, and stays.
        told = page.get_by_role("alertdialog").filter(has_text="clipsearch läuft nicht mehr")
        expect(page.locator("dialog.help").filter(has=told)).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("dialog.help")).not_to_be_visible()
        expect(told).to_be_visible()
        box = page.get_by_label("Ordner mit Fotos")
        box.fill(str(tmp_path))
        box.press("Enter")
        failed = page.get_by_role("alert").filter(has_text="Läuft clipsearch noch?")
        expect(failed).to_be_visible()


def test_the_page_in_german(page: Page) -> None:
    visit(page)
    assert page.locator("html").get_attribute("lang") == "de"
    expect(page.get_by_placeholder("Was zeigt das Foto?")).to_be_visible()
    for name in ("Fotos", "Karte", "Alben", "Duplikate", "Bibliothek"):
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
    expect(page.locator(".summary")).to_have_text("4 Fotos")
    expect(page.locator(".head")).to_have_text(re.compile(r"^10\.\s?\u2013\s?14\. Juli 2019$"))
    page.get_by_role("button", name="Filter").click()
    panel = page.get_by_role("complementary", name="Filter")
    for name in ("Ordner", "Dateitypen", "Motive"):
        expect(panel.get_by_role("heading", name=name)).to_be_visible()
    without_english(page)

    page.locator(".tile").first.click()
    facts = page.locator(".facts")
    expect(facts).to_contain_text("14. Juli 2019 um 12:30")
    expect(facts).to_contain_text(re.compile(r"1200 . 1000, \d,\d MB, JPEG"))
    expect(facts.locator("h2 bdi")).to_have_text(f"{NAME}.jpg")
    facts.get_by_role("button", name="Tag …").click()
    page.get_by_role("textbox", name="Tag für 1 Foto").fill(NAME)
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_have_text(f"1 Foto hat jetzt den Tag \u2068{NAME}\u2069.")
    expect(facts.locator(".tags bdi").last).to_have_text(NAME)
    without_english(page)
    close_photo(page)
    page.keyboard.press("?")
    expect(page.get_by_role("heading", name="Wonach gesucht werden kann")).to_be_visible()
    without_english(page)


def test_what_is_found_and_what_is_not_in_german(page: Page) -> None:
    visit(page)
    expect(page.get_by_role("group", name="Aus der Bibliothek")).to_contain_text("Motorrad")
    visit(page, "eine Katze year:2019")
    summary = page.locator(".summary")
    expect(summary).to_contain_text(
        re.compile(r"· \d+,\d\d s · eine Katze, 2019 · Suche auf Deutsch")
    )
    without_english(page)
    visit(page, "label:cat")
    expect(page.locator(".chips")).to_contain_text("mit dem Motiv Katze")
    expect(summary).to_contain_text("· mit dem Motiv Katze")
    visit(page, "tag:nie -type:jpg")
    expect(page.get_by_role("heading", name="Kein Foto erfüllt all das")).to_be_visible()
    offer = page.get_by_role("button", name="Filter „keine JPG-Dateien“ weglassen")
    expect(offer).to_be_visible()
    without_english(page)
    visit(page, "yaer:2019")
    expect(page.locator(".notice")).to_contain_text("Den Filter yaer: gibt es nicht.")
    expect(page.get_by_role("button", name="Gemeint war year:2019?")).to_be_visible()
    for view, said in (
        ("map", "Keines dieser Fotos sagt, wo es aufgenommen wurde."),
        ("albums", "Noch kein Album"),
        ("duplicates", "Kein Foto ist mehrfach da."),
    ):
        visit(page, view=view)
        expect(page.locator(".view")).to_contain_text(said)
        without_english(page)


def test_the_library_in_german(page: Page) -> None:
    page.goto("/library")
    expect(page.get_by_role("heading", name="Bibliothek", exact=True)).to_be_visible()
    expect(page.get_by_text("4 Fotos · 1 Datei nicht lesbar")).to_be_visible()
    expect(page.get_by_role("button", name="Neue Fotos suchen")).to_be_visible()
    expect(page.locator(".unread-kinds summary")).to_have_text(re.compile("^leer"))
    without_english(page)


def test_dates_are_those_of_the_browser_where_texts_are_english(
    chromium: Browser, server: Served
) -> None:
    said = {"fr-FR": "10\u201314 juillet 2019", "en-US": "July 10 \u2013 14, 2019"}
    for locale, days in said.items():
        context = chromium.new_context(base_url=server.address, locale=locale)
        opened = context.new_page()
        visit(opened)
        expect(opened.locator("html")).to_have_attribute("lang", "en")
        expect(opened.get_by_role("link", name="Photos", exact=True)).to_be_visible()
        head = opened.locator(".head").inner_text()
        assert re.sub(r"\s+", " ", head) == days
        context.close()

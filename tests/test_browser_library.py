"""From nothing to a library in the browser: states, indexing, and what the server refuses."""

from __future__ import annotations

import http.client
import re
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Route

from app.web.frontend_routes import main_address
from benchmarks.served import Served, served
from browser import PATIENCE_MS, Browser, Page, chromium, expect, index_album, settings
from store.library import Library
from store.values import DATABASE

__all__ = ["chromium"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, real_photos: Path) -> Path:
    """A folder with photos in "my photos"."""
    folder = tmp_path_factory.mktemp("filled")
    fill(folder / "my photos", real_photos, 0)
    return folder


@pytest.fixture(scope="module")
def server(place: Path, engine_cache: Path) -> Iterator[Served]:
    """Of the page over a library of those photos."""
    environment = settings(place, engine_cache)
    index_album(place / "library", place / "my photos", environment)
    with served(place / "library", **environment) as one:
        yield one


@pytest.fixture
def page(chromium: Browser, server: Served) -> Iterator[Page]:
    with window(chromium, server) as opened:
        yield opened


@contextmanager
def window(chromium: Browser, server: Served, timeout: int = 30_000) -> Iterator[Page]:
    """Of a visitor; ``timeout``: milliseconds, longer than anything takes."""
    context = chromium.new_context(base_url=server.address)
    opened = context.new_page()
    opened.set_default_timeout(timeout)
    expect.set_options(timeout=timeout)
    yield opened
    expect.set_options(timeout=PATIENCE_MS)
    context.close()


def fill(folder: Path, real_photos: Path, count: int) -> None:
    folder.mkdir()
    for name in ("chelsea.png", "coffee.png", "flower.jpg"):
        shutil.copy(real_photos / name, folder)
    drawn = []
    for number in range(min(count, 10)):
        file = BytesIO()  # large, and small as a file: a run takes its time for them
        Image.linear_gradient("L").rotate(36 * number).resize((4000, 3000)).save(file, "PNG")
        drawn.append(file.getvalue())
    for number in range(count):
        # What follows the end of a PNG is part of the file, not of the picture.
        (folder / f"drawn{number:04}.png").write_bytes(drawn[number % 10] + b"%d" % number)
    (folder / "cut off.jpg").write_bytes((real_photos / "china.jpg").read_bytes()[:9000])


def test_from_nothing_to_the_first_search(
    chromium: Browser, tmp_path: Path, real_photos: Path, engine_cache: Path
) -> None:
    """One after the other, as a person would."""
    photos = tmp_path / "my photos"
    fill(photos, real_photos, 1000)
    with (
        served(tmp_path / "library", **settings(tmp_path, engine_cache)) as server,
        window(chromium, server, 300_000) as page,
    ):
        from_nothing(page, photos)


def from_nothing(page: Page, photos: Path) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="Search your photos in plain words")).to_be_visible()
    box = page.get_by_label("Folder of photos")
    box.fill(str(photos.with_name("nowhere")))
    page.get_by_role("button", name="Add photos").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no such folder")

    box.fill(str(photos))
    page.get_by_role("button", name="Add photos").click()
    said = page.locator(".reading").get_by_role("status")
    expect(said).to_contain_text("Preparing the model")
    expect(said).to_contain_text(re.compile(r" of 1,00\d files, .*photos a second.*left"))
    page.get_by_role("button", name="See what is there already").click()
    expect(page.locator(".tile").first).to_be_visible()
    expect(page.locator(".banner")).to_contain_text("Searching works meanwhile")
    page.get_by_role("link", name="Library").click()
    expect(page.get_by_role("heading", name="Your library")).to_be_visible()
    run = page.locator(".run")
    expect(run).to_contain_text(re.compile(r" of 1,00\d files, .*photos a second.*left"))
    expect(page.get_by_role("progressbar")).to_be_visible()
    box = page.get_by_label("Add a folder of photos")
    box.fill("half of a na")
    page.get_by_role("button", name="Stop").click()
    expect(run).to_contain_text("Stopped; all of this is kept")
    expect(page.get_by_role("button", name="Look for new photos")).to_be_focused()
    expect(page.locator('[data-number="shown"] dd')).to_have_text(re.compile(r"[1-9]"))
    expect(box).to_have_value("half of a na")  # what is typed stays

    page.keyboard.press("Enter")
    expect(run).to_contain_text("Photos are being read")
    expect(page.get_by_role("button", name="Stop")).to_be_focused()
    # Who cannot see it is told, and only what is worth it.
    expect(page.get_by_role("status").filter(has_text="Photos are being read")).to_be_attached()
    page.get_by_role("link", name="Photos", exact=True).click()
    # Searching goes on while photos are read.
    expect(page.locator(".banner")).to_contain_text("Searching works meanwhile")
    search = page.get_by_label("Search", exact=True)
    search.fill("a cat")
    search.press("Enter")
    expect(page.locator('.app[data-ready="true"]')).to_have_attribute("data-query", "a cat")
    expect(page.locator(".tile").first).to_be_visible()

    page.get_by_role("link", name="Library").click()
    expect(run).to_contain_text(re.compile(r"1,00\d files: "))
    expect(page.get_by_text("Pictures that can be found")).to_be_visible()
    expect(page.locator('[data-number="shown"] dd')).to_have_text("1,003")
    # Lines of a length that can be read, and on a phone two numbers a row.
    width = page.locator(".library").bounding_box()
    assert width and width["width"] <= 960
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": 390, "height": 844})
    tops = [one.bounding_box() for one in page.locator(".number").all()[:2]]
    assert tops[0] and tops[1] and tops[0]["y"] == tops[1]["y"]
    page.set_viewport_size(size)
    expect(page.get_by_role("heading", name="Files that could not be read")).to_be_visible()
    expect(page.locator(".unread-kinds summary")).to_contain_text("truncated")
    expect(page.locator(".unread-kinds li")).to_contain_text("cut off.jpg")


def test_sample_photos_come_and_go(chromium: Browser, tmp_path: Path, engine_cache: Path) -> None:
    with (
        served(tmp_path / "library", **settings(tmp_path, engine_cache)) as server,
        window(chromium, server, 300_000) as page,
    ):
        page.goto("/")
        page.get_by_role("button", name="Try it with sample photos").click()
        expect(page.get_by_role("heading", name="Reading the sample photos")).to_be_visible()
        expect(page.locator(".tile").first).to_be_visible()
        page.get_by_role("button", name="Remove them").click()
        expect(page.get_by_role("button", name="Try it with sample photos")).to_be_visible()


def test_an_unplugged_drive(page: Page, place: Path) -> None:
    (place / "my photos").rename(place / "unplugged")
    try:
        page.goto("/?q=a+cat")
        expect(page.get_by_text(re.compile("1 folder can't be seen now"))).to_be_visible()
        expect(page.locator('.app[data-ready="true"]')).to_be_attached()
        first = page.locator(".tile").first
        image = first.locator("img")
        assert image.evaluate("async (i) => { await i.decode(); return i.naturalWidth }") > 100
        expect(first.locator(".offline")).to_be_visible()
        first.click()
        expect(page.locator(".facts h2")).to_have_text("chelsea.png")
        expect(page.locator(".facts")).to_contain_text("not there now")
        page.goto("/library")
        expect(page.get_by_text(re.compile("clipsearch relocate OLD NEW"))).to_be_visible()
    finally:
        (place / "unplugged").rename(place / "my photos")


def test_a_folder_is_added_and_taken_out_again(page: Page, place: Path, real_photos: Path) -> None:
    other = place / "<i>others"  # which is a name, and no markup
    other.mkdir()
    shutil.copy(real_photos / "rocket.jpg", other)
    page.goto("/library")
    folders = page.locator(".folder")
    expect(folders).to_have_count(1)
    box = page.get_by_label("Add a folder of photos")
    box.fill(str(other.with_name("nowhere")))
    box.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("There is no such folder")
    box.fill(str(other))
    box.press("Enter")
    expect(folders).to_have_count(2)
    expect(page.locator(".run")).to_contain_text("The last run")
    card = folders.filter(has_text=str(other))
    expect(card.locator(".folder-name")).to_contain_text("<i>others")
    expect(card.get_by_role("link", name="1 photo")).to_be_visible()
    assert box.input_value() == ""

    library = Library.open(place / "library")
    library.user_data.add_tag(library.contents_at(other), "space")
    remove = card.get_by_role("button", name=f"Remove {other} from the library…")
    remove.click()
    dialog = page.get_by_role("dialog", name="Remove this folder from the library?")
    expect(dialog).to_contain_text("1 mark (tags, favourites, places in albums) of 1 photo")
    page.keyboard.press("Escape")
    expect(remove).to_be_focused()
    remove.click()
    dialog.get_by_label("Delete these marks as well, for good").check()
    dialog.get_by_role("button", name="Remove it").click()
    expect(folders).to_have_count(1)
    expect(page.locator(".toast")).to_contain_text("is not in the library any more")
    expect(page.get_by_role("heading", name="Folders")).to_be_focused()
    assert [root.path for root in library.roots()] == [place / "my photos"]
    assert library.user_data.tagged() == {} and (other / "rocket.jpg").exists()
    library.close()


def test_switches_of_the_library(page: Page) -> None:
    page.goto("/library")
    for name in ("Watch folders for new photos", "Write tags into sidecars too"):
        switch = page.get_by_role("switch", name=name)
        for on in (True, False):
            switch.focus()
            page.keyboard.press("Space")
            expect(switch).to_be_checked(checked=on)
            expect(switch).to_be_enabled()
            expect(switch).to_be_focused()
            page.reload()
            expect(switch).to_be_checked(checked=on)


def test_that_the_library_cannot_be_read_is_said_until_it_can(page: Page, place: Path) -> None:
    def kept(excludes: str) -> None:
        with closing(sqlite3.connect(place / "library" / DATABASE)) as database, database:
            database.execute("UPDATE root SET excludes = ?", (excludes,))
            change = "UPDATE setting SET value = value + 1 WHERE key = 'generation'"
            database.execute(change)

    page.goto("/library")
    expect(page.locator(".folder")).to_have_count(1)
    said = page.get_by_role("alert").filter(has_text="clipsearch doctor")
    kept("no JSON")
    try:
        expect(said).to_be_visible()
    finally:
        kept("[]")
    expect(said).not_to_be_visible()
    expect(page.locator(".folder")).to_have_count(1)


def test_the_page_of_the_library_without_its_styles(page: Page) -> None:
    styles = re.compile(r"/library\.css$")
    page.route(styles, lambda route: route.abort())
    page.goto("/library")
    expect(page.get_by_text("scripts could not be loaded")).to_be_visible()
    page.unroute(styles)
    page.get_by_role("link", name="Photos", exact=True).click()
    page.get_by_role("link", name="Library").click()
    expect(page.locator(".folder")).to_have_count(1)


def test_other_views_and_pictures_lead_away_from_the_library(page: Page, real_photos: Path) -> None:
    page.goto("/library?q=a+cat")
    shown = page.locator(".app")
    for view in ("map", "duplicates"):
        expect(page.locator(".folder")).to_have_count(1)
        page.get_by_role("link", name=view.title()).click()
        expect(shown).to_have_attribute("data-view", view)
        expect(page).to_have_url(re.compile(rf"/\?q=a(\+|%20)cat&view={view}$"))
        page.go_back()
    expect(page.locator(".folder")).to_have_count(1)
    page.locator("input.file").set_input_files(real_photos / "coffee.png")
    expect(shown).to_have_attribute("data-query", re.compile("^image:"))
    expect(shown).to_have_attribute("data-view", "photos")
    page.locator(".tile").first.click()
    expect(page.locator(".facts h2")).to_have_text("coffee.png")


@contextmanager
def held(page: Page, path: str) -> Iterator[None]:
    """What is asked for first within the block is answered at its end."""
    address = re.compile(f"/clipsearch/{path}")
    waiting: list[Route] = []

    def keep(route: Route) -> None:
        waiting.append(route)

    page.route(address, keep, times=1)
    with page.expect_request(address):
        yield
    (route,) = waiting
    with page.expect_response(address) as answer:
        route.continue_()
    answer.value.finished()
    # What is answered later than that finds the page as the answers have left it.
    page.evaluate("fetch('/clipsearch/indexing').then((answer) => answer.text())")


def test_a_late_answer_is_shown_where_it_is_wanted(page: Page, place: Path) -> None:
    page.goto("/")
    app = page.locator(".app")
    ready = page.locator('.app[data-ready="true"]')
    expect(ready).to_have_attribute("data-view", "photos")
    said = {"map": "None of these photos says", "duplicates": "No photo is there more than once"}
    for (view, text), asked in zip(said.items(), ("places", "duplicates"), strict=True):
        link = page.get_by_role("link", name=view.title())
        with held(page, asked):
            link.click()
            expect(link).to_have_attribute("aria-current", "page")
            # The script gives the same view again, with something else said above it.
            (place / "my photos").rename(place / "unplugged")
            try:
                link.click()
                expect(page.locator(".banner")).to_contain_text("can't be seen now")
            finally:
                (place / "unplugged").rename(place / "my photos")
        expect(page.locator(".view")).to_contain_text(text)
        expect(ready).to_have_attribute("data-view", view)

    albums = page.get_by_role("link", name="Albums")
    with held(page, "albums"):
        albums.click()
        expect(albums).to_have_attribute("aria-current", "page")
        page.get_by_role("link", name="Photos", exact=True).click()
        expect(ready).to_have_attribute("data-view", "photos")
    assert app.get_attribute("data-view") == "photos"
    expect(page.locator(".tile").first).to_be_visible()
    # Where albums are shown, the query that is there already leads to its photos.
    albums.click()
    expect(ready).to_have_attribute("data-view", "albums")
    page.get_by_label("Search", exact=True).press("Enter")
    expect(ready).to_have_attribute("data-view", "photos")


def test_nothing_meets_the_filters(page: Page) -> None:
    page.goto("/?q=a+cat+in%3Anowhere")
    expect(page.get_by_text("No photo meets all of this")).to_be_visible()
    expect(page.locator(".summary")).to_contain_text("Nothing was found")


def request(server: Served, path: str, method: str = "GET", **headers: str) -> int:
    address = server.address.removeprefix("http://")
    connection = http.client.HTTPConnection(address, timeout=10)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    try:
        return connection.getresponse().status
    finally:
        connection.close()


WEBSOCKET = {
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec_WebSocket_Version": "13",
}


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/clipsearch/facets", main_address()])
def test_the_server_itself_refuses_other_names_and_sites(server: Served, path: str) -> None:
    assert request(server, path) == 200
    assert request(server, path, Host="evil.example") == 403
    assert request(server, path, Origin="https://evil.example") == 403


def test_the_websocket_is_guarded_too(server: Served) -> None:
    stream = "/_stcore/stream"
    assert request(server, stream, **WEBSOCKET, Origin=server.address) == 101
    assert request(server, stream, **WEBSOCKET, Origin="https://evil.example") == 403
    host = {"Host": "evil.example", "Origin": "http://evil.example"}
    assert request(server, stream, **WEBSOCKET, **host) == 403


def test_actions_of_other_sites_are_refused(server: Served) -> None:
    post = {"Content_Type": "application/json", "Content_Length": "2"}
    for path in ("tag", "search", "history", "concept", "reveal", "upload", "zip", "paths"):
        headers = {**post, "Sec_Fetch_Site": "cross-site"}
        assert request(server, f"/clipsearch/{path}", "POST", **headers) == 403


def test_a_page_elsewhere_sees_nothing(chromium: Browser, server: Served) -> None:
    """Another origin's page in the same browser: pictures, frames and answers stay shut."""
    page = chromium.new_page()
    page.goto(server.address)
    picture = page.locator(".tile img").first.get_attribute("data-address")
    page.close()
    with served_elsewhere() as elsewhere:
        page = chromium.new_page()
        page.goto(elsewhere)
        seen = page.evaluate(
            """async ([address, picture]) => {
                const image = (path) => new Promise((done) => {
                    const one = new Image();
                    one.onload = () => done("seen");
                    one.onerror = () => done("refused");
                    one.src = address + path;
                });
                const text = await fetch(address + "/clipsearch/facets").then(() => "seen",
                    () => "refused");
                const socket = await new Promise((done) => {
                    const one = new WebSocket(address.replace("http", "ws") + "/_stcore/stream");
                    one.onopen = () => done("seen");
                    one.onerror = () => done("refused");
                });
                return [await image(picture), text, socket];
            }""",
            [server.address, picture],
        )
        page.close()
    assert seen == ["refused"] * 3


@contextmanager
def served_elsewhere() -> Iterator[str]:
    class Empty(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>elsewhere</title>")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Empty)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()

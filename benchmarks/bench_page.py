"""The page in a real browser: from Enter to photos on the screen, and what it costs the server.

    python -m benchmarks.bench_page [--photos 10000] [--rounds 20] [--library FOLDER]

Needs Chromium. Up to 20,000 photos are pictures that are indexed first; of more, the library is
written as in ``bench_scroll``, with a thumbnail for each (3 GB for 100,000), in ``--library`` if it
is to be kept: what is there already is taken as it is. The small pictures (0.8 GB) are made before,
as the page does in the background. "First rows" is until every photo of the first screen is
painted. Each round is a query that was not asked before. Times are the browser's, in seconds; the
server's are CPU seconds of its process. Bytes are what one query brings, pictures and all; "first
visit" is all that a browser with an empty cache loads until the first screen stands still.
"""

from __future__ import annotations

import itertools
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, ViewportSize, sync_playwright

from app.gallery.small_pictures import make_small_pictures
from benchmarks import report
from benchmarks.bench_scroll import fill
from benchmarks.samples import index_photos, make_pictures
from benchmarks.served import ARGUMENTS, browser_path, served
from store.library import Library

_SESSIONS = 8
_INDEXED = 20_000  # photos; more would take longer to index than all that is measured
_WINDOW: ViewportSize = {"width": 1440, "height": 900}
_OF_PHOTOS = ("/pack/", "/small/", "/thumb/", "/preview/")
_STILL_MS = 3_000  # after the first photos: nothing more comes by then
_QUERIES = [
    f"{one} {two}"
    for one, two in itertools.product(
        ("red", "a blue", "bright", "dark", "some", "an old", "a small", "green"),
        ("clouds", "stone", "water", "fabric", "sunset", "grass", "wall", "fire"),
    )
]
_MEASURE = """
(query) => new Promise((resolve) => {
    const host = [...document.querySelectorAll("*")].find(
        (n) => n.shadowRoot?.querySelector(".app"));
    const app = host.shadowRoot.querySelector(".app");
    const start = performance.now();
    const look = () => {
        const ready = app.dataset.ready === "true" && app.dataset.query === query;
        const images = ready ? [...app.querySelectorAll(".tile img")] : [];
        const shown = images.filter((i) => i.getBoundingClientRect().top < innerHeight);
        const painted = shown.length && shown.every((i) => i.complete && i.naturalWidth);
        // Two frames later it is on the screen.
        if (painted) resolve(performance.now() - start + 33);
        else requestAnimationFrame(look);
    };
    app.querySelector("form.search").requestSubmit();
    look();
})
"""


def main() -> None:
    parser = report.parser(__doc__, rounds=20)
    parser.add_argument("--photos", type=int, default=10_000)
    parser.add_argument("--library", type=Path)
    options = parser.parse_args()
    path = browser_path()
    if path is None:
        sys.exit("There is no Chromium; Debian's is: apt-get install chromium")
    with tempfile.TemporaryDirectory() as place:
        folder, library = Path(place, "photos"), options.library or Path(place, "library")
        if library.exists():
            pass  # of an earlier run
        elif options.photos > _INDEXED:
            fill(library, Path(place), options.photos)
        else:
            make_pictures(folder, options.photos, 400, 300)
            index_photos(library, [folder], "starter")
        with Library.open(library) as one:
            make_small_pictures(one)
        with served(library) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            pages = [browser.new_page(viewport=_WINDOW) for _ in range(_SESSIONS)]
            weight = first_visit(browser.new_page(viewport=_WINDOW), server.address)
            row = weight | measure(pages, server.address, server.pid, options.rounds)
            browser.close()
    report.show("bench_page: the search page", [{"photos": options.photos, **row}], options)


def measure(pages: list[Page], address: str, pid: int, rounds: int) -> dict[str, Any]:
    first, *others = pages
    asked = iter(_QUERIES * 10)
    received: list[float] = []
    browser = first.context.new_cdp_session(first)
    browser.send("Network.enable")
    browser.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    first.on("websocket", lambda s: s.on("framereceived", lambda f: received.append(len(f))))
    visit(first, address)
    enter(first, next(asked))  # the model is loaded, and its first query costs more
    one_session = megabytes(pid)
    painted, cpu, bytes_ = [], [], []
    for _ in range(rounds):
        received.clear()
        before = seconds_used(pid)
        painted.append(enter(first, next(asked)) / 1000)
        first.wait_for_timeout(300)  # the facets come after the photos
        cpu.append(seconds_used(pid) - before)
        bytes_.append(sum(received))
    for page in others:
        visit(page, address)
    together = sorted(enter_at_once(pages, [next(asked) for _ in pages]))
    return {
        "first rows": statistics.median(painted),
        "first rows, 9 of 10": sorted(painted)[int(len(painted) * 0.9)],
        "server CPU": statistics.median(cpu),
        "KB": statistics.median(bytes_) / 1000,
        "MB, 1 session": one_session,
        f"MB, {_SESSIONS} sessions": megabytes(pid),
        f"first rows, {_SESSIONS} at once": statistics.median(together) / 1000,
        "the last of them": together[-1] / 1000,
    }


def first_visit(page: Page, address: str) -> dict[str, float]:
    """KB of a first visit, as they come over the network, and those of them that are photos."""
    addresses: dict[str, str] = {}
    loaded: dict[str, float] = {}
    browser = page.context.new_cdp_session(page)
    browser.send("Network.enable")
    browser.send("Network.setCacheDisabled", {"cacheDisabled": True})
    browser.on(
        "Network.requestWillBeSent",
        lambda event: addresses.update({event["requestId"]: event["request"]["url"]}),
    )
    browser.on(
        "Network.loadingFinished",
        lambda event: loaded.update({event["requestId"]: event["encodedDataLength"]}),
    )
    frames: list[int] = []
    page.on("websocket", lambda s: s.on("framereceived", lambda f: frames.append(len(f))))
    visit(page, address)
    page.wait_for_timeout(_STILL_MS)
    of_photos = sum(
        size
        for id, size in loaded.items()
        if any(kind in addresses.get(id, "") for kind in _OF_PHOTOS)
    )
    page.close()
    return {
        "first visit, KB": (sum(loaded.values()) + sum(frames)) / 1000,
        "of it photos, KB": of_photos / 1000,
    }


def visit(page: Page, address: str) -> None:
    page.goto(address)
    page.locator('.app[data-ready="true"]').wait_for(timeout=60_000)


def enter(page: Page, query: str) -> float:
    """Milliseconds until the first screen is painted."""
    page.get_by_label("Search", exact=True).fill(query)
    painted: float = page.evaluate(_MEASURE, query)
    return painted


def enter_at_once(pages: list[Page], queries: list[str]) -> list[float]:
    """The same for several pages that search in the same moment, each for its own query."""
    for page, query in zip(pages, queries, strict=True):
        page.get_by_label("Search", exact=True).fill(query)
    for page, query in zip(pages, queries, strict=True):
        page.evaluate(f"(query) => {{ window.painted = ({_MEASURE})(query); }}", query)
    return [page.evaluate("() => window.painted") for page in pages]


def seconds_used(pid: int) -> float:
    """CPU seconds of a process so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def megabytes(pid: int) -> float:
    """Resident memory of a process (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()

"""Scrolling through a large library in a real browser: frames a second, elements, first rows.

    python -m benchmarks.bench_scroll [--photos 10000] [--seconds 5]

Needs Chromium. The library has a row, an embedding and a thumbnail of its own for every photo, with
no files behind them; the thumbnails show sixteen different pictures. "reading", "flicking" and
"dragging" scroll by 1,200 and 8,000 pixels a second, and through the whole library in the given
time. Frames are those of the browser, of which a screen shows 60 a second at most; "empty page" has
those of a page with nothing on it at the same time, which is what a busy machine gives at most.
"elements" are all of the page's own at the most. "first photos" is from the address to photos that
are painted.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

from app import services
from app.config import load_config
from benchmarks import report
from benchmarks.bench_labels import mixed
from benchmarks.bench_server_page import photos
from benchmarks.samples import DIFFERENT, picture, sample_library
from benchmarks.served import ARGUMENTS, browser_path, served
from store.library import Library
from store.values import Picture

_BATCH = 2_000  # photos that are written at once
_SCROLL = """
async ([speed, seconds]) => {
    const host = [...document.querySelectorAll("*")].find(
        (n) => n.shadowRoot?.querySelector(".app"));
    const app = host ? host.shadowRoot.querySelector(".app") : document.body;
    let scroller = app.querySelector(".grid");
    const around = (n) => n.parentNode instanceof ShadowRoot ? n.parentNode.host : n.parentElement;
    while (!/auto|scroll/.test(getComputedStyle(scroller).overflowY)) scroller = around(scroller);
    scroller.scrollTop = 0;
    await new Promise((resolve) => setTimeout(resolve, 800));
    const pace = speed || (scroller.scrollHeight - scroller.clientHeight) / seconds;
    const start = performance.now();
    let [last, frames, longest, elements] = [start, 0, 0, 0];
    while (last - start < seconds * 1000) {
        const now = await new Promise(requestAnimationFrame);
        frames += 1;
        longest = Math.max(longest, now - last);
        last = now;
        scroller.scrollTop = ((now - start) / 1000) * pace;
        if (frames % 10 === 0) elements = Math.max(elements, app.querySelectorAll("*").length);
    }
    const rate = frames / ((last - start) / 1000);
    const stop = performance.now();
    const box = scroller.getBoundingClientRect();
    const seen = () => [...app.querySelectorAll(".tile")].filter((tile) => {
        const { top, bottom } = tile.getBoundingClientRect();
        return bottom > box.top && top < box.bottom;
    });
    while (host && !(seen().length && seen().every((tile) => tile.querySelector("img.in"))))
        await new Promise(requestAnimationFrame);
    return [rate, longest, elements, performance.now() - stop];
}
"""
_EMPTY = """
<body style="margin: 0; height: 100vh; overflow: auto">
<div class="grid" style="height: 2000000px; background: repeating-linear-gradient(#eee 0 200px,
#bbb 200px 400px)"></div></body>
"""
_WAYS = (("reading", 1_200), ("flicking", 8_000), ("dragging", 0))


def main() -> None:
    parser = report.parser(__doc__)
    parser.add_argument("--photos", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    path = browser_path()
    if path is None:
        sys.exit("There is no Chromium; Debian's is: apt-get install chromium")
    with tempfile.TemporaryDirectory() as place:
        library = Path(place, "library")
        fill(library, Path(place), options.photos)
        with served(library) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            page = context.new_page()
            rows = measured(page, server.address, options.seconds)
            browser.close()
    report.show(
        f"bench_scroll: the grid of {options.photos:,} photos",
        [{"photos": options.photos, **row} for row in rows],
        options,
    )


def measured(page: Page, address: str, seconds: float) -> list[dict[str, Any]]:
    page.goto(address)  # the first visit opens the library
    _wait(page)
    start = time.monotonic()
    page.goto(f"{address}/?sort=oldest")
    _wait(page)
    opened = time.monotonic() - start
    page.wait_for_timeout(2_000)  # the shapes of the others come behind the first
    bare = page.context.new_page()
    bare.set_content(_EMPTY)
    rows = []
    for name, speed in _WAYS:
        bare.bring_to_front()
        most = bare.evaluate(_SCROLL, [speed, seconds])[0]
        page.bring_to_front()
        rate, longest, elements, after = page.evaluate(_SCROLL, [speed, seconds])
        rows.append(
            {
                "scrolling": name,
                "frames/s": rate,
                "empty page": most,
                "longest frame, ms": longest,
                "elements": elements,
                "photos there after, ms": after,
                "first photos, s": opened,
            }
        )
    bare.close()
    return rows


def _wait(page: Page) -> None:
    page.locator('.app[data-ready="true"]').wait_for(state="attached", timeout=300_000)
    page.locator(".tile img.in").first.wait_for(timeout=60_000)


def fill(folder: Path, place: Path, count: int) -> None:
    """Write a library of ``count`` photos, as far as a page needs them."""
    base, _ = sample_library(None, place)
    pictures = [picture(448, 336, seed) for seed in range(DIFFERENT)]
    encoder = services.load_encoder("starter", load_config(), for_queries=True)
    with Library.open(folder, create=True) as library, library.writing() as writer:
        model = writer.add_model(encoder.name, encoder.fingerprint, encoder.dim)
        root = writer.add_root(library.folder, (), replace=False).id
        for start in range(0, count, _BATCH):
            files = photos(root, start, mixed(base, min(_BATCH, count - start), start))
            writer.record(files, model, 1)
            digests = [file.picture.digest for file in files if isinstance(file.picture, Picture)]
            chance = np.random.default_rng(start)
            chosen = chance.integers(DIFFERENT, size=len(digests)).tolist()
            library.thumbnails.put(
                [(digest, pictures[one]) for digest, one in zip(digests, chosen, strict=True)]
            )
        writer.save_index(model)


if __name__ == "__main__":
    main()

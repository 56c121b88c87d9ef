"""The page looks as it did: its boxes and a small picture of each view are as they were kept.

After a change that is meant, ``CLIPSEARCH_KEEP_VIEWS=1`` writes both anew, to be looked at and
committed. Other fonts move texts a little and change what each pixel is, which both allow for;
what depends on the machine (paths, sizes on disk) is left out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from benchmarks.served import served
from browser import Browser, Page, chromium, expect, index_album, settings, tiles, visit

__all__ = ["chromium"]

KEPT = Path(__file__).parent / "views"
SIZES = {"wide": (1440, 900), "phone": (390, 844)}
BOXES = {
    "search": (".bar", ".search", ".status", ".view", ".panel", ".tile:nth-child(1)"),
    "lightbox": (".lightbox", ".stage", ".photo", ".photo-tools", ".filmstrip", ".facts"),
    "library": (".bar", ".search", ".library-head", ".number", ".folder", ".switches"),
}
WITHIN = 8
"""Pixels by which an edge may be elsewhere: fonts differ by that."""
SMALLER = 8  # times, is a kept picture
DIFFERENT, SHARE = 40, 0.03
"""Of 255, from which on a pixel of that picture is another one; and how many may be."""
BY_MACHINE = ".facts h2, .facts dd, .summary, .number dd, .folder-text bdi, .where code"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, engine_cache: Path) -> Iterator[str]:
    """Of the page over drawn photos, which are the same everywhere."""
    place = tmp_path_factory.mktemp("drawn")
    with TemporaryDirectory(prefix="v") as short:  # its path is shown, on one line
        album = Path(short)
        for number in range(14):
            draw_photo(album / f"{number:02}.jpg", number)
        environment = settings(place, engine_cache)
        index_album(place / "library", album, environment)
        with served(place / "library", **environment) as server:
            yield server.address


def draw_photo(path: Path, number: int) -> None:
    """A hill under the sun, in colours and a shape of its own."""
    wide, high = ((640, 480), (480, 640), (960, 400))[number % 3]
    sky, hill = (40 * number % 256, 90, 200 - 12 * number), (30, 150 - 9 * number, 60)
    picture = Image.new("RGB", (wide, high), sky)
    pen = ImageDraw.Draw(picture)
    pen.ellipse([wide * 0.6, high * 0.1, wide * 0.6 + 90, high * 0.1 + 90], fill=(250, 220, 90))
    pen.polygon([(0, high), (wide * 0.4, high * 0.35), (wide, high)], fill=hill)
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = f"{2021 + number // 5}:0{1 + number % 5}:10 12:00:00"
    picture.save(path, exif=exif, quality=90)


@pytest.fixture(params=[f"{scheme} {size}" for scheme in ("light", "dark") for size in SIZES])
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
    opened.set_default_timeout(30_000)
    yield opened
    context.close()


def test_it_looks_as_it_did(page: Page, request: pytest.FixtureRequest) -> None:
    variant = request.node.callspec.params["page"].replace(" ", "-")
    different = []
    visit(page, "type:jpg")  # without examples, which depend on what the model sees
    expect(tiles(page).nth(6)).to_be_visible()
    different += compared(page, "search", variant)
    tiles(page).nth(2).click()
    if "wide" in variant:
        expect(page.locator(".facts h2")).to_be_visible()
    expect(page.locator(".frame").nth(4)).to_be_visible()
    different += compared(page, "lightbox", variant)
    page.goto("/library")
    expect(page.get_by_role("button", name="Look for new photos")).to_be_visible()
    expect(page.get_by_text("Where the library is")).to_be_visible()
    different += compared(page, "library", variant)
    assert different == []


@pytest.mark.parametrize("page", ["light wide"], indirect=True)
def test_what_moves_is_noticed(page: Page, request: pytest.FixtureRequest) -> None:
    """Else the test above would say nothing."""
    if os.environ.get("CLIPSEARCH_KEEP_VIEWS"):
        pytest.skip("they are being written")
    variant = request.node.callspec.params["page"].replace(" ", "-")
    visit(page, "type:jpg")
    expect(tiles(page).nth(6)).to_be_visible()
    bar = page.locator(".bar")
    bar.evaluate("bar => { bar.style.marginTop = '20px'; }")
    moved = compared(page, "search", variant)
    assert any(".bar" in one for one in moved) and any(".status" in one for one in moved)
    bar.evaluate("bar => { bar.style.marginTop = ''; }")
    page.locator(".app").evaluate("app => { app.style.filter = 'invert(1)'; }")
    assert [one for one in compared(page, "search", variant) if "differ" in one]


def compared(page: Page, view: str, variant: str) -> list[str]:
    """What is not as it was kept, in a line each; or keep it."""
    shown = "images => Promise.all(images.map(i => i.decode().catch(() => 0)))"
    page.locator("img:visible").evaluate_all(shown)
    boxes = {selector: box_of(page, selector) for selector in BOXES[view]}
    shot = page.screenshot(
        style=f"{BY_MACHINE} {{ visibility: hidden !important }}",
        animations="disabled",
        caret="hide",
    )
    picture = smaller(shot)
    name = f"{view}-{variant}"
    file, numbers = KEPT / f"{name}.webp", KEPT / "boxes.json"
    if os.environ.get("CLIPSEARCH_KEEP_VIEWS"):
        KEPT.mkdir(exist_ok=True)
        picture.save(file, quality=80, method=6)
        kept = json.loads(numbers.read_text()) if numbers.exists() else {}
        kept[name] = boxes
        lines = [f"{json.dumps(one)}: {json.dumps(kept[one])}" for one in sorted(kept)]
        numbers.write_text("{\n" + ",\n".join(lines) + "\n}\n")
        return []
    said = []
    for selector, was in json.loads(numbers.read_text())[name].items():
        now = boxes[selector]
        if (was is None) != (now is None) or any(
            abs(a - b) > WITHIN for a, b in zip(was or (), now or (), strict=True)
        ):
            said.append(f"{name}: {selector} was at {was}, is at {now} (x, y, width, height)")
    with Image.open(file) as before:
        assert before.size == picture.size
        gaps = np.abs(np.asarray(before.convert("RGB"), int) - np.asarray(picture, int))
    share = float((gaps.max(axis=2) > DIFFERENT).mean())
    if share > SHARE:
        said.append(f"{name}: {share:.0%} of the picture differ")
    if said and (folder := os.environ.get("CLIPSEARCH_SCREENSHOTS")):
        (Path(folder) / f"{name}-now.png").write_bytes(shot)
    return said


def box_of(page: Page, selector: str) -> list[int] | None:
    """Where the first one is, in pixels: x, y, width, height; None if nothing of it is seen."""
    one = page.locator(selector).first
    box = one.bounding_box() if one.count() and one.is_visible() else None
    return box and [round(box[side]) for side in ("x", "y", "width", "height")]


def smaller(shot: bytes) -> Image.Image:
    with Image.open(BytesIO(shot)) as image:
        small = image.convert("RGB").reduce(SMALLER)
    return small.filter(ImageFilter.GaussianBlur(0.7))

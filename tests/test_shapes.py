"""The shapes and days of all results in few bytes, and the blurs that stand for photos."""

from __future__ import annotations

import base64
import gzip
import io
import struct
from importlib.resources import files

import numpy as np
import pytest
from PIL import Image, ImageCms
from starlette.testclient import TestClient

from app.gallery import begun_results
from app.gallery.blurs import Blurs
from app.gallery.shapes import NARROWEST, WIDEST, _filled
from app.web import query_routes
from asking import client, get, post
from indexer.pictures.thumbnails import blur_of, small_of
from store.library import Library

__all__ = ["client"]


def read(content: bytes) -> tuple[int, list[tuple[float, int, str, int, int]]]:
    total, count = struct.unpack_from("<II", content)
    ids = np.frombuffer(content, "<f8", count, 8)
    days = np.frombuffer(content, "<i4", count, 8 + 8 * count)
    digests = [f"{one:08x}" for one in np.frombuffer(content, "<u4", count, 8 + 12 * count)]
    width, height = np.frombuffer(content, "<u2", 2 * count, 8 + 16 * count).reshape(2, count)
    assert len(content) == 8 + 20 * count
    columns = (ids.tolist(), days.tolist(), digests, width.tolist(), height.tolist())
    listed = zip(*columns, strict=True)
    return total, list(listed)


def test_the_shapes_are_those_of_the_results(client: TestClient) -> None:
    answer = client.get("/clipsearch/shapes", params={"q": "red"})
    total, shapes = read(answer.content)
    tiles = get(client, "results", q="red")["tiles"]
    assert total == len(shapes) == len(tiles) == 5
    for (id, day, digest, width, height), tile in zip(shapes, tiles, strict=True):
        assert [id, round(width / height, 3), day, digest] == [*tile[:3], tile[7]]


def test_a_part_of_them(client: TestClient) -> None:
    whole = read(client.get("/clipsearch/shapes").content)[1]
    part = client.get("/clipsearch/shapes", params={"start": "1", "count": "2"})
    assert read(part.content) == (5, whole[1:3])
    assert read(client.get("/clipsearch/shapes", params={"start": "9"}).content) == (5, [])


def laid_out(content: bytes) -> tuple[int, list[int], list[float]]:
    """The number of all, the day of each here, and its shape."""
    total, count, runs = struct.unpack_from("<III", content)
    days = np.frombuffer(content, "<i4", runs, 12)
    lengths = np.frombuffer(content, "<u4", runs, 12 + 4 * runs)
    steps = np.frombuffer(content, np.uint8, count, 12 + 8 * runs)
    assert len(content) == 12 + 8 * runs + count
    shapes = NARROWEST * (WIDEST / NARROWEST) ** (steps / 255)
    return total, np.repeat(days, lengths).tolist(), shapes.tolist()


def test_the_layout_has_the_days_and_shapes_of_the_results(client: TestClient) -> None:
    asked = {"q": "red", "sort": "newest"}
    whole = read(client.get("/clipsearch/shapes", params=asked).content)[1]
    total, days, shapes = laid_out(client.get("/clipsearch/layout", params=asked).content)
    assert (total, days) == (5, [day for _, day, *_ in whole])
    assert shapes == pytest.approx([width / height for *_, width, height in whole], rel=0.004)
    part = client.get("/clipsearch/layout", params={**asked, "start": "1", "count": "3"})
    assert laid_out(part.content) == (5, days[1:4], shapes[1:4])
    none = client.get("/clipsearch/layout", params={**asked, "start": "9"})
    assert laid_out(none.content) == (5, [], [])


def test_a_layout_has_days_only_where_they_are_in_order(
    client: TestClient, library: Library
) -> None:
    (id, *_), *_ = get(client, "results")["tiles"]
    post(client, "album", {"name": "sea", "ids": [id], "do": "add"})

    def runs(q: str, sort: str) -> bool:
        answer = client.get("/clipsearch/layout", params={"q": q, "sort": sort})
        return bool(laid_out(answer.content)[1])

    assert runs("", "best") and runs("type:png", "best") and runs("red", "oldest")
    assert runs("album:sea", "newest")
    assert not runs("red", "best") and not runs("album:sea", "best")


def test_all_parts_are_of_the_results_that_a_page_began_with(client: TestClient) -> None:
    def ids(start: int, **asked: str) -> tuple[int, list[int]]:
        params = {"start": str(start), "count": "2", **asked}
        total, shapes = read(client.get("/clipsearch/shapes", params=params).content)
        return total, [int(id) for id, *_ in shapes]

    _, first = ids(0, visit="one")
    _, then = ids(2, visit="one")
    post(client, "hide", {"ids": first[:1], "hidden": True})
    assert ids(2) == (4, [then[1], *ids(3)[1][:1]])
    assert ids(2, visit="other") == ids(2)
    assert ids(2, visit="one") == (5, then)
    layout = client.get("/clipsearch/layout", params={"start": "2", "visit": "one"})
    assert len(laid_out(layout.content)[1]) == 3
    _, first = ids(0, visit="one")  # begun anew
    assert first[1:] == then[:1] and ids(2, visit="one") == ids(2)


def test_where_a_photo_lies_among_the_results_that_a_page_began_with(client: TestClient) -> None:
    ids = [tile[0] for tile in get(client, "results")["tiles"]]
    client.get("/clipsearch/shapes", params={"count": "2", "visit": "one"})
    post(client, "hide", {"ids": ids[:1], "hidden": True})
    for visit, places in (("one", [0, 1, 2, 3, 4]), ("other", [-1, 0, 1, 2, 3])):
        assert [get(client, "place", id=id, visit=visit)["place"] for id in ids] == places
    for none in (10**6, 2**63, "9" * 5_000, "x", ""):
        assert get(client, "place", id=none, visit="one")["place"] == -1
    assert client.get("/clipsearch/place", params={"q": "yaer:2019", "id": "1"}).status_code == 400


@pytest.mark.parametrize(("limit", "most"), [("_MOST", 10), ("_PAGES", 2)])
def test_results_are_kept_of_so_many_pages(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(begun_results, limit, most)
    (id, *_), *_ = get(client, "results")["tiles"]
    long = "x" * 41
    for visit in ("one", "two", long, "three"):
        client.get("/clipsearch/shapes", params={"count": "2", "visit": visit})
    post(client, "hide", {"ids": [id], "hidden": True})

    def total(visit: str) -> int:
        params = {"start": "2", "visit": visit}
        return read(client.get("/clipsearch/shapes", params=params).content)[0]

    assert [total(visit) for visit in ("one", "two", long, "three")] == [4, 5, 4, 5]


def test_numbers_that_make_no_sense(client: TestClient) -> None:
    for path, unpacked in (("shapes", read), ("layout", laid_out)):
        for asked in ("-1", "x", "1e3", "\u0663", "99999999999", "9" * 400, ""):
            answer = client.get(f"/clipsearch/{path}", params={"start": asked, "count": asked})
            assert answer.status_code == 200 and unpacked(answer.content)[0] == 5


def test_the_page_cuts_the_same_shapes() -> None:
    rows = (files("app.pages") / "frontend" / "rows.js").read_text(encoding="utf-8")
    assert f"NARROWEST_SHAPE = {NARROWEST};" in rows and f"WIDEST_SHAPE = {WIDEST};" in rows


def test_many_are_packed(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = client.get("/clipsearch/shapes", headers={"Accept-Encoding": "identity"})
    monkeypatch.setattr(query_routes, "_WORTH_PACKING", 0)
    with client.stream("GET", "/clipsearch/shapes") as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert gzip.decompress(b"".join(answer.iter_raw())) == plain.content
    again = client.get("/clipsearch/shapes", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in again.headers and again.content == plain.content


def test_a_mistake_is_said(client: TestClient) -> None:
    answer = client.get("/clipsearch/shapes", params={"q": "yaer:2019"})
    assert answer.status_code == 400 and "year" in answer.json()["error"]


def test_a_photo_that_went_away_has_the_day_of_its_neighbour() -> None:
    days, there = np.array([0, 7, 0, 5], np.int32), np.array([False, True, False, True])
    assert _filled(days, there).tolist() == [7, 7, 7, 5]
    assert _filled(days, np.zeros(4, np.bool_)).tolist() == [0, 7, 0, 5]


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_a_small_picture_shows_the_same(mode: str) -> None:
    image = Image.new("RGB", (448, 300), (200, 30, 20))
    image.paste((20, 40, 210), (0, 150, 448, 300))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    written = io.BytesIO()
    image.convert(mode).save(written, "JPEG", quality=90, icc_profile=profile)
    small = small_of(written.getvalue())
    assert small and len(small) < len(written.getvalue())
    with Image.open(io.BytesIO(small), formats=("JPEG",)) as made:
        assert made.size == (320, 214) and made.info["icc_profile"] == profile
        both = [one.convert("RGB").resize((8, 6)) for one in (Image.open(written), made)]
    before, after = (np.asarray(one).astype(int) for one in both)
    assert np.abs(before[[0, 1, 4, 5]] - after[[0, 1, 4, 5]]).max() < 12
    assert small_of(written.getvalue()[:400]) is None


def test_a_blur_is_a_bitmap_of_the_picture() -> None:
    image = Image.new("RGB", (448, 300), (200, 30, 20))
    image.paste((20, 40, 210), (0, 150, 448, 300))
    written = io.BytesIO()
    image.save(written, "JPEG", quality=90)
    blur = blur_of(written.getvalue())
    assert blur and len(blur) == 64  # 48 bytes: they follow a header of 54 without a gap
    pixels = np.frombuffer(base64.b64decode(blur), np.uint8).reshape(4, 4, 3).astype(int)
    assert np.abs(pixels[0] - (210, 40, 20)).max() < 12  # the bottom row first; blue, green, red
    assert np.abs(pixels[3] - (20, 30, 200)).max() < 12
    assert blur_of(b"\xff\xd8\xff no picture") is None


def test_blurs_of_photos_that_have_thumbnails(client: TestClient, library: Library) -> None:
    tiles = get(client, "results")["tiles"]
    assert all(len(tile[9]) == 64 for tile in tiles)
    ids = [tile[0] for tile in tiles]
    blurs = Blurs(library)
    first = blurs.of(ids)
    assert first == {tile[0]: tile[9] for tile in tiles}
    library.thumbnails.remove([d for id in ids if (d := library.digest(id))])
    assert blurs.of(ids) == first  # kept
    assert Blurs(library).of(ids) == {}

"""Counts that stand beside each other on the page agree, and say what a click will give."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from app.gallery.page_edits import apply_edit
from app.labels import vocabulary
from asking import client, get, id_of, post
from conftest import Index, draw_burst
from fakes import COLOURS
from store.library import Library

__all__ = ["client"]

CAMERAS = ("EOS R6", "EOS R6 Mark II", "X-T4")  # the first is part of the second
KYOTO, POTSDAM = (35.01, 135.77), (52.39, 13.06)
KEYS = {"camera": "camera", "place": "place", "type": "type", "label": "label", "tag": "tag"}


@pytest.fixture
def photos(photos: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Some 60 photos of all colours, by three cameras, at two places, in six months."""
    colours = vocabulary.read("[colours]\nred, green, blue, yellow, white\n", "")
    monkeypatch.setattr("app.labels.vocabulary.everyday", lambda: colours)
    (photos / "Trips [2019]" / "deep").mkdir(parents=True)
    for number in range(50):
        name = list(COLOURS)[number % 3 if number % 7 else 3]
        exif = Image.Exif()
        exif[0x0110] = CAMERAS[number % 3 if number % 2 else 0]
        exif.get_ifd(0x8769)[0x9003] = f"2019:{1 + number % 6:02}:{1 + number % 9:02} 10:00:00"
        north, east = (KYOTO, POTSDAM)[number % 5 > 1]
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "N", (north, 0.0, 0.0), "E", (east, 0.0, 0.0)
        colour = tuple(max(0, part - number % 4) for part in COLOURS[name])
        folder = ("", "sub", "Trips [2019]", "Trips [2019]/deep")[number % 4]
        picture = Image.new("RGB", (30, 60 + number), colour)
        picture.save(photos / folder / f"{name}{number}.jpg", exif=exif, quality=100)
    draw_burst(photos)
    for name in ("red3.jpg", "green4.jpg"):  # in two folders below one
        (source,) = photos.rglob(name)
        shutil.copy(source, photos / "sub" / f"copy of {name}")
    return photos


@pytest.fixture
def marked(client: TestClient, library: Library, photos: Path) -> TestClient:
    ids = [id_of(library, path) for path in sorted(photos.rglob("*1*.jpg"))]
    post(client, "tag", {"ids": ids, "name": "ones"})
    post(client, "tag", {"ids": ids[:4], "favourite": True})
    post(client, "concept", {"ids": ids[:2], "name": "first"})
    post(client, "hide", {"ids": ids[3:9]})
    return client


QUERIES = [
    *("", "red", "blue", "a green", "red + green", "-red", "red without blue", "blue -like:3"),
    *("in:sub", "red in:sub", "blue type:jpg", "blue -in:sub camera:X-T4", "red 2019", "like:5"),
    *("tag:ones", "red tag:ones", "concept:first", "label:red", "red label:red", "blue on:2019-02"),
    *("red in:nowhere", "camera:Mark place:Kyoto", "2*blue + red -green", "blue is:favourite"),
    *("red OR blue", "blue (red OR green) in:sub", "(red in:sub) OR (blue type:jpg)"),
    *(
        "tag:ones OR in:sub",
        "camera:X-T4 OR camera:Mark",
        "red OR tag:ones",
        "red -(in:sub OR 2019)",
    ),
    *("is:hidden", "red is:hidden", "blue -is:hidden in:sub", "tag:ones is:hidden label:blue"),
]


@pytest.mark.parametrize("every", ["false", "true"])
def test_the_map_has_the_photos_that_match(
    marked: TestClient, library: Library, every: str
) -> None:
    for text in QUERIES:
        results = get(marked, "results", q=text, all=every, count=500)
        clear = [tile for tile in results["tiles"] if tile[3] != 0]
        assert len(clear) == results["clear"] <= results["matching"], text
        assert every == "false" or results["clear"] == results["matching"], text
        pins = {pin[0] for pin in get(marked, "places", q=text, all=every)["pins"]}
        paths = library.photos_of([tile[0] for tile in clear])
        placed = {id for id, (one, *_) in paths.items() if one.facts and one.facts.latitude}
        assert placed <= pins and len(pins) <= results["matching"], text
        assert every == "false" or pins == placed, text


def counted(shown: dict[str, Any]) -> Iterator[tuple[str, str, int]]:
    """(filter, value, count) of all facets."""
    for facet, key in KEYS.items():
        for value, count in shown[facet]:
            yield key, value, count
    for month, count in shown["months"]:
        yield "on", month, count
    if shown["favourites"]:
        yield "is", "favourite", shown["favourites"]
    folders = list(shown["folders"])
    while folders:
        folder = folders.pop()
        folders += folder["inner"]
        yield "in", folder["path"], folder["count"]


@pytest.mark.one_python
def test_a_count_says_what_clicking_it_gives(marked: TestClient) -> None:
    for text in QUERIES:
        shown = get(marked, "facets", q=text)
        asked = {key for key, values in shown["chosen"].items() if values}
        asked |= {"in"} if "in:" in text else set()
        asked |= {"on"} if any(shown["dates"].values()) else set()
        for key, value, count in counted(shown):
            if key in asked:  # a click would take it away, or add to it
                continue
            edit = {"op": "toggle", "key": key, "value": value}
            if key == "on":
                edit = {"op": "dates", "from": value, "until": value}
            after = apply_edit(text, edit)
            assert get(marked, "results", q=after, count=1)["matching"] == count, after
        if "on" not in asked:
            matching = get(marked, "results", q=text, count=1)["matching"]
            assert sum(count for _, count in shown["months"]) == matching, text


def test_labels_are_counted_with_what_they_mean_by_their_look(
    marked: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = get(marked, "facets", q="")
    monkeypatch.setattr("app.gallery.query_facets._BY_LOOK", 1)
    given = get(marked, "facets", q="")
    assert given["label_at_least"] and not both["label_at_least"]
    more = {name: count - dict(given["label"])[name] for name, count in both["label"]}
    assert min(more.values()) >= 0 and max(more.values()) > 0, more
    for name, count in both["label"]:
        assert get(marked, "results", q=f"label:{name}", count=1)["matching"] == count


def test_the_tests_have_something_to_count(marked: TestClient) -> None:
    counts = [counted(get(marked, "facets", q=text)) for text in QUERIES]
    assert {key for one in counts for key, _, _ in one} == {*KEYS.values(), "on", "is", "in"}
    matching = [get(marked, "results", q=text, count=1)["matching"] for text in QUERIES]
    assert len(set(matching)) > 8
    assert get(marked, "results", q="blue")["clear"] < get(marked, "results", q="blue")["matching"]


def test_how_clearly_a_photo_matches_is_not_changed_by_filters(marked: TestClient) -> None:
    def levels(text: str) -> dict[int, int]:
        return {tile[0]: tile[3] for tile in get(marked, "results", q=text, all="true")["tiles"]}

    for words in ("red", "red without blue", "blue + green", "like:5", "concept:first"):
        everywhere = levels(words)
        for filters in ("in:sub", "tag:ones", "on:2019-02", "camera:X-T4"):
            inside = levels(f"{words} {filters}")
            assert inside and inside.items() <= everywhere.items()


def test_a_photo_in_two_folders_counts_once_above_them(
    client: TestClient, photos: Path, index: Index
) -> None:
    (top,) = get(client, "facets")["folders"]
    assert top["count"] == get(client, "results", count=1)["matching"]
    (sub,) = (one for one in top["inner"] if one["name"] == "sub")
    assert sub["count"] == get(client, "results", q="in:sub", count=1)["matching"]


def test_where_nothing_matches_the_filters_are_still_there(
    client: TestClient, photos: Path, index: Index
) -> None:
    for path in photos.rglob("*yellow*"):
        path.unlink()
    index()
    assert get(client, "results", q="yellow in:sub")["matching"] == 0
    shown, every = get(client, "facets", q="yellow in:sub"), get(client, "facets", q="in:sub")
    assert len(every["months"]) > 1
    for facet in ("months", "camera", "place", "type", "label"):
        assert shown[facet] == [[value, 0] for value, _ in every[facet]]
    assert {count for _, _, count in counted(shown)} == {0}
    assert shown["folders"][0]["path"] == every["folders"][0]["path"]

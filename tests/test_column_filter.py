"""Columns decide on filters as the rows do."""

from __future__ import annotations

import os
import random
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from conftest import Index
from films import film
from store import filters
from store.column_filter import meeting
from store.columns import Columns
from store.filters import PhotoFilter
from store.library import Library
from store.states import Away
from store.values import ModelInfo

NOON = datetime(2019, 12, 30, 12)


@pytest.fixture
def album(photos: Path, index: Index, library: Library) -> Path:
    """60 photos by three cameras, some with copies elsewhere at another time, some away."""
    chance = random.Random(5)
    (photos / "Reise [2019]").mkdir()
    for number in range(60):
        exif = Image.Exif()
        exif[0x0110] = ("EOS R6", "EOS R6 Mark II", "X-T4", "")[number % 4]
        if number % 3:
            taken = NOON + timedelta(hours=31 * number)
            exif.get_ifd(0x8769)[0x9003] = f"{taken:%Y:%m:%d %H:%M:%S}"
            exif.get_ifd(0x8769)[0xA434] = ("35mm F1.4", "Zoom")[number % 2]
        if number % 4 == 1:
            north = {1: "N", 2: (48.0 - number / 9, 51.0, 0.0), 3: "E", 4: (2.0, 21.0, 0.0)}
            exif.get_ifd(0x8825).update(north)
        size = (20 + number % 7, 23 + number // 20)
        ending = "png" if number % 5 == 0 else "jpg"
        where = photos / ("", "sub", "Reise [2019]")[number % 3] / f"{number}.{ending}"
        Image.new("RGB", size, (number * 4, 99, 0)).save(where, exif=exif)
        copies = [where]
        for copy in range(chance.choice((0, 0, 1, 2))):
            copies.append(photos / ("sub", "Reise [2019]")[copy] / f"copy {number}.{ending}")
            copies[-1].write_bytes(where.read_bytes())
        for one in copies:
            moment = (NOON - timedelta(days=chance.randrange(900))).timestamp()
            os.utime(one, (moment, moment))
    film(photos / "film.mp4", ["red", "blue"])
    index(photos)
    with library.writing() as writer:
        some = [photo.id for photo in library.files(["indexed"]) if photo.id % 6 == 0]  # type: ignore[list-item]
        writer.set_away(some, Away.AT_ONCE)
        writer.relocate(photos / "sub", photos.parent / "unplugged" / "sub")
    library.user_data.add_tag(list(range(5, 25)), "cup")
    library.user_data.hide(list(range(20, 30)))
    library.user_data.add_to_album("Cups", list(range(9, 29)))
    return photos


def leaves(album: Path) -> list[PhotoFilter]:
    return [
        filters.InFolder(("sub",)),
        filters.InFolder(("REISE*",)),
        filters.InFolder((*album.parts, "*"), anchored=True),
        filters.InFolder((album.parts[-2], album.parts[-1])),
        filters.InFolder(("unplugged", "no such")),
        filters.Taken(datetime(2019, 1, 1), datetime(2020, 1, 10)),
        filters.Taken(end=NOON - timedelta(days=300)),
        filters.Taken(start=NOON + timedelta(hours=31)),
        filters.Taken(start=NOON + timedelta(hours=31, microseconds=1)),
        filters.InMonth(1),
        filters.InMonth(12),
        filters.InHours(9, 15),
        filters.Contains("camera", "éos"),
        filters.Contains("camera", "mark"),
        filters.Contains("lens", "zoom"),
        filters.Contains("place", "france"),
        filters.Format("PNG"),
        filters.Format("png"),
        filters.Measure("width", 22, 24),
        filters.Measure("height", high=24),
        filters.Measure("size", 700),
        filters.Measure("duration", 1, 5_000),
        filters.Orientation("portrait"),
        filters.Orientation("landscape"),
        filters.Orientation("square"),
        filters.Near(48.0, 2.3, 120),
        filters.HasPlace(),
        filters.IsOffline(),
        filters.Tagged("Cup"),
        filters.Tagged(filters.HIDDEN),
        filters.NOT_HIDDEN,
        filters.InAlbum("CUPS"),
        filters.Name("copy*"),
        filters.OneOf((3, 9, 4, 10**12)),
        filters.OneOf(()),
        filters.Contains("place", "france", last=True),
        filters.InMonth(12, 31),
        filters.InMonth(2, 29),
    ]


def tree(chance: random.Random, some: list[PhotoFilter], depth: int) -> PhotoFilter:
    kind = chance.choice(("leaf", "not", "all", "any")) if depth else "leaf"
    if kind == "leaf":
        return chance.choice(some)
    if kind == "not":
        return filters.Not(tree(chance, some, depth - 1))
    inner = tuple(tree(chance, some, depth - 1) for _ in range(chance.randrange(4)))
    return filters.All(inner) if kind == "all" else filters.Any(inner)


@pytest.mark.one_python
def test_they_agree(library: Library, album: Path) -> None:
    model = library.model()
    assert model is not None
    columns = library.columns(model)
    assert len(columns.path_row) > 30 and len(set(columns.path_away.tolist())) == 2
    chance, some = random.Random(1), leaves(album)
    every = [*some, *(tree(chance, some, 4) for _ in range(400))]
    asked = decided = 0
    for one in every:
        rows = meeting(columns, one, partial(library.matching, model))
        right = library.matching(model, one)
        listed = library.catalogue(model).choose(one).in_order(newest=True).part(0, 999)
        assert sorted(listed.tolist()) == right.tolist(), one
        asked += rows is None
        if rows is not None:
            assert columns.ids[rows].tolist() == right.tolist(), one
            decided += 0 < len(rows) < len(columns)
    assert decided > 100 and 0 < asked < len(every) / 2
    for one in some[:31]:
        assert len(library.matching(model, one)) > 0 or one in (some[4], some[17]), one


def test_only_what_columns_do_not_say_is_asked_for(
    library: Library, album: Path, model: ModelInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns: Columns = library.columns(model)
    asked: list[PhotoFilter] = []

    def matching(one: PhotoFilter) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        asked.append(one)
        return library.matching(model, one)

    cup, lens = filters.Tagged("cup"), filters.Contains("lens", "zoom")
    both = filters.All((filters.InFolder(("sub",)), filters.Any((cup, filters.Not(lens)))))
    assert meeting(columns, both, matching) is not None
    assert asked == [cup, lens]
    assert meeting(columns, filters.Not(filters.Name("*")), matching) is None
    assert len(asked) == 2

"""What the page is sent: typed values in, and out comes what its JavaScript reads."""

from __future__ import annotations

import json
from math import nan

from app.gallery.facets import Count, Folder
from app.gallery.group_payloads import AlbumCard, Albums
from app.gallery.payloads import Facets, Pin, Pins, ResultsPart, Tile, encoded


def test_what_there_are_many_of_is_a_list() -> None:
    tile = Tile(7, 1.333, 18_000, 2, 1, 0, 0, "0a1b2c3d", "dog, beach", "AAAA", 62, 4_000)
    results = ResultsPart(total=3, clear=1, matching=2, tiles=[tile])
    assert encoded(results) == {
        "total": 3,
        "clear": 1,
        "matching": 2,
        "tiles": [[7, 1.333, 18_000, 2, 1, 0, 0, "0a1b2c3d", "dog, beach", "AAAA", 62, 4_000]],
    }
    pins = Pins([Pin(7, nan, 2.5, "x", 0)], ["Rome, Italy"])
    assert encoded(pins) == {"pins": [[7, None, 2.5, "x", 0]], "names": ["Rome, Italy"]}
    album = AlbumCard("Sea", "album:Sea", 2, 7, "0a1b2c3d")
    assert encoded(Albums([album], [])) == {
        "albums": [["Sea", "album:Sea", 2, 7, "0a1b2c3d"]],
        "saved": [],
    }


def test_facets_have_the_names_of_the_filters() -> None:
    deep = Folder("/a/b", "b", 1, ())
    facets = Facets(
        months=[Count("2019-07", 2)],
        dates={"from": "2019-01", "until": None},
        folders=[Folder("/a", "a", 2, (deep,))],
        in_folders=("/a",),
        camera=[],
        place=[],
        place_names={},
        type=[Count("jpg", 2)],
        label=[],
        label_names={},
        tag=[],
        favourites=0,
        albums=[],
        concepts=[],
        saved={"Zoo": "animals"},
        history=["a dog"],
        chosen={"type": ()},
    )
    plain = encoded(facets)
    assert json.loads(json.dumps(plain)) == plain  # nothing but what JSON has
    assert plain["in"] == ["/a"] and "in_folders" not in plain
    assert plain["type"] == [["jpg", 2]]
    assert plain["folders"][0]["inner"] == [{"path": "/a/b", "name": "b", "count": 1, "inner": []}]

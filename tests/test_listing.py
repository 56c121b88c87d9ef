"""Lists of results, checked by hand on colours and against plain loops."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from app.gallery import facets
from app.gallery.answers import Answers
from app.gallery.listing import Listing, ListingOrder, make_listing, places_of, tiles
from app.gallery.summary import reading, shown_ids, summary
from app.query.model import Query
from app.query.parser import parse_query
from app.search.searcher import Searcher
from conftest import Index, draw_burst
from fakes import ColourEncoder
from store.catalogue import Catalogue
from store.column_catalogue import ColumnCatalogue
from store.library import Library


@pytest.fixture
def searcher(library: Library, encoder: ColourEncoder, index: Index, photos: Path) -> Searcher:
    for number, path in enumerate(sorted(photos.rglob("*.png"))):
        os.utime(path, (1_500_000_000 + number * 40_000_000,) * 2)
    index(photos)
    model = library.model()
    assert model
    return Searcher(library, model, encoder)


def catalogue_of(searcher: Searcher) -> Catalogue:
    return searcher.library.catalogue(searcher.model)


def listed_ids(listing: Listing) -> list[int]:
    ids: list[int] = listing.results.part(0, len(listing)).tolist()
    return ids


def no_tags(_: Iterable[int]) -> dict[int, list[str]]:
    return {}


def names(searcher: Searcher, text: str, order: ListingOrder = "best") -> tuple[list[str], int]:
    query = parse_query(text) if text else Query()
    listing = make_listing(searcher, catalogue_of(searcher), query, order)
    photos = searcher.library.photos_of(listed_ids(listing))
    return [photos[id][0].path.stem for id in listed_ids(listing)], listing.clear


def test_what_matches_comes_first(searcher: Searcher) -> None:
    listed, clear = names(searcher, "red")
    assert listed[0] == "red" and clear == 1 and len(listed) == 5


def test_orders_by_time_keep_the_line(searcher: Searcher) -> None:
    listed, clear = names(searcher, "blue", "newest")
    assert listed[:clear] == ["blue"]
    rest = listed[clear:]
    assert names(searcher, "blue", "oldest")[0][clear:] == rest[::-1]
    everything, clear = names(searcher, "", "newest")
    assert clear == 5
    assert names(searcher, "", "oldest")[0] == everything[::-1]
    assert names(searcher, "")[0] == everything


def test_few_listings_are_kept_of_many_photos(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.gallery.answers._LISTED", 9)
    answers = Answers(searcher)
    newest = answers.listing(Query(), "newest")
    assert len(newest.listing) == 5
    assert answers.listing(Query(), "newest") is newest
    oldest = answers.listing(Query(), "oldest")
    assert answers.listing(Query(), "oldest") is oldest
    assert answers.listing(Query(), "newest") is not newest


def test_one_searches_for_all_who_ask_for_the_same_at_once(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, opened, real = threading.Event(), threading.Event(), searcher.prepare
    asked = []

    def prepare(query: Query) -> None:
        asked.append(query)
        entered.set()
        assert opened.wait(60)
        real(query)

    monkeypatch.setattr(searcher, "prepare", prepare)
    answers, red = Answers(searcher), parse_query("red")
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(answers.listing, red, "best")
        assert entered.wait(60)
        second = pool.submit(answers.listing, red, "best")
        while not second.running():
            threading.Event().wait(0.001)
        opened.set()
        assert first.result(60) is second.result(60)
    assert asked == [red]
    tagged = parse_query("red -tag:sea")  # which may be another list each time
    assert answers.listing(tagged, "best") is not answers.listing(tagged, "best")


def test_filters_alone(searcher: Searcher) -> None:
    listed, clear = names(searcher, "in:sub")
    assert sorted(listed) == ["green", "yellow"] and clear == 2


def test_tiles_say_shape_day_level_and_marks(searcher: Searcher, photos: Path) -> None:
    columns = catalogue_of(searcher)
    listing = make_listing(searcher, columns, parse_query("red"), "best")
    (id,) = searcher.library.contents_at(photos / "red.png")
    day = int((photos / "red.png").stat().st_mtime // 86400)
    first = listing.results.part(0, 1)
    (tile,) = tiles(listing, columns, first, lambda ids: {one: ["favourite"] for one in ids})
    digest = searcher.library.digest(id)
    assert digest
    assert list(tile)[:8] == [id, 1.333, pytest.approx(day, abs=1), 2, 1, 0, 0, digest.hex()[:8]]
    assert (tile.shows, tile.blur) == ("", "")
    said = {id: "something red"}
    (tile,) = tiles(listing, columns, first, no_tags, shows_of=lambda _: said)
    assert tile.shows == "something red"
    assert len(tiles(listing, columns, listing.results.part(3, 10), no_tags)) == 2
    assert tiles(listing, columns, listing.results.part(99, 10), no_tags) == []
    everything = make_listing(searcher, columns, Query(), "best")
    assert {t[3] for t in tiles(everything, columns, first, no_tags)} == {-1}


def test_tiles_are_of_the_photos_that_are_asked_for(searcher: Searcher) -> None:
    columns = catalogue_of(searcher)
    listing = make_listing(searcher, columns, parse_query("red"), "best")
    ids = listing.results.part(0, 5)
    asked = np.array([ids[4], 10**6, ids[0], ids[2]], np.int64)
    of_place = {tile.id: tile for tile in tiles(listing, columns, ids, no_tags)}
    assert tiles(listing, columns, asked, no_tags) == [of_place[int(ids[at])] for at in (4, 0, 2)]
    assert places_of(listing.results, asked).tolist() == [4, -1, 0, 2]
    fewer = make_listing(searcher, columns, parse_query("red -name:red*"), "best")
    assert len(fewer) == 4
    left, stays = tiles(fewer, columns, ids[:2], no_tags)
    assert (left.id, left.level) == (ids[0], -1)  # no result any more, and nothing measures it
    assert (stays.id, stays.level) == (ids[1], of_place[int(ids[1])].level)


def test_the_catalogue_is_what_the_library_says(
    searcher: Searcher, photos: Path, index: Index
) -> None:
    (photos / "copy.png").write_bytes((photos / "sub" / "green.png").read_bytes())
    (photos / "red.png").unlink()
    index()
    columns = searcher.library.columns(searcher.model)
    assert len(columns.ids) == 4
    assert columns.generation == searcher.library.generation()
    for row, id in enumerate(columns.ids.tolist()):
        files = searcher.library.photos_of([id])[id]
        assert files[0].facts
        assert columns.width[row] == files[0].facts.width
        times = {photo.taken_at.replace(microsecond=0) for photo in files}
        assert columns.taken[row].astype(object) in times
        assert not columns.by_camera[row]
        further = columns.path_folder[columns.path_row == row]
        mine = {columns.folder_names[code] for code in (columns.folder[row], *further)}
        assert mine == {str(p.path.parent) for p in files}
    assert columns.rows(np.array([10**6, int(columns.ids[2])])).tolist() == [2]


def test_facets_count_as_loops_do(searcher: Searcher, photos: Path) -> None:
    columns = searcher.library.columns(searcher.model)
    digests = [searcher.library.digest(id) or b"" for id in columns.ids.tolist()]
    tagged = {"a": digests[1::-1], "b": [bytes(32)], "c": [*digests[2:4], b"\xff" * 32]}
    catalogue = ColumnCatalogue(columns, lambda _: columns.ids, lambda: tagged, lambda _: [], dict)
    everything = catalogue.everything
    times = [np.datetime_as_string(t, unit="M") for t in columns.taken]
    assert facets.months(everything.counts("month")) == sorted(Counter(times).items())
    assert facets.kinds(everything.counts("format")) == [("png", 5)]
    (top,) = facets.folders(everything.folders())
    assert (top.path, top.count) == (str(photos), 5)
    assert [(one.name, one.count, one.inner) for one in top.inner] == [("sub", 2, ())]
    only = catalogue.choose(None, columns.ids[:1])
    assert sum(only.counts("month").values()) == 1
    assert everything.tags() == {"a": 2, "c": 2} and only.tags() == {"a": 1}
    assert catalogue.rows(columns.ids).digests == [digest.hex()[:8] for digest in digests]


def test_a_library_of_nothing(library: Library, index: Index, encoder: ColourEncoder) -> None:
    empty = library.folder.parent / "empty"
    empty.mkdir()
    index(empty)
    model = library.model()
    assert model
    columns = library.columns(model)
    assert len(columns.ids) == 0
    catalogue = library.catalogue(model)
    assert facets.folders(catalogue.everything.folders()) == []
    assert columns.rows(np.array([1])).tolist() == []
    listing = make_listing(Searcher(library, model, encoder), catalogue, Query(), "best")
    assert len(listing) == 0


def test_summaries(searcher: Searcher) -> None:
    columns = catalogue_of(searcher)

    def said(text: str) -> str:
        return summary(make_listing(searcher, columns, parse_query(text), "best"), 0.123, 5)

    assert said("red") == "1 photo matches · 0.12 s · red"
    assert said("in:sub") == "2 photos · 0.12 s · in sub"
    assert said("in:nowhere") == "0 photos · 0.12 s · in nowhere"
    assert said("red in:nowhere") == "Nothing was found · 0.12 s · red, in nowhere"


def test_readings_show_photos_instead_of_numbers() -> None:
    query = parse_query("2*like:7 + a dog -like:9 image:/x.jpg year:2019")
    assert reading(query) == "2*this photo + your picture + a dog, without this photo, 2019"
    assert shown_ids(query) == [7, 9]


def test_bursts_are_one_tile(searcher: Searcher, photos: Path, index: Index) -> None:
    draw_burst(photos)
    index()
    columns = catalogue_of(searcher)
    listing = make_listing(searcher, columns, parse_query("blue"), "best")
    assert len(listing) == 6
    assert listing.bursts is not None
    assert sorted(listing.bursts.tolist()) == [0, 0, 0, 0, 0, 2]
    query = parse_query("blue")
    every = make_listing(searcher, columns, query, "best", bursts=False)
    assert len(every) == 8 and not every.has_bursts
    photos.rename(photos.parent / "away")
    assert {tile[6] for tile in tiles(every, columns, every.results.part(0, 10), no_tags)} == {1}

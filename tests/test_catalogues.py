"""What the page counts and lists is the same in a folder and on a server."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from test_library_labels import Sharp
from test_store_contract import Ask, Both, both, model_of

from app.gallery.answers import Answers
from app.gallery.listing import make_listing
from app.gallery.overviews import places
from app.labels.vocabulary import read
from app.query.model import Query
from app.query.parser import parse_query
from app.search.explain import explain
from app.search.searcher import Searcher
from fakes import COLOURS
from store import filters
from store.catalogue import Catalogue, Kind
from store.library import Library
from store.server_library import ServerLibrary
from store.sql import row_set, time_order
from store.sql.row_catalogue import RowCatalogue

__all__ = ["both"]

KINDS: Sequence[Kind] = ("month", "year", "camera", "place", "format")
SMALL = read("[colours]\nred, green, blue, yellow, white, colour\n", "colour = red, green, blue\n")
NOON = datetime(2019, 12, 30, 12)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.labels.vocabulary.everyday", lambda: SMALL)


@pytest.fixture
def album(photos: Path) -> Path:
    """70 photos by three cameras, some without a time, some with copies in other folders."""
    chance = random.Random(3)
    (photos / "Reise 2019").mkdir()
    for number in range(65):
        name = list(COLOURS)[number % 4]
        exif = Image.Exif()
        if number % 5:
            exif[0x0110] = ("EOS R6", "EOS R6 Mark II", "X-T4", "")[number % 4]
        if number % 3:
            taken = NOON + timedelta(hours=19 * number)
            exif.get_ifd(0x8769)[0x9003] = f"{taken:%Y:%m:%d %H:%M:%S}"
        if number % 7 == 1:
            gps = exif.get_ifd(0x8825)
            gps.update({1: "N", 2: (35.0 + number % 2, 0.0, 0.0), 3: "E", 4: (135.0, 0.0, 0.0)})
        colour = tuple(max(0, part - number % 3) for part in COLOURS[name])
        folder = ("", "sub", "Reise 2019")[number % 3]
        picture = Image.new("RGB", (30 + number % 4, 60 + number), colour)
        picture.save(photos / folder / f"{number}.jpg", exif=exif, quality=100)
    for number, path in enumerate(sorted(photos.rglob("*.*"))):
        os.utime(path, ((NOON + timedelta(hours=17 * number)).timestamp(),) * 2)
        if chance.random() < 0.2:  # a copy, with a time of its own
            copy = shutil.copy(path, photos / "Reise 2019" / f"copy of {path.name}")
            os.utime(copy, (number,) * 2)
    return photos


def named(library: Library, ids: Sequence[int]) -> list[str]:
    """Contents by their first path, since ids need not be the same."""
    photos = library.photos_of(ids)
    return [min(str(photo.path) for photo in photos[id]) for id in ids]


def searcher_of(library: Library) -> Searcher:
    return Searcher(library, model_of(library), Sharp())  # type: ignore[arg-type]


def filters_of(library: Library) -> Iterator[filters.PhotoFilter | None]:
    yield None
    yield filters.InFolder(("reise*",))
    yield filters.Contains("camera", "r6")
    yield filters.Taken(datetime(2020, 1, 1), datetime(2020, 2, 1))
    yield filters.Near(35, 135, 50)
    yield filters.Tagged("liked")
    yield filters.Tagged(filters.HIDDEN)
    yield filters.NOT_HIDDEN
    yield filters.Not(filters.HasPlace())
    yield filters.Name("nothing")


def counted(library: Library) -> list[Any]:
    catalogue = library.catalogue(model_of(library))
    half = library.matching(model_of(library), filters.Name("*1*"))
    answers: list[Any] = []
    for filter in filters_of(library):
        for ids in (None, half):
            photos = catalogue.choose(filter, ids)
            folders = photos.folders()
            shared: dict[tuple[str, ...], int] = {}
            for names, count in folders.shared:
                key = tuple(sorted(names))
                shared[key] = shared.get(key, 0) + count
            answers.append(
                (
                    len(photos),
                    {kind: dict(photos.counts(kind)) for kind in KINDS},
                    dict(folders.direct),
                    shared,
                    dict(photos.tags()),
                    sorted(named(library, photos.located(newest=True).ids.tolist())),
                )
            )
    return answers


def add_tags(library: Library) -> None:
    model = model_of(library)
    some = library.matching(model, filters.Name("*2*")).tolist()
    library.user_data.add_tag(some, "liked")
    library.user_data.add_tag(some[:3], "favourite")
    library.user_data.hide(some[2:6])


@pytest.mark.one_python
def test_counts(both: Both, album: Path) -> None:
    both.index(album)
    for library in (both.folder, both.server):
        add_tags(library)
    answers = both.same(counted)
    everything = answers[0]
    assert everything[0] == sum(everything[1]["month"].values()) == 70
    assert len(everything[1]["month"]) > 2 and everything[3] and everything[4]["favourite"] == 3
    assert sum(0 < one[0] < 70 for one in answers[2:18]) > 13, [one[0] for one in answers]
    assert [answers[12][0], answers[14][0]] == [4, 66]
    assert all(filters.HIDDEN not in one[4] for one in answers)
    assert answers[18][0] == answers[19][0] == 0


def in_time(filter: filters.PhotoFilter | None, newest: bool, part: int) -> Ask:
    def ask(library: Library) -> Any:
        photos = library.catalogue(model_of(library)).choose(filter)
        order = photos.in_order(newest=newest)
        ids: list[int] = []
        for start in range(0, len(order), part):
            ids += order.part(start, part).tolist()
        jumps = {start: order.part(start, 3).tolist() for start in (40, 7, 69, 12, 13, 500)}
        assert all(some == ids[start : start + 3] for start, some in jumps.items())
        return named(library, ids)

    return ask


@pytest.mark.one_python
@pytest.mark.parametrize("few", [0, 10_000])
@pytest.mark.parametrize("newest", [True, False])
def test_by_time_in_parts(
    both: Both, album: Path, few: int, newest: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also as many photos are listed, of which no list is read."""
    monkeypatch.setattr(row_set, "FEW", few)
    monkeypatch.setattr(time_order, "_STEP", 5)
    both.index(album)
    for filter in filters_of(both.folder):
        if filter not in (filters.Tagged("liked"), filters.Tagged(filters.HIDDEN)):
            names = both.same(in_time(filter, newest, 9))
            assert len(names) == len(set(names))


def test_file_times_of_the_hour_that_comes_twice(
    both: Both, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each photo is listed once, whichever clock its time is shown by."""
    monkeypatch.setattr(row_set, "FEW", 0)
    for number in range(30):
        path = photos / f"{number}.png"
        Image.new("RGB", (9, 9 + number)).save(path)
        os.utime(path, (1572134400 + number * 400,) * 2)  # 2019-10-27, from midnight UTC
    both.index(photos)
    catalogue = both.server.catalogue(model_of(both.server))
    for newest in (True, False):
        order = catalogue.everything.in_order(newest=newest)
        ids = [id for start in range(0, 35, 4) for id in order.part(start, 4).tolist()]
        assert len(ids) == len(set(ids)) == 35
        taken = catalogue.taken(np.array(ids))
        assert (np.diff(taken[::-1] if newest else taken).astype(int) >= -3600).all()


def test_what_tiles_show(both: Both, album: Path) -> None:
    both.index(album)

    def shown(library: Library) -> Any:
        catalogue = library.catalogue(model_of(library))
        ids = catalogue.everything.in_order(newest=True).part(0, 100)
        rows = catalogue.rows(np.concatenate([ids, [10**9]]))
        assert (rows.ids == ids).all() and (catalogue.taken(ids) == rows.taken).all()
        assert np.isnat(catalogue.taken(np.array([10**9]))).all()
        assert not len(catalogue.rows(ids[:0]).ids)
        plain = (rows.taken.astype(str), rows.width, rows.height, rows.offline)
        return named(library, ids.tolist()), [one.tolist() for one in plain], list(rows.digests)

    both.same(shown)
    (album / "sub").rename(album.parent / "elsewhere")
    both.index()
    album.rename(album.parent / "unplugged")
    offline = both.same(shown)[1][3]
    assert offline and all(offline)


def test_moments(both: Both, album: Path) -> None:
    both.index(album)

    def ask(library: Library) -> Any:
        catalogue = library.catalogue(model_of(library))
        moments = catalogue.moments(timedelta(seconds=10))
        ids = catalogue.everything.in_order(newest=True).part(0, 100)
        of = moments.of(ids)
        near = moments.around([next(iter(of.values()))])
        assert moments.around([]) == {}
        return dict(zip(named(library, list(of)), of.values(), strict=True)), len(near)

    times, near = both.same(ask)
    assert len(times) > 40 and near == 1


def listed(query: str) -> Ask:
    def ask(library: Library) -> Any:
        searcher = searcher_of(library)
        answers = Answers(searcher)
        shown = answers.listing(parse_query(query), "best")
        ids = shown.listing.results.part(0, 100).tolist()
        strengths = shown.listing.strengths
        on_map = places(shown)
        return (
            sorted(named(library, ids)),
            shown.listing.clear,
            shown.listing.matching_count,
            None if strengths is None else sorted(round(float(one), 3) for one in strengths),
            sorted(
                (pin.latitude, pin.longitude, pin.digest, [*on_map.names, ""][pin.place])
                for pin in on_map.pins
            ),
        )

    return ask


def test_listings(both: Both, album: Path) -> None:
    both.index(album, encoder=Sharp())
    for query in ("red", "blue -red", "in:sub", "label:red", "-label:colour", "green label:green"):
        assert both.same(listed(query))[2], query


@pytest.mark.one_python
def test_listings_without_hidden_photos(both: Both, album: Path) -> None:
    both.index(album, encoder=Sharp())
    queries = ("red", "blue -red", "in:sub", "label:red", "green label:green", "-type:gif")
    before = {query: both.same(listed(query)) for query in queries}
    hidden = {str(path) for path in album.glob("sub/*")}

    def hide(library: Library) -> None:
        library.user_data.hide(library.contents_at(album / "sub"))

    both.same(hide)
    gone = set(both.same(listed("is:hidden"))[0])
    assert gone
    for query in queries:
        after, asked = both.same(listed(query)), both.same(listed(f"{query} is:hidden"))
        assert set(after[0]) == set(before[query][0]) - gone, query
        assert set(asked[0]) == set(before[query][0]) & gone, query
        assert after[2] + asked[2] == before[query][2], query
    assert hidden & gone and both.same(listed("red -is:hidden")) == both.same(listed("red"))


@pytest.mark.one_python
def test_why_a_photo_matches(both: Both, album: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also of one far down the list, which is not read up to it."""
    monkeypatch.setattr("app.search.explain._FIRST", 3)
    both.index(album, encoder=Sharp())
    like = f"like:{album / 'red.png'}"
    for query in ("red", "red -blue", like, "green in:sub", "blue label:red"):

        def why(library: Library, query: str = query) -> list[tuple[int | None, Any]]:
            searcher = searcher_of(library)
            listed = []
            for name in ("green.png", "white.png", "yellow.png", "red.png"):
                (path,) = (one for one in album.rglob("*.png") if one.name == name)
                plain = explain(searcher, path, parse_query(query)).plain()
                below = [round(term.pop("percentile")) for term in plain["terms"]]
                rest = (below, plain["of"], plain["filters"], plain["labels"])
                listed.append((plain["rank"], rest))
            return listed

        folder, server = why(both.folder), why(both.server)
        assert [rest for _, rest in folder] == [rest for _, rest in server]
        for (rank, _), (other, _) in zip(folder, server, strict=True):
            assert (rank is None) == (other is None)
            if rank is not None and other is not None:  # some 18 of each colour are as near
                assert rank == other if rank <= 3 else abs(rank - other) <= 18


def labels_of(library: Library) -> Any:
    searcher = searcher_of(library)
    given = searcher.labels()
    catalogue = library.catalogue(model_of(library))
    ids = catalogue.everything.in_order(newest=True).part(0, 100).tolist()
    every = dict(zip(named(library, ids), (searcher.labels_of(id) for id in ids), strict=True))
    folder = catalogue.choose(filters.InFolder(("sub",)))
    return (
        {name: [(one, round(sure, 2)) for one, sure in of] for name, of in every.items()},
        dict(catalogue.everything.labels(given)),
        dict(given.counts()),
        dict(given.counts(np.array(ids[:9]))),
        dict(folder.labels(given)),
        dict(catalogue.choose(None, np.array(ids[:9])).labels(given)),
        [sorted(named(library, given.showing(n).tolist())) for n in range(6)],
        given.showing_both(0, 5),
        [len(searcher.matching(given.that_show(n))) for n in range(6)],
        Answers(searcher).examples(),
    )


def test_labels(both: Both, album: Path) -> None:
    both.index(album, encoder=Sharp())
    answers = both.same(labels_of)
    assert answers[1][0] and answers[7] and answers[9][0] == "colour"

    def forget(library: Library) -> None:
        with library.writing() as writer:
            writer.forget(album / "sub")

    both.same(forget)
    assert both.same(labels_of)[1][0] < answers[1][0]


def test_a_sample(both: Both, album: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of few photos it is the same; of many, it comes from all over their ids."""
    both.index(album)

    def some(library: Library) -> list[str]:
        return named(library, library.index(model_of(library)).index.some(9).tolist())

    both.same(some)
    monkeypatch.setattr("store.sql.server_index._NUMBERED", 5)
    with both.server.writing() as writer:
        writer.forget(album / "sub")
    index = both.server.index(model_of(both.server)).index
    every = np.sort(index.ids())
    drawn = index.some(9)
    assert 6 <= len(drawn) <= 9 and np.isin(drawn, every).all() and (np.diff(drawn) > 0).all()
    assert np.abs(np.searchsorted(every, drawn[:8]) / len(every) - np.arange(8) / 9).max() < 0.3
    assert index.some(9).tolist() == drawn.tolist()
    assert index.share_below(index.vectors(drawn[:1])[0], -1.1) == 0


def test_where_there_is_nothing(both: Both, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    both.index(tmp_path / "empty")

    def ask(library: Library) -> Any:
        catalogue: Catalogue = library.catalogue(model_of(library))
        photos = catalogue.everything
        rows = catalogue.rows(np.array([1]))
        searcher = searcher_of(library)
        listing = make_listing(searcher, catalogue, Query(), "best")
        return (
            *(len(photos), dict(photos.counts("month")), dict(photos.folders().direct)),
            *(dict(photos.tags()), len(photos.in_order(newest=True)), len(rows.ids)),
            *(len(photos.located(newest=True).ids), len(listing)),
        )

    assert both.same(ask) == (0, {}, {}, {}, 0, 0, 0, 0)


def test_only_what_is_shown_is_read(
    server_library: ServerLibrary, both: Both, album: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of all photos no list of ids comes from the server."""
    from sqlalchemy import event

    monkeypatch.setattr(row_set, "FEW", 0)
    both.index(album, encoder=Sharp())
    searcher = searcher_of(server_library)
    searcher.labels()
    rows: list[int] = []

    def count(_: Any, cursor: Any, *__: Any) -> None:
        rows.append(cursor.rowcount)

    event.listen(server_library._engine, "after_cursor_execute", count)
    answers = Answers(searcher)
    shown = answers.listing(parse_query("-type:gif"), "newest")
    assert isinstance(shown.catalogue, RowCatalogue)
    assert len(shown.listing) == 70
    assert len(shown.listing.results.part(0, 5)) == 5
    for kind in KINDS:
        shown.listing.matching.counts(kind)
    shown.listing.matching.labels(searcher.labels())
    assert max(rows) < 30

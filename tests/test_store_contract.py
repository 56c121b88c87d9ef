"""What a library answers is the same in a folder and on a server: both are asked, and compared."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.duplicates import duplicates
from app.gallery.answers import Answers
from app.query.parser import parse_query
from app.search.searcher import Searcher
from conftest import draw, draw_burst, index_into
from fakes import ColourEncoder
from indexer.places import EDITION
from store import filters
from store.errors import LibraryBusy, RootNotFound
from store.library import Library
from store.server_library import ServerLibrary
from store.sql.filter_sql import Order
from store.states import Away, State
from store.values import Example, ModelInfo
from store.words import forms_of, words_of

Ask = Callable[[Library], Any]


class Both:
    """A library in a folder and one on a server, with the same photos in each."""

    def __init__(self, folder: Library, server: Library) -> None:
        self.folder, self.server = folder, server

    def same(self, ask: Ask) -> Any:
        """What both answer, which has to be the same."""
        answers = [ask(library) for library in (self.folder, self.server)]
        assert answers[0] == answers[1]
        return answers[0]

    def index(self, folder: Path | None = None, **options: Any) -> Any:
        """Index ``folder``, or all roots, into both. Returns the summary, which is the same."""

        def run(library: Library) -> Any:
            encoder = options.get("encoder") or ColourEncoder()
            more = {name: value for name, value in options.items() if name != "encoder"}
            return replace(index_into(library, encoder, folder, **more), seconds=0.0)

        return self.same(run)


@pytest.fixture
def both(library: Library, server_library: ServerLibrary) -> Both:
    return Both(library, server_library)


@pytest.fixture
def album(photos: Path) -> Path:
    """Photos with all that filters ask for."""
    trip = photos / "Reise 2019"
    trip.mkdir()
    draw(trip / "ÄHRE_%.PNG", "yellow", (90, 30))
    draw(trip / "under_score.png", "green", (30, 90))
    exif = Image.Exif()
    exif[0x0110] = "X-T3 MULLER"
    exif[0x9C9B] = "Großmutters Birthday\0".encode("utf-16-le")  # XPTitle
    exif[0x010E] = "Cake in the garden"
    exif.get_ifd(0x8769)[0x9003] = "2019:07:14 18:30:00"
    gps = exif.get_ifd(0x8825)
    gps.update({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    Image.new("RGB", (64, 64), (200, 30, 30)).save(trip / "paris.jpg", exif=exif, quality=95)
    shutil.copy(photos / "red.png", trip / "copy of red.png")
    (photos / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no picture")
    draw_burst(photos)
    return photos


def model_of(library: Library) -> ModelInfo:
    model = library.model()
    assert model
    return model


def names_of(library: Library, ids: Sequence[int]) -> list[list[str]]:
    """The paths of each content, since ids need not be the same."""
    photos = library.photos_of(ids)
    return [[photo.path.name for photo in photos[id]] for id in ids]


def ledger(library: Library) -> list[tuple[str, str, str | None, bool]]:
    return [(str(p.path), str(p.state), p.reason, p.away) for p in library.files(list(State))]


FILTERS: Sequence[filters.PhotoFilter] = (
    filters.InFolder(("reise*",)),
    filters.InFolder(("sub",)),
    filters.Name("*.png"),
    filters.Name("ähre_%.*"),
    filters.Name("under_*"),
    filters.Name("under?score.png"),
    filters.Name("[!a-r]*.PNG"),
    filters.Name("nothing"),
    filters.Taken(datetime(2019, 7, 14), datetime(2019, 7, 15)),
    filters.Taken(datetime(2019, 7, 14, 18, 30)),
    filters.Taken(None, datetime(2020, 1, 1, 10)),
    filters.InMonth(7),
    filters.InMonth(7, 14),
    filters.InHours(18, 20),
    filters.Contains("camera", "müller"),
    filters.Contains("place", "france"),
    filters.Contains("place", "france", last=True),
    filters.Format("PNG"),
    filters.Measure("width", 64, 90),
    filters.Measure("size", None, 200),
    filters.Orientation("landscape"),
    filters.Orientation("portrait"),
    filters.Orientation("square"),
    filters.Near(48.86, 2.29, 10),
    filters.HasPlace(),
    filters.IsOffline(),
    filters.Tagged("Liked"),
    filters.InAlbum("best Of"),
    filters.Not(filters.Name("*.png")),
    filters.All((filters.Format("PNG"), filters.InFolder(("sub",)))),
    filters.Any((filters.HasPlace(), filters.InFolder(("sub",)))),
    filters.Any(()),
)


def in_order(filter: filters.PhotoFilter | None, order: Order) -> Ask:
    def ask(library: Library) -> list[list[str]]:
        ids = library.matching(model_of(library), filter, order).tolist()
        names = names_of(library, ids)
        return names if order == "name" else sorted(names)  # of the same time, either may be first

    return ask


def paths_of(filter: filters.PhotoFilter) -> Ask:
    def ask(library: Library) -> list[str]:
        ids = library.matching(model_of(library), None).tolist()
        chosen = library.matching_paths(ids, filter)
        known = library.photos_of(ids).values()
        return sorted(str(p.path) for photos in known for p in photos if p.id in chosen)

    return ask


def test_every_filter_and_order(both: Both, album: Path) -> None:
    both.index(album)
    tagged = both.same(lambda one: one.user_data.add_tag(one.contents_at(album / "sub"), "liked"))
    both.same(lambda one: one.user_data.add_to_album("Best of", one.contents_at(album / "sub")))
    assert tagged == 2
    empty = []
    for filter in FILTERS:
        both.same(in_order(filter, "date"))
        names = both.same(in_order(filter, "name"))
        assert bool(both.same(paths_of(filter))) == bool(names)
        empty += [] if names else [filter]
    assert empty == [filters.Name("nothing"), filters.IsOffline(), filters.Any(())]
    assert len(both.same(in_order(None, "name"))) == 11


QUERIES = (
    *("red", "a yellow thing", "blue -red", "green name:*.png", "-white", "-red year:2019"),
    *("red in:sub", "blue year:2020", "near:48.85,2.35~10km red", "yellow size:..200"),
    *("red OR blue", "(red OR blue in:sub) -green", "(red in:sub) OR (blue year:2020)"),
    *("in:sub OR year:2020", "red OR tag:liked", "-(in:sub OR type:png)"),
)


def results(query: str, bursts: bool) -> Ask:
    def ask(library: Library) -> list[Any]:
        searcher = Searcher(library, model_of(library), ColourEncoder())
        results = searcher.search(parse_query(query), 20, bursts=bursts)
        return [
            (str(hit.path), round(hit.score, 5), hit.relevance, sorted(map(str, hit.burst)))
            for hit in results.hits
        ]

    return ask


@pytest.mark.parametrize("bursts", [True, False])
def test_searches(both: Both, album: Path, bursts: bool) -> None:
    both.index(album)
    for query in (*QUERIES, f"like:{album / 'red.png'}", f"blue -like:{album / 'burst0.jpg'}"):
        assert both.same(results(query, bursts)), query
    assert (both.same(results("blue", True)) == both.same(results("blue", False))) is False
    both.same(results("name:nothing red", bursts))


def test_what_the_page_shows(both: Both, album: Path) -> None:
    both.index(album)

    def columns(library: Library) -> Any:
        columns = library.columns(model_of(library))
        order = np.lexsort(columns.digests.T)
        return {
            "taken": columns.taken[order].astype(str).tolist(),
            "width": columns.width[order].tolist(),
            "latitude": columns.latitude[order].astype(str).tolist(),
            "camera": (columns.camera.names, columns.camera.codes[order].tolist()),
            "folders": columns.folder_names,
            "roots": sorted(columns.root_paths.values()),
            "by_camera": columns.by_camera[order].tolist(),
        }

    assert len(both.same(columns)["taken"]) == 11
    names = both.same(lambda one: one.names(one.names_state()))
    assert any("France" in place for place in names.places)
    assert names.cameras and {"sub", album.name} <= set(names.folders)

    def groups(library: Library) -> Any:
        listed = duplicates(library, model_of(library), near=True)
        return sorted((g.kind, sorted(str(p.path) for p in g.photos)) for g in listed)

    assert both.same(groups)
    assert both.same(lambda one: [entry.counts for entry in one.status()])
    assert both.same(lambda one: replace(one.standing(), roots=(), effort=None)).hidden == 0
    assert both.same(lambda one: one.searchable_count(model_of(one))) == 11
    assert both.same(lambda one: len(one.repeated(model_of(one)))) == 1
    assert both.same(lambda one: [d for _, d in sorted(one.without_thumbnail())]) == []


def test_a_second_run_finds_nothing_to_do(both: Both, album: Path) -> None:
    assert both.index(album).embedded == 11
    assert both.index().embedded == 0
    (album / "red.png").unlink()
    draw(album / "red.png", "red", (33, 20))
    assert both.index().embedded == 1
    both.same(ledger)


def test_places_are_named_anew(both: Both, album: Path) -> None:
    both.index(album)
    named = both.same(lambda library: [row[3] for row in library.placed(0, 99)])
    assert any("France" in place for place in named)

    def make_old(library: Library) -> None:
        with library.writing() as writer:
            writer.set_places({row[0]: "Old" for row in library.placed(0, 99)})
            writer.rename_places({}, 1, 0)
            writer.set_place_edition(1)

    both.same(make_old)
    assert both.same(lambda library: library.renaming(EDITION)) == (0, len(named))
    both.index()
    assert both.same(lambda library: [row[3] for row in library.placed(0, 99)]) == named
    assert both.same(lambda library: library.renaming(EDITION)) is None


def test_moves_missing_photos_and_pruning(both: Both, album: Path) -> None:
    both.index(album)
    (album / "elsewhere").mkdir()
    (album / "blue.png").rename(album / "elsewhere" / "sky.png")
    (album / "Reise 2019" / "paris.jpg").unlink()
    summary = both.index()
    assert (summary.moved, summary.embedded) == (1, 0)
    assert [state for _, state, *_ in both.same(ledger)].count(State.GONE) == 1
    both.same(results("red", True))

    def prune(library: Library) -> Any:
        with library.writing() as writer:
            removed = writer.prune()
        return removed.paths, len(removed.digests)

    assert both.same(prune)[0] == 1
    assert State.GONE not in {state for _, state, *_ in both.same(ledger)}
    both.same(results("red", True))


def test_a_drive_that_is_unplugged(both: Both, album: Path) -> None:
    both.index(album)
    album.rename(album.parent / "unplugged")
    both.index()
    assert both.same(in_order(filters.IsOffline(), "name")) != []
    assert both.same(results("red", True)) != []
    (album.parent / "unplugged").rename(album)
    both.index()
    assert both.same(in_order(filters.IsOffline(), "name")) == []

    def away(library: Library) -> int:
        ids = [p.id for p in library.files([State.INDEXED])]
        with library.writing() as writer:
            writer.set_away(ids, Away.AT_ONCE)
        assert library.away_count(album / "sub") == 2
        with library.writing() as writer:
            return writer.accept_missing(album)

    assert both.same(away) == 12
    both.same(ledger)


def test_relocating_and_forgetting(both: Both, album: Path) -> None:
    both.index(album)
    moved = album.parent / "moved"
    album.rename(moved)

    def relocate(library: Library) -> Any:
        with library.writing() as writer:
            writer.relocate(album, moved)
            own = album.parent / "own"
            writer.relocate(moved / "sub", own)
            writer.add_root(album.parent, ["x*"], replace=False)
            writer.relocate(own, own / "own")
            writer.relocate(own / "own", own)
        (root,) = library.roots()
        return root.path, root.excludes, sorted(library.folder_names(root))

    both.same(relocate)
    both.same(ledger)
    for kept in (True, False):

        def forget(library: Library) -> Any:
            with library.writing() as writer:
                removed = writer.forget(moved / ("Reise 2019" if kept else ""))  # noqa: B023
            return removed.paths, sorted(removed.digests)

        both.same(forget)
        both.same(ledger)
    with both.server.writing() as writer, pytest.raises(RootNotFound):
        writer.forget(Path("/nowhere"))


def test_what_the_user_adds(both: Both, album: Path) -> None:
    both.index(album)

    def add(library: Library) -> Any:
        user, model = library.user_data, model_of(library)
        ids = library.contents_at(album / "sub")
        vectors = library.vectors(model, np.array(ids, np.int64))
        assert user.add_tag(ids, "Liked") == user.remove_tag(ids[:1], "liked") + 1 == 2
        user.add_examples(
            "Warm",
            [
                Example("/a.png", False, ids[0], model.id, vectors[0]),
                Example("/b.png", True, None, model.id, vectors[1]),
            ],
        )
        user.add_examples("warm", [Example("/a.png", True, ids[0], model.id, vectors[0])])
        assert user.add_to_album("Étés", ids) == 2
        assert user.add_to_album("éTÉS", [*ids, ids[0]]) == 0
        assert user.move_in_album("étés", ids[1:], ids[0]) == 1
        user.save_search("Sky", "blue")
        user.save_search("Sky", "a blue sky")
        for query in ("one", "two", "one"):
            user.remember(query)
        return (
            sorted(map(len, user.tagged().values())),
            user.tag_names(),
            [(one.name, one.count) for one in user.albums()],
            names_of(library, user.album("ÉTÉS")),
            [user.albums_of(id) for id in ids],
            user.concepts(),
            [(e.path, e.negative) for e in user.examples("warm")],
            user.saved_searches(),
            user.history(9),
        )

    both.same(add)
    lines = both.same(lambda one: list(one.user_data.exported()))
    assert len(lines) == 7
    assert both.same(lambda one: one.user_data.remove_concept("warm")) == 2
    # An edit of a photo with a mark: the mark follows it.
    draw(album / "sub" / "green.png", "green", (31, 24))
    both.same(lambda one: one.user_data.add_tag(one.contents_at(album / "sub"), "all"))
    draw(album / "sub" / "yellow.png", "yellow", (31, 24))
    both.index()
    both.same(lambda one: [names_of(one, ids) for ids in one.user_data.tagged().values()])


def test_another_model(both: Both, album: Path) -> None:
    both.index(album)
    both.index(encoder=ColourEncoder("others", "2"))
    assert both.same(lambda one: model_of(one).name) == "others"
    assert both.same(lambda one: len(one.models())) == 2
    both.same(results("red", True))


def test_nothing_is_removed_while_others_write(both: Both, album: Path) -> None:
    both.index(album)
    for library in (both.folder, both.server):
        with library.writing() as first:
            first.begin_run()
            with (
                pytest.raises(LibraryBusy, match="is changing the library"),
                library.writing() as second,
            ):
                second.prune()
        with library.writing() as writer:
            writer.prune()


def test_answers_of_the_page(both: Both, album: Path) -> None:
    both.index(album)

    def examples(library: Library) -> Any:
        searcher = Searcher(library, model_of(library), ColourEncoder())
        return Answers(searcher).examples()

    both.same(examples)


NAMES = (
    *("red", "reds", "Reise", "reise 2019", "ähre", "AHRE", "under score", "underscore.png"),
    *("copy of red", "the trip", "liked", "warm", "burst 0", "paris", "sub", "nothing", "photos"),
    *("grossmutters birthday", "birthday cake", "garden"),
)


def test_words_in_names(both: Both, album: Path) -> None:
    (album / "İstanbul ΟΔΟΣ").mkdir()
    for name, colour in (
        ("海滩.png", "red"),
        ("GoldenGate77.png", "blue"),
        ("¡ñandú!.png", "white"),
    ):
        draw(album / "İstanbul ΟΔΟΣ" / name, colour, (70, 35))
    both.index(album)
    both.same(lambda one: one.user_data.add_tag(one.contents_at(album / "sub"), "Liked Ones"))

    def add(library: Library) -> None:
        ids = library.contents_at(album / "sub")
        vectors = library.vectors(model_of(library), np.array(ids, np.int64))
        example = Example("/a.png", False, ids[0], model_of(library).id, vectors[0])
        library.user_data.add_examples("Warm", [example])

    both.same(add)
    words = [word for name in NAMES for word in words_of(name)]
    words += [
        "birthday",
        "gardens",
        "istanbul",
        "οδοσ",
        "海",
        "滩",
        "golden",
        "gate",
        "77",
        "nandu",
    ]
    wholes = ["underscore", "goldengate77", "海滩", "likedones", "red", "großmuttersbirthday"]

    def ask(limit: int) -> Ask:
        def names(library: Library) -> Any:
            named = library.named([forms_of(word) for word in words], wholes, limit)
            lists = [
                sorted(map(str, names_of(library, ids.tolist())))
                for one in named.words
                for ids in (one.name, one.folder, one.tag, one.concept, one.title, one.description)
            ]
            whole = sorted(map(str, names_of(library, named.whole.tolist())))
            return lists, [one.frequent for one in named.words], whole

        return names

    lists, frequent, whole = both.same(ask(100))
    assert len(whole) == 7  # both pictures of that tag; red.png is in two places; a title
    assert all(any(lists[at : at + 6]) for at in range(len(lists) - 60, len(lists), 6))
    assert not any(frequent)
    assert any(both.same(ask(2))[1])
    for query in NAMES:
        both.same(results(f"red {query}", bursts=False))
    (album / "sub").rename(album / "elsewhere")
    both.index()
    assert both.same(ask(100))[0] != lists


def test_names_of_what_is_removed_and_brought_elsewhere(both: Both, album: Path) -> None:
    both.index(album)

    def change(library: Library) -> Any:
        with library.writing() as writer:
            writer.relocate(album / "sub", album.parent / "harbour")
            writer.forget(album / "Reise 2019")
        named = library.named([["sub"], ["harbour"], ["paris"]], [], 100)
        return [names_of(library, one.every.tolist()) for one in named.words]

    assert [len(names) for names in both.same(change)] == [0, 2, 0]

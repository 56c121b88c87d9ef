from __future__ import annotations

import os
import re
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from app.query.parser import parse_query
from app.search.ranking import Ranking
from app.search.searcher import Searcher
from conftest import Index, draw
from fakes import COLOURS, ColourEncoder
from store.errors import QueryError
from store.library import Library


@pytest.fixture
def searcher(library: Library, index: Index, encoder: ColourEncoder, photos: Path) -> Searcher:
    index(photos)
    model = library.model()
    assert model
    return Searcher(library, model, encoder)


@pytest.fixture
def nameless(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> Searcher:
    """The same where names say nothing: here, each photo is called what it shows."""
    monkeypatch.setattr("app.search.query_rankings.name_matches", lambda *_: None)
    return searcher


def test_a_name_adds_to_the_score(searcher: Searcher) -> None:
    (red, *others) = searcher.search(parse_query("red")).hits
    assert (red.path.stem, red.names, red.relevance) == ("red", {"name": ("red",)}, "strong")
    assert red.score > 1
    assert {len(hit.names) for hit in others} == {0}


@pytest.mark.parametrize("colour", ["red", "green", "blue", "yellow", "white"])
def test_the_nearest_comes_first(nameless: Searcher, colour: str) -> None:
    searcher = nameless
    hits = searcher.search(parse_query(colour)).hits
    assert hits[0].path.stem == colour
    assert hits[0].score > 0.6  # the cosine, 1, less what the photo loses as a hub
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert len(hits) == 5


def test_limit(searcher: Searcher) -> None:
    assert len(searcher.search(parse_query("red"), 2).hits) == 2


def test_what_a_hit_tells(searcher: Searcher, photos: Path, index: Index) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = "2019:07:14 18:30:05"
    Image.new("RGB", (60, 20), (0, 255, 1)).save(photos / "dated.jpg", exif=exif, quality=100)
    shutil.copy(photos / "dated.jpg", photos / "copy.jpg")
    index()
    hit = next(h for h in searcher.search(parse_query("green")).hits if h.width == 60)
    assert hit.taken_at == datetime(2019, 7, 14, 18, 30, 5)
    assert (hit.width, hit.height, hit.offline) == (60, 20, False)
    assert {hit.path, *hit.copies} == {photos / "dated.jpg", photos / "copy.jpg"}


def test_a_run_in_between_shows_at_once(searcher: Searcher, photos: Path, index: Index) -> None:
    assert searcher.count() == 5
    draw(photos / "more.png", "red", (7, 7))
    (photos / "red.png").unlink()
    index()
    hits = searcher.search(parse_query("red"), 1).hits
    assert [hit.path.name for hit in hits] == ["more.png"]
    assert searcher.count() == 5


def test_offline_photos_are_found_and_marked(searcher: Searcher, photos: Path) -> None:
    photos.rename(photos.parent / "away")
    hits = searcher.search(parse_query("red")).hits
    assert len(hits) == 5
    assert all(hit.offline for hit in hits)


def test_a_copy_that_can_be_seen_is_shown_first(
    searcher: Searcher, photos: Path, index: Index, tmp_path: Path
) -> None:
    backup = tmp_path / "z-backup"
    shutil.copytree(photos, backup)
    index(backup)
    photos.rename(tmp_path / "away")
    hit = searcher.search(parse_query("red"), 1).hits[0]
    assert (hit.path, hit.offline) == (backup / "red.png", False)
    assert hit.copies == (photos / "red.png",)


def test_a_query_longer_than_the_model_reads(searcher: Searcher) -> None:
    assert not searcher.search(parse_query("red")).cut
    encoder = ColourEncoder()
    encoder.truncates = lambda text: True  # type: ignore[method-assign]
    assert Searcher(searcher.library, searcher.model, encoder).search(parse_query("red")).cut


def names(searcher: Searcher, text: str, limit: int = 10, **options: Any) -> list[str]:
    return [hit.path.stem for hit in searcher.search(parse_query(text), limit, **options).hits]


def test_several_terms_look_for_what_is_near_to_all(nameless: Searcher) -> None:
    """Yellow is red and green in light; white is all three."""
    searcher = nameless
    assert names(searcher, "red + green", 1) == ["yellow"]
    assert names(searcher, "3*red + green")[0] == "red"
    assert names(searcher, "red + green + blue", 1) == ["white"]


def test_terms_count_alike_whatever_their_scale(nameless: Searcher, photos: Path) -> None:
    """A picture's cosines are spread otherwise than a text's; weights are of both."""
    searcher = nameless
    draw(photos / "sub" / "query.png", "green", (50, 50))
    assert names(searcher, f"image:{photos / 'sub' / 'query.png'} + red", 1) == ["yellow"]


def test_without_pushes_down_what_shows_it(searcher: Searcher) -> None:
    assert names(searcher, "red")[1] == "yellow"
    order = names(searcher, "red without green")
    assert order[0] == "red"
    assert order.index("yellow") > order.index("blue")
    assert set(order) == {"red", "green", "blue", "yellow", "white"}  # none is hidden


def test_nothing_but_negatives(searcher: Searcher) -> None:
    order = names(searcher, "-red")
    assert set(order[-3:]) == {"red", "yellow", "white"}


def test_strictness(searcher: Searcher) -> None:
    def score(text: str) -> float:
        hits = searcher.search(parse_query(text)).hits
        return next(hit.score for hit in hits if hit.path.stem == "yellow")

    assert score("red -3*green") < score("red -green") < score("red -0.3*green") < score("red")


def test_a_picture_as_the_query(searcher: Searcher, photos: Path, tmp_path: Path) -> None:
    draw(tmp_path / "any picture.png", "blue", (9, 9))
    assert names(searcher, f'image:"{tmp_path / "any picture.png"}"', 1) == ["blue"]


def test_a_photo_of_the_library_as_the_query(searcher: Searcher, photos: Path) -> None:
    red = searcher.search(parse_query("red"), 1).hits[0]
    by_path, by_id = names(searcher, f"like:{red.path}"), names(searcher, f"like:{red.id}")
    assert by_path == by_id
    assert len(by_path) == 4  # not the photo itself
    assert by_path[0] == "yellow"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("image:/no/where.jpg", "image:/no/where.jpg can't be read: No such file"),
        ("image:{photos}", "can't be read"),
        ("image:{photos}/note.txt", "as a picture"),
        ("like:/no/where.jpg", "is no photo of the library"),
        ("like:4711", "is no photo of the library"),
        ("like:{photos}/sub", "is a folder of the library"),
    ],
)
def test_pictures_that_are_none(searcher: Searcher, photos: Path, text: str, message: str) -> None:
    (photos / "note.txt").write_text("text")
    with pytest.raises(QueryError, match=re.escape(message)):
        searcher.search(parse_query(text.format(photos=photos)))


def test_filters_restrict(searcher: Searcher, photos: Path) -> None:
    inside = {path.stem for path in (photos / "sub").iterdir()}
    assert set(names(searcher, "red in:sub")) == inside
    assert set(names(searcher, "red -in:sub")) == set(COLOURS) - inside
    assert names(searcher, "red name:blue") == ["blue"]
    assert names(searcher, "red width:>5000") == []


def test_filters_alone_list_by_date_or_name(searcher: Searcher, photos: Path, index: Index) -> None:
    for number, name in enumerate(("blue", "white", "red")):
        path = photos / f"{name}.png"
        os.utime(path, (1_600_000_000 + 86400 * number,) * 2)
    index()
    assert names(searcher, "year:2020") == ["red", "white", "blue"]
    assert names(searcher, "year:2020", sort="name") == ["blue", "red", "white"]
    assert names(searcher, "year:2020", 1, offset=1) == ["white"]
    assert {hit.score for hit in searcher.search(parse_query("year:2020")).hits} == {0}


def test_paging_and_order(searcher: Searcher) -> None:
    whole = names(searcher, "red")
    assert names(searcher, "red", 2) + names(searcher, "red", 2, offset=2) == whole[:4]
    assert names(searcher, "red", offset=5) == []
    hits = searcher.search(parse_query("red"), 3, sort="name").hits
    assert [hit.path for hit in hits] == sorted(hit.path for hit in hits)
    assert {hit.path.stem for hit in hits} == set(whole[:3])
    assert names(searcher, "red", min_score=0.99) == ["red"]


def test_the_path_that_the_filter_means_is_shown(
    searcher: Searcher, photos: Path, index: Index
) -> None:
    (photos / "zoo").mkdir()
    shutil.copy(photos / "red.png", photos / "zoo" / "copy.png")
    index()
    (hit,) = searcher.search(parse_query("red in:zoo")).hits
    assert hit.path == photos / "zoo" / "copy.png"
    assert hit.copies == (photos / "red.png",)


def test_tags_survive_a_move(
    searcher: Searcher, library: Library, photos: Path, index: Index
) -> None:
    ids = library.contents_at(photos / "red.png")
    with library.writing():  # by another run, which is no reason to wait
        assert library.user_data.add_tag(ids, "Family") == 1
        assert library.user_data.add_tag(ids, "family") == 0
    (photos / "red.png").rename(photos / "sub" / "rot.png")
    index()
    (hit,) = searcher.search(parse_query("tag:FAMILY")).hits
    assert (hit.path, hit.tags) == (photos / "sub" / "rot.png", ("family",))
    assert library.user_data.remove_tag(ids, "FAMILY") == 1
    assert library.user_data.remove_tag(ids, "family") == 0
    assert names(searcher, "tag:family") == []


@pytest.mark.parametrize("bursts", [True, False])
def test_a_photo_that_goes_while_it_is_searched_for(
    searcher: Searcher,
    library: Library,
    photos: Path,
    monkeypatch: pytest.MonkeyPatch,
    bursts: bool,
) -> None:
    """A run in another process, at the worst moment: between the ranking and all that follows."""
    best = Ranking.best

    def then_forget(*arguments: Any) -> Any:
        ids = best(*arguments)
        with library.writing() as writer:
            writer.forget(photos / "sub")
        return ids

    monkeypatch.setattr(Ranking, "best", then_forget)
    hits = searcher.search(parse_query("red without blue"), bursts=bursts).hits
    assert {hit.path.stem for hit in hits} == {"red", "blue", "white"}
    assert hits[0].path.stem == "red"

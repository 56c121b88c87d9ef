from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from app.query_parser import parse_query
from app.search import Searcher
from conftest import Index, draw
from fakes import ColourEncoder
from store.library import Library


@pytest.fixture
def searcher(library: Library, index: Index, encoder: ColourEncoder, photos: Path) -> Searcher:
    index(photos)
    model = library.model()
    assert model
    return Searcher(library, model, encoder)


@pytest.mark.parametrize("colour", ["red", "green", "blue", "yellow", "white"])
def test_the_nearest_comes_first(searcher: Searcher, colour: str) -> None:
    hits = searcher.search(parse_query(colour)).hits
    assert hits[0].path.stem == colour
    assert hits[0].score == pytest.approx(1, abs=1e-4)
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

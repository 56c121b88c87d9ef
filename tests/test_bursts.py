from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from test_searcher import searcher

from app.query.parser import parse_query
from app.search.bursts import collapse
from app.search.searcher import Searcher
from conftest import Index

pytestmark = pytest.mark.one_python

__all__ = ["searcher"]  # the fixture
NOON = datetime(2020, 1, 1, 12)


def at(*seconds: float | None) -> list[datetime | None]:
    return [None if s is None else NOON + timedelta(seconds=s) for s in seconds]


def test_alike_and_within_seconds() -> None:
    one, other = np.array([1, 0], np.float32), np.array([0, 1], np.float32)
    near = np.array([0.95, 0.3122], np.float32)
    vectors = np.stack([one, near, one, other, near, one])
    assert collapse(at(0, 3, 30, 1, None, -10), vectors) == [[0, 1, 5], [2], [3], [4]]


def test_the_best_one_stands_for_its_burst(searcher: Searcher, photos: Path, index: Index) -> None:
    for number in range(4):
        exif = Image.Exif()
        second = 5 + 2 * number if number < 3 else 50
        exif.get_ifd(0x8769)[0x9003] = f"2019:07:14 18:30:{second:02}"
        colour = (255, 0, 10 * number)
        Image.new("RGB", (20, 20 + number), colour).save(photos / f"b{number}.jpg", exif=exif)
    index()

    def shown(text: str, limit: int = 10, **options: Any) -> list[tuple[str, list[str]]]:
        hits = searcher.search(parse_query(text), limit, **options).hits
        return [(hit.path.name, [path.name for path in hit.burst]) for hit in hits]

    collapsed = shown("red type:jpg")
    assert [len(burst) for _, burst in collapsed] == [2, 0]
    assert {name for name, _ in collapsed} >= {"b3.jpg"}
    assert [burst for _, burst in shown("red type:jpg", bursts=False)] == [[], [], [], []]
    assert len(shown("type:jpg")) == 4  # a list of files is one
    # As many as were asked for, all the same, on every page.
    assert len(shown("red", 2)) == 2
    everything = [hit.path for hit in searcher.search(parse_query("red"), 20).hits]
    pages = [searcher.search(parse_query("red"), 2, offset=o).hits for o in (0, 2, 4, 6)]
    assert [hit.path for page in pages for hit in page] == everything
    assert len(everything) == 7


def burst_library(photos: Path, index: Index) -> None:
    """40 photos in ten moments, a second apart in each; those of a moment score differently."""
    for number in range(40):
        moment, step = divmod(number, 4)
        exif = Image.Exif()
        exif.get_ifd(0x8769)[0x9003] = f"2019:07:{1 + moment:02} 18:30:{5 + step:02}"
        colour = (255, 12 * moment, 15 * step)
        Image.new("RGB", (20, 20 + number), colour).save(
            photos / ("sub" if step == 3 else "") / f"m{moment}s{step}.jpg", exif=exif, quality=100
        )
    index()


@pytest.mark.parametrize("text", ["red", "red -blue", "-blue", "red -in:sub", "red type:jpg"])
def test_bursts_do_not_depend_on_the_limit(
    searcher: Searcher, photos: Path, index: Index, text: str
) -> None:
    burst_library(photos, index)
    query = parse_query(text)

    def listed(limit: int, offset: int = 0) -> list[tuple[Path, tuple[Path, ...]]]:
        hits = searcher.search(query, limit, offset=offset).hits
        return [(hit.path, hit.burst) for hit in hits]

    everything = listed(1000)
    assert any(burst for _, burst in everything)
    for limit in range(1, len(everything) + 1):
        assert listed(limit) == everything[:limit]
    offsets = range(0, len(everything) + 4, 3)
    assert [one for offset in offsets for one in listed(3, offset)] == everything
    shown = [path for path, burst in everything for path in (path, *burst)]
    assert sorted(shown) == sorted(
        hit.path for hit in searcher.search(query, 1000, bursts=False).hits
    )
    ranked = searcher.ranked(query)  # as the page has it
    hits = searcher.search(query, 1000).hits
    assert ranked.ids.tolist() == [hit.id for hit in hits]
    assert [len(ranked.bursts.get(hit.id, ())) for hit in hits] == [len(hit.burst) for hit in hits]


def test_a_burst_is_what_the_whole_ranking_makes_of_it(
    searcher: Searcher, photos: Path, index: Index
) -> None:
    """The same as by collapsing all photos in their order, however few are looked at."""
    burst_library(photos, index)
    hits = searcher.search(parse_query("red"), 1000, bursts=False).hits
    infos = searcher.library.photos_of([hit.id for hit in hits])
    times = [infos[hit.id][0].facts.taken_at for hit in hits]  # type: ignore[union-attr]
    ids = np.array([hit.id for hit in hits])
    groups = collapse(times, searcher.library.vectors(searcher.model, ids))
    expected = {
        hits[first].path: {hits[other].path for other in others} for first, *others in groups
    }
    for limit in (1, 3, len(groups)):
        shown = {
            hit.path: set(hit.burst) for hit in searcher.search(parse_query("red"), limit).hits
        }
        assert shown.items() <= expected.items() and len(shown) == limit

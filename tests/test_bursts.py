from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from test_searcher import searcher

from app.query.parser import parse_query
from app.search.bursts import collapse
from app.search.searcher import Searcher
from conftest import Index

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

    def found(text: str, limit: int = 10, **options: Any) -> list[tuple[str, list[str]]]:
        hits = searcher.search(parse_query(text), limit, **options).hits
        return [(hit.path.name, [path.name for path in hit.burst]) for hit in hits]

    collapsed = found("red type:jpg")
    assert [len(burst) for _, burst in collapsed] == [2, 0]
    assert {name for name, _ in collapsed} >= {"b3.jpg"}
    assert [burst for _, burst in found("red type:jpg", bursts=False)] == [[], [], [], []]
    assert len(found("type:jpg")) == 4  # a list of files is one
    # As many as were asked for, all the same, on every page.
    assert len(found("red", 2)) == 2
    everything = [hit.path for hit in searcher.search(parse_query("red"), 20).hits]
    pages = [searcher.search(parse_query("red"), 2, offset=o).hits for o in (0, 2, 4, 6)]
    assert [hit.path for page in pages for hit in page] == everything
    assert len(everything) == 7

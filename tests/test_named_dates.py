"""Dates of which no photo is, offered as the names of folders and files."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from app.query.named_dates import called_so
from app.query.parser import parse_query, parse_text
from app.query.surroundings import Surroundings
from app.query.understanding import understood
from conftest import Index, draw
from store.filters import PhotoFilter
from store.library import Library

NOW = datetime(2026, 11, 26, 14, 30)


@pytest.fixture
def album(index: Index, tmp_path: Path) -> None:
    """Photos of now in folders and files that are called as other years."""
    folder = tmp_path / "photos"
    for name in ("Trip 1917/a.png", "july 1916/b.png", "1915-07/c.png", "other/flood 1914.png"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        draw(folder / name, "red")
    index(folder)


@pytest.mark.usefixtures("album")
@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("1917", "in:*1917*"),
        ("in 1917", "in:*1917*"),
        ("beach, 1917", "beach, in:*1917*"),
        ("1917 -dog", "-dog in:*1917*"),
        ("1917\u5e74", "in:*1917*"),
        ("july 1916", "in:*july*1916*"),
        ("1916 july", "in:*july*1916*"),
        ("1915-07", "in:*1915*07*"),
        ("1914", "name:*1914*"),
        ("1917 in:nowhere", None),
        ("1912", None),
        ("july 1917", None),
        ("before 1917", None),
        ("not 1917", None),
        ("last summer", None),
        ('"1917"', None),
        ("year:1917", None),
        ("beach", None),
    ],
)
def test_what_is_called_so_is_offered(library: Library, text: str, other: str | None) -> None:
    model = library.model()
    assert model is not None

    def is_met(filter: PhotoFilter) -> bool:
        return len(library.matching(model, filter)) > 0

    parsed = understood(parse_text(text), Surroundings(now=NOW))
    assert called_so(parsed, is_met) == ([other] if other else [])
    if other:
        filter = parse_query(other).filter
        assert filter is not None and is_met(filter)

"""Words of titles and descriptions count like those of names."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from test_searcher import searcher

from app.query.parser import parse_query
from app.search.explain import explain
from app.search.searcher import Searcher
from conftest import Index
from store.library import Library

pytestmark = pytest.mark.one_python

__all__ = ["searcher"]  # the fixture


def titled(path: Path, title: str | None, description: str | None = None) -> Path:
    exif = Image.Exif()
    if title is not None:
        exif[0x9C9B] = f"{title}\0".encode("utf-16-le")  # XPTitle
    if description is not None:
        exif[0x010E] = description
    Image.new("RGB", (30, 20), (60, 60, 200 + len(path.name))).save(path, exif=exif)
    return path


def test_a_title_is_found(searcher: Searcher, photos: Path, index: Index) -> None:
    birthday = titled(photos / "a.jpg", "Grandma's red birthday")
    titled(photos / "bb.jpg", None, "red wine at a birthday of somebody")
    index()
    first, *others = searcher.search(parse_query("red birthday of grandmas"))
    assert first.path == birthday and first.names == {"title": ("red", "birthday", "grandmas")}
    assert first.relevance == "strong"  # its title has all of the words
    (described,) = [hit for hit in others if hit.path.name == "bb.jpg"]
    assert described.names == {"description": ("red", "birthday")}
    said = explain(searcher, birthday, parse_query("red birthday"))
    assert said.names == {"title": ("red", "birthday")} and said.name_share > 0


def test_a_title_that_is_the_query_comes_first(
    searcher: Searcher, photos: Path, index: Index
) -> None:
    titled(photos / "a.jpg", "A red house by the sea")
    whole = titled(photos / "bb.jpg", "Red House")
    index()
    assert searcher.search(parse_query("red house"), 1)[0].path == whole


def test_what_is_said_anew_counts_at_once(searcher: Searcher, photos: Path, index: Index) -> None:
    def having(word: str) -> int:
        hits = searcher.search(parse_query(f"red {word}"), 20)
        return sum(word in words for hit in hits for words in hit.names.values())

    assert having("harbour") == 0
    changed = titled(photos / "a.jpg", "The old harbour", "with an anchor")
    index()
    assert having("harbour") == having("anchor") == 1
    titled(changed, "A ship at another place", "no more")
    index()
    assert having("harbour") == having("anchor") == 0 and having("ship") == 1


def test_a_frequent_word_counts_beside_a_rarer_one(
    library: Library, photos: Path, index: Index
) -> None:
    for number in range(6):
        titled(photos / f"{'x' * (number + 1)}.jpg", f"holiday {'lake' if number < 2 else ''}")
    index(photos)
    holiday, lake = library.named([("holiday",), ("lake",)], [], 3).words
    assert holiday.frequent and len(lake.title) == 2
    assert holiday.title.tolist() == lake.title.tolist()

"""One ranking for all that shows results: what clearly matches, whatever the limit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from test_searcher import searcher

from app.query.parser import parse_query
from app.search import hits, ranked, ranking, relevance
from app.search.searcher import Searcher
from conftest import Index
from fakes import COLOURS
from store.vectors import Ids

pytestmark = pytest.mark.one_python

__all__ = ["searcher"]  # the fixture
QUERIES = ["red", "red -blue", "red + green", "-red", "red in:sub", "like:3", "like:3 -blue"]


@pytest.fixture
def many(
    photos: Path, index: Index, searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> Searcher:
    """120 photos between the colours, some of which match any of the queries."""
    monkeypatch.setattr(relevance, "FAIR", 1.0)
    for kind in relevance.SCALES:
        monkeypatch.setitem(relevance.SCALES, kind, (1.0, 0.0))
    chance = np.random.default_rng(0)
    colours = np.array(list(COLOURS.values()))
    for number in range(120):
        share = chance.dirichlet(np.full(len(colours), 0.4))
        colour = tuple(int(part) for part in share @ colours)
        picture = Image.new("RGB", (20, 20 + number), colour)
        picture.save(photos / ("sub" if number % 3 else "") / f"{number}.png")
    index()
    return searcher


def clear_ones(searcher: Searcher, text: str) -> list[int]:
    """By looking at every photo."""
    every = searcher.search(parse_query(text), 1000, bursts=False).hits
    return [hit.id for hit in every if hit.clear]


@pytest.mark.parametrize("text", QUERIES)
def test_all_that_clearly_match_are_there_however_few_are_listed(
    many: Searcher, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    expected = clear_ones(many, text)
    assert len(expected) > 3
    for least in (1, 2, 50):
        monkeypatch.setattr(ranked, "LEAST", least)
        assert sorted(many.ranked(parse_query(text)).matching) == sorted(expected)
        assert sorted(many.chosen(parse_query(text))) == sorted(expected)


def test_a_photo_that_surely_shows_it_matches_wherever_it_is_ranked(
    many: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = many.search(parse_query("red"), 1000, bursts=False).hits[-1].id
    outside = many.search(parse_query("red -in:sub"), 1000, bursts=False).hits[-1].id
    sure = np.array([last, outside])
    monkeypatch.setattr("app.search.query_rankings.surely_shown", lambda *_: sure)
    monkeypatch.setattr(ranked, "LEAST", 2)
    assert {last, outside} <= set(many.ranked(parse_query("red")).matching.tolist())
    inside = many.ranked(parse_query("red -in:sub")).matching.tolist()
    assert outside in inside and (last == outside or last not in inside)


def test_what_negatives_do_does_not_depend_on_the_limit(
    many: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "_BLOCK", 7)
    query = parse_query("red -blue")
    whole = [hit.id for hit in many.search(query, 1000).hits]
    for limit in (1, 6, 7, 8, 50):
        assert [hit.id for hit in many.search(query, limit).hits] == whole[:limit]
    assert many.ranked(query).ids.tolist() == whole


def test_choosing_photos_looks_up_none_of_them(
    many: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> Any:
        raise AssertionError("a photo was looked up")

    monkeypatch.setattr(type(many.library), "photos_of", refuse)
    monkeypatch.setattr(hits, "hits_of", refuse)
    assert len(many.chosen(parse_query("red"))) > 3


def test_filters_alone_list_all_that_meet_them(many: Searcher) -> None:
    listed = many.ranked(parse_query("in:sub"))
    ids: Ids = many.matching(parse_query("in:sub").filter)
    assert listed.ids.tolist() == listed.matching.tolist() == ids.tolist()
    assert np.isnan(listed.strengths).all() and listed.clear.all() and not listed.bursts
    assert len(many.ranked(parse_query("in:sub"), 3)) == 3

"""An OR between words: a photo is as good as its best alternative says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from test_searcher import searcher

from app.query.parser import parse_query
from app.search.any_ranking import AnyRanking
from app.search.explain import explain
from app.search.relevance import STRONG, clearly_match
from app.search.searcher import Searcher
from conftest import Index
from fakes import ColourEncoder
from store.library import Library

pytestmark = pytest.mark.one_python

__all__ = ["searcher"]  # the fixture


@pytest.fixture
def many(searcher: Searcher, photos: Path, index: Index) -> Searcher:
    """120 photos of all colours beside the five, under names that say nothing."""
    chance = np.random.default_rng(4)
    for number in range(120):
        colour = tuple(int(part) for part in chance.integers(0, 256, 3))
        folder = photos / ("sub", "other")[number % 2]
        folder.mkdir(exist_ok=True)
        Image.new("RGB", (20 + number % 3, 20), colour).save(folder / f"{number:03}.png")
    index()
    return searcher


def names(searcher: Searcher, text: str, limit: int = 200) -> list[str]:
    return [hit.path.name for hit in searcher.search(parse_query(text), limit, bursts=False)]


def test_the_best_of_each(many: Searcher) -> None:
    ids = np.sort(many.index().ids())
    either = many.ranking(parse_query("red OR blue"))
    assert isinstance(either, AnyRanking)
    alone = [many.ranking(parse_query(text)).strengths(ids) for text in ("red", "blue")]
    np.testing.assert_array_equal(either.strengths(ids), np.maximum(*alone))
    assert set(names(many, "red OR blue", 2)) == {"red.png", "blue.png"}
    clear = set(many.chosen(parse_query("red OR blue")).tolist())
    parts = [set(many.chosen(parse_query(text)).tolist()) for text in ("red", "blue")]
    assert clear == parts[0] | parts[1] and min(map(len, parts)) > 3
    strengths = either.strengths(either.best_and_all_clear(10)[0])
    assert int(clearly_match(strengths).sum()) == len(clear)


def test_it_is_the_same_of_twice_the_same(many: Searcher) -> None:
    once, twice = (many.search(parse_query(text), 40) for text in ("red", "red OR red"))
    assert [hit.path for hit in once] == [hit.path for hit in twice]
    for one, other in zip(once, twice, strict=True):
        assert one.score == pytest.approx(other.score, abs=1e-5)
        assert one.strength == pytest.approx(other.strength, abs=1e-5)
        assert one.names == other.names


@pytest.mark.parametrize("text", ["red OR blue", "(red OR blue) + green", "red OR blue -green",
                                  "like:1 OR red", "(red in:sub) OR (blue in:other)"])  # fmt: skip
def test_the_first_do_not_depend_on_how_many_are_asked_for(many: Searcher, text: str) -> None:
    every = names(many, text)
    assert len(every) == len(set(every))
    for limit in (1, 7, 30):
        assert names(many, text, limit) == every[:limit]
    ids, scores = many.ranking(parse_query(text)).best(200)
    assert len(ids) == len(every) and (np.diff(scores) <= 0).all()


@pytest.mark.parametrize("text", ["red OR tag:sea", "red OR (blue in:nowhere)", "red OR blue"])
def test_no_photo_is_lost_between_pages(many: Searcher, text: str) -> None:
    many.library.user_data.add_tag([many.search(parse_query("green"), 1)[0].id], "sea")
    query = parse_query(text)
    every = names(many, text)
    for size in (1, 7):
        paged = [
            hit.path.name
            for start in range(0, len(every), size)
            for hit in many.search(query, size, offset=start, bursts=False)
        ]
        assert paged == every
    assert len(many.search(query, 0)) == 0


def test_alternatives_that_are_restricted(many: Searcher) -> None:
    query = parse_query("(red in:sub) OR (blue in:other)")
    hits = many.search(query, 200, bursts=False)
    assert {hit.path.parent.name for hit in hits} == {"sub", "other"}
    reds = [hit.path for hit in many.search(parse_query("red in:sub"), 5, bursts=False)]
    blues = [hit.path for hit in many.search(parse_query("blue in:other"), 5, bursts=False)]
    assert {*reds, *blues} <= {hit.path for hit in hits[:40]}
    assert names(many, "(red OR blue) in:nowhere") == []


def test_what_meets_a_filter_is_a_match(many: Searcher) -> None:
    green = many.search(parse_query("green"), 1)[0]
    many.library.user_data.add_tag([green.id], "sea")
    hits = many.search(parse_query("red OR tag:sea"), 200, bursts=False)
    (tagged,) = [hit for hit in hits if hit.id == green.id]
    assert tagged.strength == pytest.approx(STRONG) and tagged.relevance == "strong"
    assert hits[0].path.name == "red.png"
    assert hits.hits.index(tagged) < sum(hit.clear for hit in hits)


def test_what_is_shown_is_no_result(many: Searcher, photos: Path) -> None:
    (red,) = many.library.contents_at(photos / "red.png")
    (blue,) = many.library.contents_at(photos / "blue.png")
    listed = names(many, f"like:{red} OR like:{blue}")
    assert len(listed) == 123 and not {"red.png", "blue.png"} & set(listed)


@pytest.mark.parametrize("wanted", [1, 5, 40])
def test_what_is_shown_takes_no_place(many: Searcher, photos: Path, wanted: int) -> None:
    (red,) = many.library.contents_at(photos / "red.png")
    assert len(many.search(parse_query(f"like:{red} OR red"), wanted, bursts=False)) == wanted


def test_words_in_names_of_each(many: Searcher) -> None:
    hits = many.search(parse_query("red OR yellow"), 2)
    assert {hit.path.stem: hit.names for hit in hits} == {
        "red": {"name": ("red",)},
        "yellow": {"name": ("yellow",)},
    }


def test_why(many: Searcher, photos: Path) -> None:
    query = parse_query("(red OR (blue in:other)) -green width:..99")
    listed = [hit.path for hit in many.search(query, 200, bursts=False)]
    for path in (listed[0], listed[40], listed[-1]):
        said = explain(many, path, query)
        assert (said.rank, said.of) == (listed.index(path) + 1, 125)
    blue = explain(many, photos / "blue.png", parse_query("red OR blue"))
    assert blue.alternative == "blue" and [str(one.term) for one in blue.terms] == ["blue"]
    assert blue.plain()["alternative"] == "blue"
    restricted = explain(many, listed[40], parse_query("(red in:nowhere) OR (blue width:..99)"))
    assert [(one.reading, one.met) for one in restricted.filters] == [("width ..99", True)]
    assert explain(many, photos / "red.png", parse_query("red")).alternative is None


@pytest.mark.parametrize("text", ["red OR blue", "label:dog", "red OR label:dog"])
def test_in_a_library_without_a_photo_nothing_matches(
    library: Library, encoder: ColourEncoder, text: str
) -> None:
    with library.writing() as writer:
        model = writer.add_model(encoder.name, encoder.fingerprint, encoder.dim)
    assert Searcher(library, model, encoder).search(parse_query(text)).hits == []

from __future__ import annotations

from pathlib import Path

import pytest
from test_searcher import searcher

from app.query.parser import parse_query
from app.search.explain import explain
from app.search.searcher import Searcher
from store.errors import RootNotFound

__all__ = ["searcher"]  # the fixture


def test_terms_filters_and_rank(searcher: Searcher, photos: Path) -> None:
    explanation = explain(searcher, photos / "red.png", parse_query("red -green, width:32 in:sub"))
    red, green = explanation.terms
    assert red.cosine == pytest.approx(1, abs=1e-4)
    assert red.percentile == 80  # above 4 of 5
    assert green.term.negative
    assert red.share > 1
    assert green.share == 0
    (_, shown) = explain(searcher, photos / "sub" / "yellow.png", parse_query("red -green")).terms
    assert shown.share < 0
    assert green.percentile == 0
    assert [(f.reading, f.met) for f in explanation.filters] == [
        ("width 32", True),
        ("in sub", False),
    ]
    assert (explanation.rank, explanation.of, explanation.relevance) == (None, 2, None)


def test_the_rank_is_that_of_the_search(searcher: Searcher, photos: Path) -> None:
    query = parse_query("red without green")
    hits = searcher.search(query).hits
    for place, hit in enumerate(hits, 1):
        explanation = explain(searcher, hit.path, query)
        assert (explanation.rank, explanation.of, explanation.relevance) == (
            place,
            5,
            hit.relevance,
        )


def test_filters_alone_rank_nothing(searcher: Searcher, photos: Path) -> None:
    explanation = explain(searcher, photos / "red.png", parse_query("width:32"))
    assert (explanation.terms, explanation.rank, explanation.of, explanation.relevance) == (
        (),
        None,
        5,
        None,
    )
    assert explanation.filters[0].met


def test_what_is_not_a_photo_of_the_library(searcher: Searcher, photos: Path) -> None:
    with pytest.raises(RootNotFound, match="no photo at"):
        explain(searcher, photos / "none.png", parse_query("red"))
    with pytest.raises(RootNotFound, match="a folder"):
        explain(searcher, photos / "sub", parse_query("red"))

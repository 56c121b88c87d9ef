from __future__ import annotations

import numpy as np
import pytest
from test_searcher import searcher

from app.query.parser import parse_query
from app.search.relevance import FAIR, STRONG, Yardstick, relevance
from app.search.searcher import Searcher
from store.vectors import Vectors

__all__ = ["searcher"]  # the fixture


def unit(vectors: Vectors) -> Vectors:
    found: Vectors = (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)
    return found


def test_the_words() -> None:
    assert [relevance(s) for s in (STRONG + 1, STRONG, FAIR, FAIR - 0.01, -5)] == [
        *("strong", "strong", "fair", "weak", "weak")
    ]


def test_strength_by_hand() -> None:
    """In a library of enough photos: deviations of everyday words above the query's mean."""
    sample = np.zeros((400, 2), np.float32)
    sample[::2, 0], sample[1::2, 0] = 0.1, 0.3  # what the prompt scores: deviation 0.1
    sample[:, 1] = 0.2  # what the query scores: mean 0.2
    yardstick = Yardstick(sample, np.array([[1, 0]], np.float32))
    photos = np.array([[0, 0.7], [0, 0.2]], np.float32)
    query = np.array([0, 1], np.float32)
    strengths = yardstick.strengths(photos @ query, photos, query, of_words=True)
    np.testing.assert_allclose(strengths, [5, 0], atol=1e-4)


def test_a_small_library_is_measured_by_words() -> None:
    """One photo is no distribution: it stands out from what everyday words score on it."""
    photo = unit(np.array([[1, 0.2, 0.1]]))
    prompts = unit(np.array([[0, 1, 0], [0, 1, 0.5], [0.1, 1, 0]]))
    yardstick = Yardstick(photo, prompts)
    query, other = unit(np.array([1, 0, 0])), unit(np.array([0, 0.2, 1]))
    strong = yardstick.strengths(photo @ query, photo, query, of_words=True)[0]
    weak = yardstick.strengths(photo @ other, photo, other, of_words=True)[0]
    assert strong > STRONG > weak


def test_hits_say_how_well_they_match(searcher: Searcher) -> None:
    hits = searcher.search(parse_query("red")).hits
    assert [hit.relevance for hit in hits] == ["strong", "weak", "weak", "weak", "weak"]
    strengths = [hit.strength for hit in hits if hit.strength is not None]
    assert strengths == sorted(strengths, reverse=True)
    assert len(strengths) == 5


def test_what_should_not_be_seen_weakens_a_match(searcher: Searcher) -> None:
    def strength(text: str, name: str) -> float:
        hits = {hit.path.stem: hit.strength for hit in searcher.search(parse_query(text)).hits}
        found = hits[name]
        assert found is not None
        return found

    assert strength("red -green", "yellow") < strength("red", "yellow") - 1
    assert strength("red -green", "red") == pytest.approx(strength("red", "red"))


@pytest.mark.parametrize("text", ["year:1900..2100", "-red"])
def test_without_anything_to_look_for_there_is_no_relevance(searcher: Searcher, text: str) -> None:
    hits = searcher.search(parse_query(text)).hits
    assert len(hits) == 5
    assert {hit.relevance for hit in hits} == {None}

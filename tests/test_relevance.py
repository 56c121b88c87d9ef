from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from test_searcher import searcher

from app.labels.vocabulary import everyday
from app.query.parser import parse_query
from app.search import relevance as relevance_module
from app.search.relevance import (
    FAIR,
    SCALES,
    STRONG,
    Kind,
    Yardstick,
    clearly_match,
    encode_prompts,
    kind_of,
    levels,
    relevance,
)
from app.search.searcher import Searcher
from fakes import ColourEncoder
from store.values import ModelInfo
from store.vectors import Vectors

__all__ = ["searcher"]  # the fixture


def unit(vectors: Vectors) -> Vectors:
    unit: Vectors = (vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)).astype(np.float32)
    return unit


def test_the_words() -> None:
    assert [relevance(s) for s in (STRONG + 1, STRONG, FAIR, FAIR - 0.01, -5)] == [
        *("strong", "strong", "fair", "weak", "weak")
    ]


def test_levels_and_what_clearly_matches() -> None:
    strengths = np.array([STRONG, FAIR, FAIR - 0.01, np.nan], np.float32)
    assert levels(strengths).tolist() == [2, 1, 0, -1]
    assert clearly_match(strengths).tolist() == [True, True, False, True]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("dog", "word"),
        ("a photo of a dog", "word"),
        ("swimming pool", "word"),
        ("dog + dog", "word"),
        ("a man with a hat", "phrase"),
        ("a dog and a cat", "pair"),
        ("a dog and a cat -beach", "pair"),
        ("dog + cat and", "phrase"),
        ("a red car and a dog", "sentence"),
        ("dog + beach", "phrase"),
        ("someone holding a cup next to a car", "sentence"),
        ("dog -cat", "negated"),
        ("a man with a hat -dog", "phrase"),
        ("like:3", "picture"),
        ("dog + like:3", "picture"),
    ],
)
def test_the_kind_of_a_query(text: str, kind: Kind) -> None:
    assert kind_of(parse_query(text), everyday()) == kind


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("Hund", "de", "named"),
        ("ein Hund", "de", "named"),
        ("Hund -Katze", "de", "named"),
        ("ein Hund am Strand", "de", "translated"),
        ("狗", "zh", "named"),
        ("一只狗在沙滩上奔跑", "zh", "translated"),  # one word, by its spaces
        ("image:a.jpg + ein Hund am Strand", "de", "picture"),
    ],
)
def test_the_kind_of_a_query_in_another_language(text: str, language: str, kind: Kind) -> None:
    assert kind_of(parse_query(text), everyday(), lambda _: language) == kind


def test_pictures_that_are_the_same_match_strongly_in_any_library(searcher: Searcher) -> None:
    """Even where all photos are alike, and none stands out."""
    ranking = searcher.ranking(parse_query("like:3"))
    own = np.array([3], np.int64)
    assert ranking.strengths(own)[0] >= STRONG
    assert 3 not in ranking.best(10)[0]


def test_below_the_least_clear_cosine_nothing_matches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relevance_module, "FAIR", 1.0)
    chance = np.random.default_rng(0)
    sample, prompts = (
        unit(chance.normal(size=(count, 8)).astype(np.float32)) for count in (200, 5)
    )
    yardstick = Yardstick(sample, prompts)
    query = sample[0]
    for kind in SCALES:
        monkeypatch.setitem(SCALES, kind, (0.9, 0.1))
        strengths = yardstick.strengths(
            sample @ query, sample, query, kind, np.zeros(200, np.float32)
        )
        least = yardstick.least_clear(query, kind)
        assert (sample @ query)[clearly_match(strengths)].min() >= least
        assert (sample @ query)[~clearly_match(strengths)].max() < least + 2e-4


def test_strength_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a library of enough photos: deviations of everyday words above the query's mean."""
    sample = np.zeros((400, 2), np.float32)
    sample[::2, 0], sample[1::2, 0] = 0.1, 0.3  # what the prompt scores: deviation 0.1
    sample[:, 1] = 0.2  # what the query scores: mean 0.2
    yardstick = Yardstick(sample, np.array([[1, 0]], np.float32))
    photos = np.array([[0, 0.7], [0, 0.2]], np.float32)
    query = np.array([0, 1], np.float32)
    monkeypatch.setitem(SCALES, "word", (2.0, 1.0))
    strengths = yardstick.strengths(photos @ query, photos, query, "word", np.zeros(2, np.float32))
    np.testing.assert_allclose(strengths, [11, 1], atol=1e-4)


def test_a_small_library_is_measured_by_words() -> None:
    """One photo is no distribution: it stands out from what everyday words score on it."""
    photo = unit(np.array([[1, 0.2, 0.1]]))
    prompts = unit(np.array([[0, 1, 0], [0, 1, 0.5], [0.1, 1, 0]]))
    yardstick = Yardstick(photo, prompts)
    query, other = unit(np.array([1, 0, 0])), unit(np.array([0, 0.2, 1]))
    strong = yardstick.strengths(photo @ query, photo, query, "word", np.zeros(1, np.float32))[0]
    weak = yardstick.strengths(photo @ other, photo, other, "word", np.zeros(1, np.float32))[0]
    assert strong > STRONG > weak


def test_hits_say_how_well_they_match(searcher: Searcher) -> None:
    hits = searcher.search(parse_query("red")).hits
    assert [hit.relevance for hit in hits] == ["strong", "weak", "weak", "weak", "weak"]
    strengths = [hit.strength for hit in hits if hit.strength is not None]
    assert strengths == sorted(strengths, reverse=True)
    assert len(strengths) == 5


def test_what_should_not_be_seen_weakens_a_match(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SCALES, "negated", SCALES["word"])

    def strength(text: str, name: str) -> float:
        hits = {hit.path.stem: hit.strength for hit in searcher.search(parse_query(text)).hits}
        relevance = hits[name]
        assert relevance is not None
        return relevance

    assert strength("red -green", "yellow") < strength("red", "yellow") - 1
    assert strength("red -green", "red") == pytest.approx(strength("red", "red"))


@pytest.mark.parametrize("text", ["year:1900..2100", "-red"])
def test_without_anything_to_look_for_there_is_no_relevance(searcher: Searcher, text: str) -> None:
    hits = searcher.search(parse_query(text)).hits
    assert len(hits) == 5
    assert {hit.relevance for hit in hits} == {None}


def test_what_everyday_words_say_is_encoded_once_for_a_model(tmp_path: Path) -> None:
    model = ModelInfo(1, "colours", "f" * 64, 3)
    encoder = CountingEncoder("colours")
    first = encode_prompts(encoder, model, tmp_path)
    assert (encode_prompts(encoder, model, tmp_path) == first).all()
    assert encoder.calls == 1
    (file,) = (tmp_path / "vocabulary").iterdir()
    file.write_bytes(file.read_bytes()[:-40])
    assert (encode_prompts(encoder, model, tmp_path) == first).all()
    assert encoder.calls == 2


class CountingEncoder(ColourEncoder):
    calls = 0

    def encode_texts(self, texts: Sequence[str]) -> Vectors:
        self.calls += 1
        return super().encode_texts(texts)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 101])
def test_the_median_is_that_of_numpy(count: int) -> None:
    values = np.random.default_rng(count).normal(size=count).astype(np.float32)
    assert relevance_module._median(values) == float(np.median(values))

"""Photos that are near to every text lose some of their scores for words, and nothing else does."""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Event
from threading import enumerate as enumerate_threads

import numpy as np
import pytest
from test_ranked import many
from test_searcher import searcher

from app.query.parser import parse_query
from app.search import library_hubs, ranking
from app.search.hub_texts import bank, sentences
from app.search.hubs import WEIGHT, HubMeter, Hubs, KnownHubs, MetHubs
from app.search.library_hubs import LibraryHubs
from app.search.ranking import Ranking
from app.search.searcher import Searcher
from conftest import Index, index_into
from fakes import ColourEncoder
from store.errors import ModelUnavailable
from store.files import hub_files
from store.server_library import ServerLibrary
from store.vectors import Ids, Vectors

pytestmark = pytest.mark.one_python

__all__ = ["many", "searcher"]  # the fixtures
QUERIES = ["red", "red + green", "red -blue", "white in:sub"]


def unit(rows: list[list[float]]) -> Vectors:
    vectors = np.array(rows, np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)  # type: ignore[no-any-return]


def hubs(searcher: Searcher) -> Hubs:
    searcher.ranking(parse_query("red"))
    return searcher._hubs.all(searcher._index.now())


def file_of(searcher: Searcher) -> Path:
    return hub_files.path(searcher.library.folder, searcher.model)


def test_the_number_by_hand() -> None:
    texts = unit([[1, 0], [0, 1]])
    photos = unit([[1, 0], [1, 1]])
    ends = np.log((np.exp(10) + 1) / 2) / 10
    middle = np.sqrt(0.5)
    np.testing.assert_allclose(
        HubMeter(texts, 10.0)(photos), WEIGHT * np.array([ends, middle]), 1e-5
    )


def test_a_large_scale_is_no_overflow() -> None:
    numbers = HubMeter(unit([[1, 0]]), 1000.0)(unit([[1, 0]]))
    np.testing.assert_allclose(numbers, [WEIGHT], 1e-5)


def test_the_bank_is_of_many_different_texts() -> None:
    assert 350 < len(sentences()) < 500
    assert "swimming pool" in bank().names
    assert len(set(bank().names)) == len(bank().names)
    assert all(text[0].islower() and "  " not in text for text in sentences())


@pytest.mark.parametrize("kind", ["known", "met"])
def test_numbers_of_any_photos_and_the_usual_one_loses_nothing(kind: str) -> None:
    asked: list[int] = []

    def measured(ids: Ids) -> Vectors:
        asked.extend(ids.tolist())
        return (ids / 10).astype(np.float32)

    ids = np.array([1, 3, 5], np.int64)
    numbers = (ids / 10).astype(np.float32)
    made: Hubs
    if kind == "known":
        made = KnownHubs(ids, numbers, measured, ids[:2])
        usual = 0.2
    else:
        made = MetHubs(ids, numbers, measured)
        usual = 0.3
    wanted = np.array([5, 4, 1, 9], np.int64)
    for _ in range(2):
        np.testing.assert_allclose(made.of(wanted), wanted / 10 - usual, atol=1e-6)
    assert set(asked) == {4, 9}
    assert made.sample.mean() == pytest.approx(0, abs=1e-6)
    assert len(made.of(ids[:0])) == 0


@pytest.mark.parametrize("text", QUERIES)
def test_the_order_is_that_of_looking_at_every_photo(
    many: Searcher, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setattr(ranking, "_SPARE", 100)  # the library has 125 photos
    every = many.ranking(parse_query(text)).best(1000)
    few = many.ranking(parse_query(text)).best(5)
    np.testing.assert_array_equal(few[0][:5], every[0][:5])
    np.testing.assert_allclose(few[1][:5], every[1][:5], atol=1e-6)


def test_the_score_is_the_cosine_less_what_hubs_lose(many: Searcher) -> None:
    query = parse_query("red")
    made = many.ranking(query)
    assert isinstance(made, Ranking)
    ids, scores = made.best(1000)
    assert made.positive is not None
    cosines = made.index.vectors(ids) @ made.positive
    plain = ~np.isin(ids, made.names.ids if made.names else [])  # a name adds to the score
    assert plain.sum() > 100
    lessened = cosines - hubs(many).of(ids)
    np.testing.assert_allclose(scores[plain], lessened[plain], atol=1e-5)
    assert not np.array_equal(np.argsort(-cosines, kind="stable"), np.arange(len(ids)))
    for place in (0, 7, 124):
        assert made.count_before(int(ids[place])) == int((scores > scores[place]).sum())


@pytest.mark.parametrize("text", ["like:3", "-red", "year:1990..2100"])
def test_pictures_lose_nothing(many: Searcher, text: str) -> None:
    made = many.ranking(parse_query(text))
    assert isinstance(made, Ranking)
    ids, scores = made.best(10)
    if made.positive is not None:
        cosines = made.index.vectors(ids) @ made.positive
        np.testing.assert_allclose(scores, cosines, atol=1e-6)
    assert not made._adjust.needs_spare


def test_the_file_is_kept_in_step(
    searcher: Searcher, photos: Path, index: Index, encoder: ColourEncoder
) -> None:
    hubs(searcher)
    first = file_of(searcher).read_bytes()
    again = Searcher(searcher.library, searcher.model, encoder)
    hubs(again)
    assert file_of(searcher).read_bytes() == first
    (photos / "red.png").rename(photos / "sub" / "red.png")
    from PIL import Image

    Image.new("RGB", (30, 30), "purple").save(photos / "purple.png")
    index()
    hubs(searcher)
    version = searcher._hubs._version
    saved = hub_files.load(file_of(searcher), version)
    assert saved is not None
    np.testing.assert_array_equal(saved[0], np.sort(searcher.index().ids()))
    np.testing.assert_allclose(saved[1], searcher._hubs.meter(searcher.index().vectors(saved[0])))


@pytest.mark.parametrize("damage", ["cut", "changed", "other", "gone"])
def test_a_damaged_file_is_made_anew(
    searcher: Searcher, encoder: ColourEncoder, damage: str
) -> None:
    expected = searcher.search(parse_query("red"))
    path = file_of(searcher)
    whole = path.read_bytes()
    if damage == "cut":
        path.write_bytes(whole[:-30])
    elif damage == "changed":
        place = len(whole) // 2
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
    elif damage == "other":
        hub_files.save(path, "other", np.arange(5), np.ones(5, np.float32))
    else:
        path.unlink()
    again = Searcher(searcher.library, searcher.model, encoder)
    assert [hit.score for hit in again.search(parse_query("red")).hits] == [
        hit.score for hit in expected.hits
    ]
    assert path.read_bytes() == whole


def test_without_the_model_nothing_is_taken_off(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> Vectors:
        raise ModelUnavailable("gone")

    monkeypatch.setattr(ColourEncoder, "encode_texts", gone)
    assert searcher._hubs.soon(searcher._index.now()) is None
    assert len(searcher.search(parse_query("like:3")).hits) == 4


def test_many_are_measured_in_the_background(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(library_hubs, "AT_ONCE", 2)
    with caplog.at_level(logging.ERROR):
        now = searcher._index.now()
        assert searcher._hubs.soon(now) is None
        assert searcher._hubs.all(now) is not None  # waits for the one that was begun
        assert searcher._hubs.soon(now) is not None
    assert not caplog.records


def test_what_goes_on_in_the_background_has_ended_once_a_searcher_is_closed(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that ended beside it was aborted."""
    monkeypatch.setattr(library_hubs, "AT_ONCE", 2)
    monkeypatch.setattr(library_hubs, "_READ", 1)
    parts, begun = list[Vectors](), Event()
    measure = HubMeter.__call__

    def slow(meter: HubMeter, vectors: Vectors) -> Vectors:
        parts.append(vectors)
        begun.set()
        assert searcher._hubs._closed.wait(60)
        return measure(meter, vectors)

    monkeypatch.setattr(HubMeter, "__call__", slow)
    others = set(enumerate_threads())
    assert searcher._hubs.soon(searcher._index.now()) is None
    assert begun.wait(60)
    searcher.close()
    assert len(parts) == 1 and set(enumerate_threads()) <= others


def test_on_a_server_scores_are_the_same_and_the_sample_is_measured_once(
    searcher: Searcher,
    server_library: ServerLibrary,
    photos: Path,
    encoder: ColourEncoder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index_into(server_library, encoder, photos)
    model = server_library.model()
    assert model
    for text in QUERIES:
        query = parse_query(text)
        there = Searcher(server_library, model, encoder).search(query).hits
        here = searcher.search(query).hits
        assert [hit.path for hit in there] == [hit.path for hit in here]
        np.testing.assert_allclose(
            [(hit.score, hit.strength or 0) for hit in there],
            [(hit.score, hit.strength or 0) for hit in here],
            atol=1e-4,
        )
    again = Searcher(server_library, model, encoder)
    monkeypatch.setattr(LibraryHubs, "_measured", lambda *_: pytest.fail("measured again"))
    assert len(again.search(parse_query("red")).hits) == 5
    made = again.ranking(parse_query("red"))
    assert isinstance(made, Ranking)
    ids, scores = made.best(10)
    assert made.count_before(int(ids[0])) == 0
    assert made.count_before(int(ids[-1])) in range(len(scores))

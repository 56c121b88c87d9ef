"""How much of an approximate index a search looks at, on vectors of models that differ."""

from __future__ import annotations

import numpy as np
import pytest
from test_vectors import unit

from benchmarks.bench_vectors import mixed
from benchmarks.samples import sample_library, starter_vectors
from indexer.probe_texts import PROBE_TEXTS
from store.index.effort import Effort
from store.index.faiss_index import FaissIndex
from store.index.vector_rows import VectorRows
from store.vectors import Ids, Vectors

pytestmark = pytest.mark.one_python

COUNT = 20_000
WANTED = 10


@pytest.fixture(scope="module")
def embeddings(tmp_path_factory: pytest.TempPathFactory) -> tuple[Vectors, Vectors]:
    """The starter's of real photos and of texts that no effort was measured with."""
    return sample_library(None, tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="module")
def probes() -> Vectors:
    return starter_vectors(PROBE_TEXTS)


@pytest.fixture(scope="module")
def vectors(embeddings: tuple[Vectors, Vectors]) -> Vectors:
    photos, _ = embeddings
    return np.concatenate(list(mixed(photos, COUNT, width=photos.shape[1])))


@pytest.fixture(scope="module")
def measured(vectors: Vectors, probes: Vectors) -> FaissIndex:
    """An index of these, which tests only search."""
    index = trained(vectors)
    index.measure(probes)
    return index


def projected(vectors: Vectors, dim: int) -> Vectors:
    """What a model with ``dim`` numbers might give: angles are only roughly kept."""
    random = np.random.default_rng(dim).standard_normal((vectors.shape[1], dim))
    projected = vectors @ random.astype(np.float32)
    unit: Vectors = projected / np.linalg.norm(projected, axis=1, keepdims=True)
    return unit


def trained(vectors: Vectors) -> FaissIndex:
    index = FaissIndex(VectorRows(vectors.shape[1]), exact_up_to=1_000)
    index.add(np.arange(len(vectors)), vectors)
    index.train()
    return index


def nearest(vectors: Vectors, queries: Vectors) -> Ids:
    """The rows (q, ``WANTED``) that are nearest to each query, in any order; by looking at all."""
    return np.argpartition(-(queries @ vectors.T), WANTED, axis=1)[:, :WANTED]


def recall(index: FaissIndex, vectors: Vectors, queries: Vectors) -> float:
    shares = [
        np.isin(index.search(query, WANTED)[0], best).mean()
        for query, best in zip(queries, nearest(vectors, queries), strict=True)
    ]
    return float(np.mean(shares))


def worst(index: FaissIndex, vectors: Vectors, texts: Vectors) -> float:
    """The recall of the worse kind of query: texts and pictures that nothing was measured with."""
    pictures = vectors[np.random.default_rng(5).choice(COUNT, 100, replace=False)]
    return min(recall(index, vectors, texts), recall(index, vectors, pictures))


def test_recall_holds_for_any_model(
    embeddings: tuple[Vectors, Vectors], vectors: Vectors, measured: FaissIndex, probes: Vectors
) -> None:
    _, queries = embeddings
    assert worst(measured, vectors, queries) >= 0.99
    of_starter = measured.effort
    with_that = []
    for dim in (64, 24):
        other, others = projected(vectors, dim), projected(queries, dim)
        index = trained(other)
        index.effort = of_starter
        with_that.append(worst(index, other, others))
        index.measure(projected(probes, dim))
        assert worst(index, other, others) >= 0.99
    assert min(with_that) < 0.99  # what is enough for one is not for another


def test_pictures_alone_are_enough_for_texts_too(
    embeddings: tuple[Vectors, Vectors], vectors: Vectors
) -> None:
    """As after a copy, where the model is not at hand."""
    index = trained(vectors)
    index.measure(None)
    assert not index.effort.by_texts
    assert worst(index, vectors, embeddings[1]) >= 0.99


@pytest.mark.parametrize("share", [0.9, 0.5, 0.12])
def test_filters_keep_the_recall(
    share: float, embeddings: tuple[Vectors, Vectors], vectors: Vectors, measured: FaissIndex
) -> None:
    _, queries = embeddings
    allowed = np.flatnonzero(np.random.default_rng(7).random(COUNT) < share)
    shares = []
    for query, best in zip(queries, allowed[nearest(vectors[allowed], queries)], strict=True):
        ids, _ = measured.search(query, WANTED, allowed)
        assert len(ids) == WANTED
        assert np.isin(ids, allowed).all()
        shares.append(np.isin(ids, best).mean())
    assert np.mean(shares) >= 0.99


def test_a_filter_far_from_what_is_searched_for_still_gives_what_there_is() -> None:
    """What it keeps is in no list that is read: then all of it is looked at."""
    vectors = unit(6_000)
    vectors[3_000:] = -vectors[:3_000] + 0.01 * unit(3_000, seed=1)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    index = trained(vectors)
    index.effort = Effort(lists=(1, 1, 1, 1))
    query = vectors[0]
    far = np.argsort(vectors @ query)[:2_500]
    ids, _ = index.search(query, WANTED, np.sort(far))
    assert ids.tolist() == far[np.argsort(-(vectors[far] @ query))][:WANTED].tolist()


def test_it_is_measured_again_when_the_index_has_doubled() -> None:
    index = trained(unit(2_000))
    assert index.needs_measuring()
    index.measure(None)
    assert not index.needs_measuring()
    assert not index.effort.by_texts
    index.add(np.arange(2_000, 3_999), unit(1_999, seed=1))
    assert not index.needs_measuring()
    index.add(np.array([3_999]), unit(1, seed=2))
    assert index.needs_measuring()


def test_between_what_was_measured_the_curve_decides() -> None:
    effort = Effort((10, 20, 40, 80), candidates=100, each=2.5)
    assert [effort.lists_for(depth) for depth in (1, 10, 30, 100, 300)] == [10, 10, 20, 40, 80]
    assert effort.lists_for(50) in range(21, 40)
    assert effort.lists_for(900) == 160  # as from 100 to 300: twice as many for three times
    assert [effort.candidates_for(results) for results in (1, 10, 11, 110)] == [100, 100, 103, 350]

"""Which reader gets which text of a query, and what is told about it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from app.languages import query_texts
from app.languages.asked import Asked
from app.languages.query_texts import QueryTexts
from fakes import ColourEncoder
from indexer.languages.head import Head
from indexer.languages.sentences import SentenceVectors
from store.errors import EngineUnavailable
from store.values import ModelInfo
from store.vectors import Vectors

BLUE = np.array([0, 0, 1], np.float32)


class Sentences(SentenceVectors):
    """Every text is blue."""

    def vectors(self, texts: Sequence[str]) -> Vectors:
        return np.tile(BLUE, (len(texts), 1))


class Broken(SentenceVectors):
    def vectors(self, texts: Sequence[str]) -> Vectors:
        raise EngineUnavailable("It is broken. Mend it.")


def head(_fingerprint: str) -> Head:
    """Three numbers in, the same out."""
    eye, none = np.eye(3, dtype=np.float32), np.zeros(3, np.float32)
    return Head("1", 0.5, none, none + 1, eye, 0 * eye, none, 0 * eye, none)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_texts, "why_unavailable", lambda: None)


def texts_of(sentences: SentenceVectors, name: str = "starter") -> QueryTexts:
    model = ModelInfo(1, name, "1", 3)
    return QueryTexts(model, ColourEncoder(), sentences, head)


def test_other_languages_go_by_the_head_and_english_by_both(installed: None) -> None:
    texts = texts_of(Sentences())
    own = ColourEncoder().encode_texts(["red"])[0]
    german, english = texts.vectors(["ein Hund im Schnee", "red"])
    np.testing.assert_allclose(german, BLUE, atol=1e-6)
    np.testing.assert_allclose(english, (own + BLUE) / np.linalg.norm(own + BLUE), atol=1e-6)
    assert texts.notes(["ein Hund im Schnee", "red"]) == ["Searching in German"]
    assert texts.notes(["red"]) == []


def test_who_names_the_language_is_believed(installed: None) -> None:
    texts = texts_of(Sentences())
    np.testing.assert_allclose(texts.vectors(["red"], Asked("de"))[0], BLUE, atol=1e-6)
    assert texts.notes(["red"], Asked("de")) == ["Searching in German"]
    assert texts.notes(["chat"], Asked(hint="fr")) == ["Searching in French"]


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_texts, "why_unavailable", lambda: "Install it.")
    texts = texts_of(Sentences())
    own = ColourEncoder().encode_texts(["red"])
    np.testing.assert_array_equal(texts.vectors(["red"], Asked("de")), own)
    note = texts.unread("ein Hund im Schnee")
    assert note == "This reads as German, and the model reads English only. Install it."
    assert not texts.reads_others


def test_what_breaks_is_told_and_the_search_goes_on(installed: None) -> None:
    texts = texts_of(Broken())
    own = ColourEncoder().encode_texts(["red"])
    np.testing.assert_array_equal(texts.vectors(["red"], Asked("de")), own)
    assert texts.notes(["red"], Asked("de"))[0].endswith("It is broken. Mend it.")


def test_a_multilingual_model_reads_by_itself(installed: None) -> None:
    texts = texts_of(Broken(), "xlm-roberta-base-ViT-B-32/laion5b_s13b_b90k")
    own = ColourEncoder().encode_texts(["red"])
    np.testing.assert_array_equal(texts.vectors(["red"], Asked("de")), own)
    assert texts.notes(["ein Hund im Schnee"]) == []


def test_another_model_says_which_ones_read_more(installed: None) -> None:
    texts = QueryTexts(ModelInfo(1, "ViT-B-32", "2", 3), ColourEncoder(), Broken(), lambda _f: None)
    note = texts.unread("ein Hund im Schnee")
    assert "xlm-roberta-base-ViT-B-32" in note


def test_who_asks_while_another_thread_encodes_ahead_waits(installed: None) -> None:
    texts = texts_of(Sentences())
    with ThreadPoolExecutor(1) as pool:
        with texts.others_wait():
            asked = pool.submit(texts.vectors, ["red"])
            with pytest.raises(TimeoutError):
                asked.result(0.1)
            ahead = texts.vectors(["red"])
        np.testing.assert_array_equal(asked.result(), ahead)


def test_the_head_reads_longer_texts_than_the_tower(installed: None) -> None:
    texts = texts_of(Sentences())
    german = "ein Hund im Schnee und noch einer " * 5
    assert not texts.truncates(german) and texts.truncates(german * 10)
    assert texts.truncates("a dog on a beach and another dog " * 5)

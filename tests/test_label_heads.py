"""What was learnt of labels: its arithmetic, its file, and how a labeller takes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.labels.label_heads import FILE, LabelHeads, bundled, read, save
from app.labels.labeller import SURE, Labeller, calibration
from app.labels.vocabulary import read as read_vocabulary
from benchmarks.said import confirmed
from indexer.encoders import models
from store.values import ModelInfo
from training.label_heads import thresholds

COLOURS = read_vocabulary(
    "[colours]\nred, green, colour\n[actions]\npainting a wall\n", "colour = red, green\n"
)
EYE = np.eye(3, dtype=np.float32)


def heads(name: str, *weights: float, bias: float = 0) -> LabelHeads:
    rows = np.array([weights], np.float32)
    return LabelHeads("1", (name,), rows, np.full(1, bias, np.float32))


def test_confidences_are_the_logistic_function() -> None:
    sure = heads("red", 2, -1, 0, bias=0.5).confidences(EYE)
    np.testing.assert_allclose(sure, [1 / (1 + np.exp([-2.5, 0.5, -0.5]))], rtol=1e-6)


def test_the_file(tmp_path: Path) -> None:
    path = tmp_path / "heads.npz"
    save(heads("red", 0.5, 1, 2, bias=0.1), path)
    again = read(path)
    assert (again.fingerprint, again.names) == ("1", ("red",))
    assert again.weights.tolist() == [[0.5, 1, 2]] and again.weights.dtype == np.float32
    assert again.version == heads("red", 0.5, 1, 2, bias=0.1).version
    assert again.version != heads("red", 0.5, 1, 2, bias=0.2).version
    assert again.version != heads("green", 0.5, 1, 2, bias=0.1).version


def test_the_surer_of_words_and_what_was_learnt_counts() -> None:
    words = np.concatenate([EYE, -EYE[:1]])
    alone = Labeller(COLOURS, words, 20.0)
    learnt = Labeller(COLOURS, words, 20.0, heads("green", 0, 0, 9, bias=-3))
    ids = np.arange(3, dtype=np.int64)
    before, after = alone.label(ids, EYE, ""), learnt.label(ids, EYE, "")
    assert [before.of(2)[0][0], len(before.of(2))] == [2, 1]
    assert sorted(n for n, _ in after.of(2)) == [1, 2]  # green too
    assert before.of(0) == after.of(0)


def test_what_is_done_is_no_label_but_what_it_shows_is() -> None:
    vocabulary = read_vocabulary(
        "[a]\ndog, cat\n[actions]\nwalking a dog\n", "dog = walking a dog\n"
    )
    labels = Labeller(vocabulary, EYE, 30.0).label(np.array([1], np.int64), EYE[2:], "")
    assert [vocabulary.names[number] for number, _ in labels.of(1)] == ["dog"]


def test_a_concept_that_the_vocabulary_lacks_is_passed_over() -> None:
    numbers, rows = heads("zebra", 1, 1, 1).of(COLOURS)
    assert len(numbers) == 0 and rows.confidences(EYE).shape == (0, 3)


def test_none_is_bundled_and_another_model_gets_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fingerprint = models.folder_fingerprint(models.parse("starter"))
    assert fingerprint is not None and bundled(fingerprint) is None
    starter = ModelInfo(1, "starter", fingerprint, 256)
    another = ModelInfo(2, "another", "another", 256)
    by_words = calibration(starter)
    learnt = replace(heads("dog", *[0] * 256), fingerprint=fingerprint)
    save(learnt, tmp_path / FILE)
    monkeypatch.setattr("app.labels.label_heads.files", lambda _package: tmp_path)
    bundled.cache_clear()
    try:
        assert bundled("another") is None and bundled(fingerprint) is not None
        assert calibration(starter) != by_words  # so that all photos get new labels
        assert learnt.version not in calibration(another)
    finally:
        bundled.cache_clear()


def test_what_captions_confirm() -> None:
    vocabulary = read_vocabulary(
        "[a]\nanimal, dog, bicycle, swimming pool, orange\n", "animal = dog\n"
    )
    shown = confirmed(
        vocabulary,
        [
            ["Two dogs run."],
            ["A biker on a hill", "a blue sky"],
            ["pools of mud", "a swimming dog"],
            ["an orange shirt"],
        ],
    )
    names = [
        {name for name, one in zip(vocabulary.names, row, strict=True) if one} for row in shown
    ]
    assert names == [{"animal", "dog"}, {"bicycle"}, {"animal", "dog", "swimming pool"}, set()]


def test_a_threshold_is_where_enough_is_right() -> None:
    logits = np.linspace(3, -3, 100, dtype=np.float32)[:, None].repeat(2, axis=1)
    shown = np.zeros((100, 2), np.bool_)
    shown[:50, 0] = True
    least = thresholds(logits, shown)
    assert logits[49, 0] >= least[0] > logits[54, 0]
    assert np.isinf(least[1])


@pytest.mark.parametrize("sure", [SURE, 0.9])
def test_confidence_is_a_probability(sure: float) -> None:
    bias = float(np.log(sure / (1 - sure)))
    assert heads("red", 0, 0, 0, bias=bias).confidences(EYE)[0] == pytest.approx([sure] * 3)

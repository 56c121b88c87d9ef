"""Labels by words and examples: on colours, which can be checked by hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from app.labels.few_shot import FewShotClassifier, fitted
from app.labels.zero_shot import ZeroShotClassifier
from conftest import Index, Run, draw
from fakes import ColourEncoder
from store.vectors import Vectors

PLAIN = ("{}",)


def classifier(encoder: ColourEncoder, examples: list[str], of: list[int]) -> FewShotClassifier:
    vectors = encoder.encode_texts(examples) if examples else np.zeros((0, 3), np.float32)
    return FewShotClassifier(encoder.encode_texts, 20.0, ["red", "blue"], PLAIN, vectors, of)


def test_without_examples_words_decide(encoder: ColourEncoder) -> None:
    words = ZeroShotClassifier(encoder.encode_texts, 20.0, ["red", "blue"], PLAIN)
    assert np.array_equal(classifier(encoder, [], []).weights, words.weights)


def test_examples_teach_what_words_do_not_say(encoder: ColourEncoder) -> None:
    """Here green is called blue, and yellow red."""
    asked = encoder.encode_texts(["green", "yellow", "blue", "red"])
    made = classifier(encoder, ["green"] * 4 + ["yellow"] * 4, [1] * 4 + [0] * 4)
    labels = [(asked @ made.weights.T).argmax(axis=1)[n] for n in range(4)]
    assert labels == [1, 0, 1, 0]


def test_the_sum_is_at_its_least() -> None:
    """No small change of the rows makes it smaller."""
    chance = np.random.default_rng(0)

    def unit(count: int) -> Vectors:
        rows = chance.normal(size=(count, 6))
        unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return unit

    words, others, images = unit(3), unit(2), unit(9)
    of = np.arange(9) % 3
    rows = fitted(words, others, 10.0, images, of, 100.0)

    def total(candidate: np.ndarray) -> float:
        logits = 10.0 * images.astype(np.float64) @ np.concatenate([candidate, others]).T
        powers = np.exp(logits)
        chances = (powers / powers.sum(axis=1, keepdims=True))[np.arange(9), of]
        held = 100.0 * 3 / 9
        return float(-np.log(chances).mean() + held / 2 * ((candidate - words) ** 2).sum())

    least = total(rows.astype(np.float64))
    assert least < total(words.astype(np.float64))
    for _ in range(20):
        assert total(rows + 1e-2 * chance.normal(size=rows.shape)) > least


def test_the_command(run: Run, index: Index, photos: Path, tmp_path: Path) -> None:
    index(photos)
    for number, (label, colour) in enumerate([("red", "yellow"), ("blue", "green")]):
        folder = tmp_path / "examples" / label
        folder.mkdir(parents=True)
        for size in range(4):
            draw(folder / f"{size}.png", colour, (20 + size, 20 + number))
    done = run("label", "--examples", tmp_path / "examples", "--json")
    labels = {Path(one["path"]).stem: one["label"] for one in map(json.loads, done.lines)}
    assert (labels["red"], labels["yellow"]) == ("red", "red")
    assert (labels["blue"], labels["green"]) == ("blue", "blue")
    assert "8 examples of 2 labels." in done.err


@pytest.mark.parametrize("inside", [[], ["one"]])
def test_a_folder_without_labels_is_an_error(
    run: Run, index: Index, photos: Path, tmp_path: Path, inside: list[str]
) -> None:
    index(photos)
    folder = tmp_path / "examples"
    for name in ["", *inside]:
        (folder / name).mkdir()
    done = run("label", "--examples", folder)
    assert done.code == 2
    assert "needs a folder of photos for each of two classes or more" in done.err

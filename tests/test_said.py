"""Which labels captions confirm, for the benchmarks of labels."""

from __future__ import annotations

import pytest

from app.labels.vocabulary import read
from benchmarks.said import confirmed

pytestmark = pytest.mark.one_python


def test_what_captions_confirm() -> None:
    vocabulary = read("[a]\nanimal, dog, bicycle, swimming pool, orange\n", "animal = dog\n")
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


def test_a_dog_that_runs_is_no_runner() -> None:
    vocabulary = read("[people]\nperson, runner\n", "person = runner\n")
    shown = confirmed(vocabulary, [["A dog runs."], ["A woman is running."], ["Two kids sit."]])
    assert shown.tolist() == [[False, False], [True, True], [True, False]]

"""The text tower in NumPy against torch's own layers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from conftest import TINY, make_model
from indexer.encoders.clip_model import ClipModel, load_model
from indexer.encoders.numpy_text_tower import NumpyTextTower, TowerShape
from indexer.encoders.text_arrays import read_arrays, write_arrays
from indexer.encoders.tokenizer import trimmed
from store.vectors import Vectors

TEXTS = ["a dog", "two people on skis in front of a hut", "", "a dog on a beach " * 20, "日本語 🎉"]


def by_torch(model: ClipModel, tokens: Any) -> Vectors:
    import torch

    with torch.inference_mode():
        vectors: Vectors = model.text_tower(torch.from_numpy(tokens)).numpy()
        return vectors


def in_numpy(model: ClipModel, folder: Path) -> NumpyTextTower:
    tokens = model.tokenizer(["a photo"])
    arrays = write_arrays(model.text_tower, tokens, by_torch(model, tokens), folder)
    assert arrays
    return read_arrays(arrays, folder)


@pytest.mark.parametrize("quick", [False, True])
def test_its_vectors_are_those_of_torch(tmp_path: Path, quick: bool) -> None:
    config = {**TINY, "model_cfg": {**TINY["model_cfg"], "quick_gelu": quick}}
    model = load_model(f"local-dir:{make_model(tmp_path, config)}")
    tower = in_numpy(model, tmp_path)
    tokens = model.tokenizer(TEXTS)
    expected = by_torch(model, tokens)
    for given in (tokens, trimmed(tokens)):
        np.testing.assert_allclose(tower(given, 2), expected, atol=1e-4)  # words in half precision
    one_by_one = np.concatenate([tower(trimmed(tokens[i : i + 1]), 1) for i in range(len(TEXTS))])
    np.testing.assert_allclose(one_by_one, expected, atol=1e-4)


def test_the_starter_says_the_same_by_it(tmp_path: Path) -> None:
    model = load_model("starter")
    tower = in_numpy(model, tmp_path)
    tokens = model.tokenizer(TEXTS)
    np.testing.assert_allclose(tower(tokens, 8), by_torch(model, tokens), atol=1e-5)


def test_a_tower_that_can_be_computed_by_hand() -> None:
    """Without any layer, a text is the last norm of its end token's word and place."""
    shape = TowerShape(4, 3, width=2, heads=1, layers=0, hidden=1, dim=2, quick_gelu=False)
    words, places = np.array([[0, 0], [1, 5], [3, 1], [2, 8]]), np.array([[0, 0], [0, 0], [4, 0]])
    tower = NumpyTextTower(
        shape,
        {
            "words": words.astype(np.float16),
            "positions": places.astype(np.float32),
            "last_norm.weight": np.ones(2, np.float32),
            "last_norm.bias": np.array([1, 0], np.float32),
            "projection": np.array([[3, 0], [0, 1]], np.float32),
        },
    )
    # Words 1 and 2, and 3, which ends the text: (2, 8) + (4, 0) is (-1, 1) when it is normalised,
    # (0, 1) with the bias, and (0, 1) projected.
    np.testing.assert_allclose(tower(np.array([[1, 2, 3]]), 1), [[0, 1]], atol=1e-3)

"""The file with a text tower's weights: for which models there is one, and what damage does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from test_numpy_text_tower import by_torch

from conftest import TINY, make_model
from indexer.encoders.clip_model import ClipModel, load_model
from indexer.encoders.text_arrays import FILE, TextArrays, read_arrays, write_arrays


@pytest.fixture
def tiny(tiny_model: Path) -> ClipModel:
    return load_model(f"local-dir:{tiny_model}")


def written(model: ClipModel, folder: Path, *, other: bool = False) -> TextArrays | None:
    tokens = model.tokenizer(["a dog", "a boat on a lake"])
    vectors = by_torch(model, tokens)
    return write_arrays(model.text_tower, tokens, vectors[::-1] if other else vectors, folder)


def test_what_was_written_is_read(tiny: ClipModel, tmp_path: Path) -> None:
    arrays = written(tiny, tmp_path)
    assert arrays and (tmp_path / FILE).stat().st_size == arrays.bytes
    tokens = tiny.tokenizer(["a cat"])
    vectors = read_arrays(arrays, tmp_path)(tokens, 1)
    np.testing.assert_allclose(vectors, by_torch(tiny, tokens), atol=1e-3)


def test_a_tower_that_gives_other_vectors_has_no_file(tiny: ClipModel, tmp_path: Path) -> None:
    assert written(tiny, tmp_path, other=True) is None
    assert not (tmp_path / FILE).exists()


@pytest.mark.parametrize(
    "text",
    [
        {"no_causal_mask": True},
        {"proj_bias": True},
        {"ls_init_value": 0.5},
        {"embed_cls": True, "pad_id": 0},
        {"pool_type": "last"},
    ],
)
def test_a_tower_of_another_make_has_no_file(text: dict[str, object], tmp_path: Path) -> None:
    config = {**TINY["model_cfg"], "text_cfg": {**TINY["model_cfg"]["text_cfg"], **text}}
    whole = {**TINY, "model_cfg": {**config, "custom_text": True}}
    model = load_model(f"local-dir:{make_model(tmp_path, whole)}")
    assert written(model, tmp_path) is None


def test_damage_is_noticed(tiny: ClipModel, tmp_path: Path) -> None:
    arrays = written(tiny, tmp_path)
    assert arrays
    content = bytearray((tmp_path / FILE).read_bytes())
    for damaged in (content[:-1], content[:-4] + b"\0\1\2\3", b""):
        (tmp_path / FILE).write_bytes(damaged)
        with pytest.raises(ValueError, match=r"damaged|empty"):
            read_arrays(arrays, tmp_path)
    (tmp_path / FILE).unlink()
    with pytest.raises(FileNotFoundError):
        read_arrays(arrays, tmp_path)

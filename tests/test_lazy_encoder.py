from __future__ import annotations

import pytest

import hostile
from fakes import ColourEncoder
from indexer.encoders.lazy_encoder import LazyEncoder
from store.errors import ModelUnavailable
from store.values import ModelInfo

MODEL = ModelInfo(1, "colours", "1", 3)


def test_nothing_is_loaded_for_what_the_library_remembers() -> None:
    lazy = LazyEncoder(MODEL, lambda: pytest.fail("loaded"))
    assert (lazy.name, lazy.fingerprint, lazy.dim) == ("colours", "1", 3)
    assert lazy.batch_size > 0


def test_it_is_loaded_once() -> None:
    real = ColourEncoder()
    loads = []
    lazy = LazyEncoder(MODEL, lambda: loads.append(1) or real)  # type: ignore[func-returns-value]
    pixels = lazy.prepare(hostile.noise(8, 8))
    assert lazy.encode_images([pixels]).shape == (1, 3)
    assert lazy.encode_texts(["red"]).shape == (1, 3)
    assert not lazy.truncates("red")
    assert (lazy.image_size, lazy.batch_size) == (real.image_size, real.batch_size)
    assert loads == [1]


def test_another_model_is_refused() -> None:
    lazy = LazyEncoder(MODEL, lambda: ColourEncoder(fingerprint="2"))
    with pytest.raises(ModelUnavailable, match="--model colours"):
        lazy.encode_texts(["red"])

"""Running a model with torch, on a tiny one of random weights."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hostile
from indexer.encoders.clip_model import load_model
from indexer.encoders.torch_encoder import TorchEncoder, autocast, choose_device, run_in_batches
from store.errors import DeviceUnavailable


@pytest.fixture
def tiny(tiny_model: Path) -> TorchEncoder:
    return TorchEncoder(load_model(f"local-dir:{tiny_model}"), "cpu")


def test_both_towers_give_unit_vectors(tiny: TorchEncoder) -> None:
    images = tiny.encode_images([tiny.prepare(hostile.noise(seed=n)) for n in range(3)])
    texts = tiny.encode_texts(["a dog", "a cat on a mat"])
    for vectors, count in ((images, 3), (texts, 2)):
        assert vectors.shape == (count, tiny.dim) == (count, 12)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert tiny.encode_images([]).shape == tiny.encode_texts([]).shape == (0, 12)


def test_the_same_as_open_clip_itself(tiny: TorchEncoder, tiny_model: Path) -> None:
    import open_clip
    import torch

    name = f"local-dir:{tiny_model}"
    model, _, preprocess = open_clip.create_model_and_transforms(name)
    image = hostile.noise(seed=5)
    with torch.inference_mode():
        theirs = model.eval().encode_image(preprocess(image)[None], normalize=True).numpy()
        tokens = open_clip.get_tokenizer(name)(["a red kite"])
        said = model.encode_text(tokens, normalize=True).numpy()
    np.testing.assert_allclose(tiny.encode_images([tiny.prepare(image)]), theirs, atol=1e-5)
    np.testing.assert_allclose(tiny.encode_texts(["a red kite"]), said, atol=1e-5)


def test_batches_do_not_change_a_vector(tiny: TorchEncoder) -> None:
    prepared = [tiny.prepare(hostile.noise(40, 30, seed=n)) for n in range(70)]
    together = tiny.encode_images(prepared)
    np.testing.assert_allclose(tiny.encode_images(prepared[66:67])[0], together[66], atol=1e-5)


def test_devices() -> None:
    assert choose_device("cpu") == "cpu"
    assert choose_device("auto") in ("cuda", "mps", "cpu")
    for name in ("cuda:99", "nonsense"):
        with pytest.raises(DeviceUnavailable, match="--device auto"):
            choose_device(name)


def test_a_batch_that_does_not_fit_is_halved_for_good() -> None:
    import torch

    tried: list[int] = []

    def run(batch: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        tried.append(len(batch))
        if len(batch) > 3:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return batch.astype(np.float32)

    batch = np.arange(9)[:, None]
    vectors, size = run_in_batches(run, batch, 16)
    np.testing.assert_array_equal(vectors, batch)
    assert (tried, size) == ([9, 4, 2, 2, 2, 2, 1], 2)


def test_the_encoder_remembers_the_batch_that_fitted(
    tiny: TorchEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder, real = tiny, tiny._images

    def small(pixels: Any) -> Any:
        if len(pixels) > 3:
            raise RuntimeError("MPS backend out of memory")
        return real(pixels)

    monkeypatch.setattr(encoder, "_images", small)
    prepared = [encoder.prepare(hostile.noise(40, 30, seed=n)) for n in range(10)]
    assert encoder.encode_images(prepared).shape == (10, 12)
    assert encoder.batch_size <= 3


@pytest.mark.parametrize("error", ["MPS backend out of memory", "something else"])
def test_one_that_never_fits_or_fails_otherwise_is_an_error(error: str) -> None:
    tried: list[int] = []

    def run(batch: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        tried.append(len(batch))
        raise RuntimeError(error)

    with pytest.raises(RuntimeError, match=error):
        run_in_batches(run, np.zeros((4, 1)), 8)
    assert tried == ([4, 2, 1] if "memory" in error else [4])


def test_half_precision_on_a_gpu_only() -> None:
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # where there is no CUDA, torch says so and goes on
        on_gpu = autocast("cuda")
    assert on_gpu.fast_dtype == torch.float16
    with autocast("cpu"):
        assert not torch.is_autocast_enabled("cpu")

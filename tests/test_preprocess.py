"""The image tower's input must be what open_clip's own transforms make."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import hostile
from indexer.encoders.preprocess import Preprocess, _without_far_ends

SIZES = [(400, 300), (300, 401), (33, 900), (64, 64), (63, 65), (1, 1), (2, 40)]


@pytest.mark.parametrize("mode", ["shortest", "squash", "longest"])
@pytest.mark.parametrize("size", [64, (64, 64), (48, 80)])
@pytest.mark.parametrize("interpolation", ["bicubic", "bilinear"])
def test_equal_to_open_clip(mode: str, size: int | tuple[int, int], interpolation: str) -> None:
    from open_clip.transform import PreprocessCfg, image_transform_v2

    config = {
        "size": size,
        "mean": (0.1, 0.2, 0.3),
        "std": (0.5, 0.6, 0.7),
        "interpolation": interpolation,
        "resize_mode": mode,
        "fill_color": 7,
    }
    ours = Preprocess.from_config(config)
    theirs = image_transform_v2(PreprocessCfg(**config), is_train=False)
    for number, shape in enumerate(SIZES):
        image = hostile.noise(*shape, seed=number)
        pixels = ours(image)
        assert pixels.dtype == np.uint8
        assert pixels.shape == (*ours.size, 3)
        values = (pixels / np.float32(255) - np.asarray(ours.mean, np.float32)) / np.asarray(
            ours.std, np.float32
        )
        np.testing.assert_allclose(
            values.transpose(2, 0, 1), theirs(image).numpy(), atol=1e-5, err_msg=str(shape)
        )


@pytest.mark.parametrize("mode", ["shortest", "squash", "longest"])
@pytest.mark.parametrize("size", [64, (48, 80)])
def test_the_longest_shapes_take_no_more_memory(mode: str, size: int | tuple[int, int]) -> None:
    """1 x 200,000 would become 64 x 12,800,000 on the way: 3.3 GB."""
    config = {
        "size": size,
        "mean": (0, 0, 0),
        "std": (1, 1, 1),
        "interpolation": "bicubic",
        "resize_mode": mode,
        "fill_color": 0,
    }
    prepare = Preprocess.from_config(config)
    for shape in ((1, 200_000), (200_000, 1)):
        image = Image.new("RGB", shape, "red")
        pixels = prepare(image)
        assert pixels.shape == (*prepare.size, 3)
        assert pixels.max() == 255
    kept = _without_far_ends(Image.new("RGB", (200_000, 3)))
    assert kept.size == (192, 3)


@pytest.mark.parametrize("change", [{"interpolation": "random"}, {"resize_mode": "cover"}])
def test_unknown_ways_are_refused(change: dict[str, str]) -> None:
    config = {
        "size": 64,
        "mean": (0, 0, 0),
        "std": (1, 1, 1),
        "interpolation": "bicubic",
        "resize_mode": "squash",
        "fill_color": 0,
    }
    with pytest.raises(ValueError, match="preprocessing"):
        Preprocess.from_config({**config, **change})

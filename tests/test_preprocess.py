"""The image tower's input must be what open_clip's own transforms make."""

from __future__ import annotations

import numpy as np
import pytest

import hostile
from indexer.preprocess import Preprocess

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
        assert (pixels.dtype, pixels.shape) == (np.uint8, (*ours.size, 3))
        values = (pixels / np.float32(255) - np.float32(ours.mean)) / np.float32(ours.std)
        np.testing.assert_allclose(
            values.transpose(2, 0, 1), theirs(image).numpy(), atol=1e-5, err_msg=str(shape)
        )


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

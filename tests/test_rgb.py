from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import hostile
from indexer.pictures import rgb


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "I;16", "F"])
@pytest.mark.parametrize("see_through", [False, True])
def test_making_smaller_in_strips_is_the_same(
    mode: str, see_through: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the last strip, row and column are not whole."""
    noise = hostile.noise(203, 157)
    image = Image.new(mode, noise.size) if mode == "I;16" else noise.convert(mode)
    if mode == "I;16":
        image = Image.fromarray(np.arange(203 * 157, dtype=np.uint16).reshape(157, 203))
    if see_through and mode in ("L", "P", "RGB"):
        image.info["transparency"] = (1, 2, 3) if mode == "RGB" else 5
    whole = rgb.to_rgb(rgb._reducible(image).reduce(4))
    for strip in (1, 203 * 8, 1 << 22):
        monkeypatch.setattr(rgb, "_STRIP", strip)
        assert np.array_equal(np.asarray(rgb.to_rgb(rgb.shrink(image, 37))), np.asarray(whole))

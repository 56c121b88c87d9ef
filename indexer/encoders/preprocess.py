"""A picture as the input of an image tower: open_clip's transforms, done by Pillow alone.

Values stay bytes; the tower itself subtracts the mean and divides by the deviation. So queues and
transfers to a GPU carry a quarter of what floats would take.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from indexer.encoders.encoder import Pixels

if TYPE_CHECKING:  # a search for words sees no picture
    from PIL import Image

_FILTERS = ("bilinear", "bicubic")
_KEPT_RATIO = 64  # of the longer side to the shorter; the model never sees more
_MODES = ("shortest", "squash", "longest")


@dataclass(frozen=True)
class Preprocess:
    """A model's preprocessing, as in ``open_clip.transform.PreprocessCfg``.

    Attributes:
        size: (height, width) of the image tower's input, in pixels.
        mean, std: one for each channel, for values from 0 to 1.
        resize_mode: ``shortest`` crops what is too long, ``squash`` changes the shape,
            ``longest`` pads what is too short with ``fill_color``.
    """

    size: tuple[int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    interpolation: str
    resize_mode: str
    fill_color: int

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Preprocess:
        """The preprocessing in open_clip's dictionary, or in our own from JSON.

        Raises:
            ValueError: it resizes in a way that is not known here.
        """
        size = config["size"]
        height, width = (size, size) if isinstance(size, int) else size
        if config["interpolation"] not in _FILTERS or config["resize_mode"] not in _MODES:
            raise ValueError(
                f"unknown preprocessing: {config['interpolation']}, {config['resize_mode']}"
            )
        return cls(
            (int(height), int(width)),
            tuple(config["mean"]),
            tuple(config["std"]),
            config["interpolation"],
            config["resize_mode"],
            int(config["fill_color"]),
        )

    def __call__(self, image: Image.Image) -> Pixels:
        """An upright RGB image as (height, width, 3) uint8; thread-safe."""
        from PIL import Image, ImageOps

        filter = Image.Resampling[self.interpolation.upper()]
        height, width = self.size
        if self.resize_mode == "squash":
            return np.asarray(image.resize((width, height), filter))
        ratios = image.height / height, image.width / width
        if self.resize_mode == "longest":
            ratio = max(ratios)
            new = max(1, round(image.width / ratio)), max(1, round(image.height / ratio))
            image = image.resize(new, filter)
            image = ImageOps.expand(image, self._padding(image), fill=(self.fill_color,) * 3)
            return np.asarray(self._centre(image))
        image = _without_far_ends(image)
        if height == width:  # torchvision's Resize rounds down
            short = min(image.size)
            new = int(height * image.width / short), int(height * image.height / short)
            image = image.resize(new, filter)
        else:  # in this mode open_clip always resizes by its default
            ratio = min(ratios)
            new = round(image.width / ratio), round(image.height / ratio)
            image = image.resize(new, Image.Resampling.BICUBIC)
        return np.asarray(self._centre(image))

    def _centre(self, image: Image.Image) -> Image.Image:
        height, width = self.size
        left, top = round((image.width - width) / 2), round((image.height - height) / 2)
        return image.crop((left, top, left + width, top + height))

    def _padding(self, image: Image.Image) -> tuple[int, int, int, int]:
        across = max(0, self.size[1] - image.width)
        down = max(0, self.size[0] - image.height)
        return across // 2, down // 2, (across + 1) // 2, (down + 1) // 2


def _without_far_ends(image: Image.Image) -> Image.Image:
    """The middle of a very long picture, of which the model sees only a square.

    Else a picture of 1 x 100,000 pixels would be enlarged to 208 x 20,800,000 first.
    """
    longest = _KEPT_RATIO * min(image.size)
    if max(image.size) <= longest:
        return image
    left, top = max(0, image.width - longest) // 2, max(0, image.height - longest) // 2
    return image.crop(
        (left, top, left + min(image.width, longest), top + min(image.height, longest))
    )

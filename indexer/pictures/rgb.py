"""Turns decoded pixels of any mode into a small RGB picture."""

from __future__ import annotations

import numpy as np
from PIL import Image

_STRIP = 1 << 22  # pixels


def shrink(image: Image.Image, side: int) -> Image.Image:
    """Reduce a picture by a whole number, so that no large one waits in a queue.

    This is done strip by strip: to convert all of it first would take a second picture or two.
    """
    factor = min(image.size) // side
    if factor < 2:
        return _reducible(image)
    width, height = image.size
    rows = max(1, _STRIP // (width * factor)) * factor
    small: Image.Image | None = None
    for top in range(0, height, rows):
        strip = image.crop((0, top, width, min(top + rows, height)))
        part = _reducible(strip).reduce(factor)
        if small is None:
            small = Image.new(part.mode, (part.width, -(-height // factor)))
            small.info = part.info
        small.paste(part, (0, top // factor))
    assert small is not None
    return small


def _reducible(image: Image.Image) -> Image.Image:
    """``image`` in a mode that can be reduced: 16 bits scaled, palettes and bits resolved."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image, np.uint16) >> 8).astype(np.uint8))
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.convert("L") if image.mode == "1" else image


def to_rgb(image: Image.Image) -> Image.Image:
    """A picture of any mode as RGB, with transparency on white."""
    if image.mode in ("I", "F"):
        image = _stretch(image)
    elif image.mode == "LAB":
        from PIL import ImageCms

        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        image = ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB") or image
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _stretch(image: Image.Image) -> Image.Image:
    """32-bit values as 8-bit grey. They have no agreed white: the least becomes black, the greatest
    white."""
    values = np.nan_to_num(np.asarray(image, np.float32)).astype(np.float64)  # room for a - b
    low, high = float(values.min()), float(values.max())
    scaled = (values - low) * (255 / (high - low)) if high > low else np.zeros_like(values)
    return Image.fromarray(scaled.astype(np.uint8))

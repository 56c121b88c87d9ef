"""Decoded pixels of any mode to a small RGB picture."""

from __future__ import annotations

import numpy as np
from PIL import Image

_STRIP = 1 << 22  # pixels


def shrink(image: Image.Image, side: int) -> Image.Image:
    """Whole-number box reduction, so that big pictures do not wait in queues at full size.

    It is done strip by strip: what has to be converted for it would be a second picture, or two.
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
    """The same in a mode that can be made smaller: 16-bit scaled, palettes and bits resolved."""
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image, np.uint16) >> 8).astype(np.uint8))
    if image.mode in ("P", "PA"):
        return image.convert("RGBA" if image.has_transparency_data else "RGB")
    return image.convert("L") if image.mode == "1" else image


def to_rgb(image: Image.Image) -> Image.Image:
    """Any mode to RGB, transparency on white."""
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
    """32-bit values have no agreed white: the darkest becomes black, the brightest white."""
    values = np.nan_to_num(np.asarray(image, np.float32)).astype(np.float64)  # room for a - b
    low, high = float(values.min()), float(values.max())
    scaled = (values - low) * (255 / (high - low)) if high > low else np.zeros_like(values)
    return Image.fromarray(scaled.astype(np.uint8))

"""A decoded frame of a video as it is shown: upright, with square pixels, no larger than needed."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from PIL import Image

from indexer.pictures.limits import check_shape

if TYPE_CHECKING:
    from av import VideoFrame as Decoded

MOST_PIXELS = 8_192 * 8_192
_WIDEST_PIXEL = 4.0  # what says more is damaged
_TURNED = {
    90: Image.Transpose.ROTATE_90,
    180: Image.Transpose.ROTATE_180,
    270: Image.Transpose.ROTATE_270,
}


def upright(
    decoded: Decoded, pixel: Fraction | None, side: int
) -> tuple[Image.Image, tuple[int, int]]:
    """A frame as an RGB picture, and the (width, height) at which it is shown.

    Args:
        pixel: how much wider than high a pixel is; None: nobody says.
        side: the least pixels of the picture's shorter side, if the frame has so many.

    Raises:
        PhotoError: it is too large, or of no picture's shape.
    """
    check_shape(decoded.width, decoded.height, MOST_PIXELS)  # it may change within a video
    ratio = float(pixel or 1)
    if not 1 / _WIDEST_PIXEL <= ratio <= _WIDEST_PIXEL:
        ratio = 1.0
    width, height = max(1, round(decoded.width * ratio)), decoded.height
    factor = min(1.0, side / min(width, height))
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    image = Image.fromarray(decoded.reformat(*size, format="rgb24").to_ndarray())
    turned = _TURNED.get(round(decoded.rotation / 90) * 90 % 360)
    if turned is not None:
        image = image.transpose(turned)
        if turned is not Image.Transpose.ROTATE_180:
            width, height = height, width
    return image, (width, height)

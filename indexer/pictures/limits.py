"""How large a picture may be, and how much memory it takes to decode: checked before decoding.

A header of a few bytes can claim any size, and decoders allocate memory for what it claims.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from store.errors import PhotoError
from store.states import State

MAX_PIXELS = 250_000_000
MAX_SIDE = 200_000
MAX_RATIO = 2_000
"""No photo is longer: its shorter side would vanish at the size that models see."""

MAX_BYTES = 2_000_000_000
"""A picture that takes more bytes to decode is refused. All 8-bit PNG and TIFF and all JPEG take
less; so do the photos of 200 megapixels that phones take."""

# Bytes a pixel that a decoder needs besides Pillow's own picture, measured with 24 megapixels;
# formats that are read line by line need none.
_BESIDES = {"WEBP": 12, "AVIF": 6, "HEIF": 5, "JPEG2000": 16, "TIFF": 4}
_BY_LINE = frozenset({"JPEG", "MPO", "PNG", "GIF", "BMP", "DIB", "PPM", "TGA", "PSD", "PCX", "SUN"})
_ANY_OTHER = 4

_NARROW = {"1": 1, "L": 1, "P": 1}
_TO_CONVERT = 6  # further bytes a pixel, for modes that have to be converted to be shrunk


def check_shape(width: int, height: int, most: int = MAX_PIXELS) -> None:
    """Raise ``PhotoError`` for a picture of more than ``most`` pixels, or of no photo's shape."""
    shown = f"it is {width:,} x {height:,} pixels"
    if width * height > most:
        limit = f"more than {most // 1_000_000} megapixels are not read"
        raise PhotoError(State.TOO_LARGE, f"{shown}; {limit}")
    if max(width, height) > MAX_SIDE:
        raise PhotoError(State.TOO_LARGE, f"{shown}; a side may have at most {MAX_SIDE:,}")
    if max(width, height) > MAX_RATIO * min(width, height):
        limit = f"no side may be more than {MAX_RATIO:,} times as long as the other"
        raise PhotoError(State.UNSUPPORTED, f"{shown}; {limit}")


def bytes_to_decode(image: Image.Image, size: tuple[int, int]) -> int:
    """An estimate of the bytes of memory that loading takes at its peak, too high if anything.

    Args:
        image: opened, not loaded yet; for JPEG, after ``draft``.
        size: (width, height) in the file, in pixels.

    Raises:
        PhotoError: it takes more than ``MAX_BYTES``.
    """
    whole = size[0] * size[1]
    kind = image.format or ""
    mode = image.mode
    own = 2 if mode.startswith("I;16") else _NARROW.get(mode, 4)
    if mode in ("1", "P", "PA") or mode.startswith("I;"):
        own += _TO_CONVERT
    needed = image.width * image.height * own
    if kind in ("JPEG", "MPO") and "progressive" in image.info:
        needed += whole * 2 * len(image.getbands())  # progressive: all coefficients stay in memory
    elif kind not in _BY_LINE:
        needed += whole * _BESIDES.get(kind, _ANY_OTHER)
    if needed > MAX_BYTES:
        raise PhotoError(
            State.TOO_LARGE,
            f"it is {size[0]:,} x {size[1]:,} pixels; decoding it would take "
            f"{needed / 1e9:.1f} GB of memory, {MAX_BYTES / 1e9:g} GB are the limit",
        )
    return needed


class Budget:
    """A number of bytes that threads share, first come, first served."""

    def __init__(self, total: int) -> None:
        self.total = total
        self._free = total
        self._waiting: deque[object] = deque()
        self._changed = threading.Condition()

    @contextmanager
    def hold(self, wanted: int) -> Iterator[None]:
        """Wait until ``wanted`` bytes (at most all) are free, and hold them in this block."""
        share = min(wanted, self.total)
        me = object()
        with self._changed:
            self._waiting.append(me)
            try:
                self._changed.wait_for(lambda: self._waiting[0] is me and self._free >= share)
                self._free -= share
            finally:
                self._waiting.remove(me)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._free += share
                self._changed.notify_all()


_A_THREAD = 128_000_000  # bytes: 30 megapixels of PNG, or any baseline JPEG

DECODING = Budget(_A_THREAD * max(2, os.cpu_count() or 1))
"""The budget of all decoding in this process: ordinary photos never wait, huge ones run alone."""

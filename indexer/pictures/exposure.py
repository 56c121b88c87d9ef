"""How a photo was exposed, as its file says; read when it is asked for."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image

from indexer.pictures.raw_container import raw_format
from indexer.pictures.raw_headers import raw_headers

_BASE = ExifTags.Base


def read_exposure(path: Path) -> str | None:
    """How a photo was exposed, as photographers write it: "f/2.8, 1/250 s, ISO 400, 35 mm".

    None if the file does not say, or can't be read now. Never raises.
    """
    try:
        with path.open("rb") as file:
            kind = raw_format(file, path.name)
            with raw_headers(file, kind) if kind else Image.open(file) as image:
                detail: dict[int, Any] = dict(image.getexif().get_ifd(ExifTags.IFD.Exif))
    except Exception:  # parsers of hostile bytes raise anything
        return None
    parts = []
    if aperture := _positive(detail.get(_BASE.FNumber)):
        parts.append(f"f/{aperture:g}")
    if seconds := _positive(detail.get(_BASE.ExposureTime)):
        parts.append(f"1/{round(1 / seconds)} s" if seconds < 0.3 else f"{seconds:g} s")
    speed = detail.get(_BASE.ISOSpeedRatings)
    if speed := _positive(speed[0] if isinstance(speed, tuple) and speed else speed):
        parts.append(f"ISO {speed:g}")
    if length := _positive(detail.get(_BASE.FocalLength)):
        parts.append(f"{length:g} mm")
    return ", ".join(parts) or None


def _positive(value: Any) -> float | None:
    try:
        number = round(float(value), 4)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return number if math.isfinite(number) and number > 0 else None

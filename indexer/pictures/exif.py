"""Reads EXIF: date, camera, lens, place, and which way is up.

Tags are those of Exif 3.0 (CIPA DC-008). Cameras and programs write all sorts of wrong values: one
that makes no sense counts as missing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PIL import ExifTags, Image

_DATES = (
    (ExifTags.IFD.Exif, ExifTags.Base.DateTimeOriginal),
    (ExifTags.IFD.Exif, ExifTags.Base.DateTimeDigitized),
    (None, ExifTags.Base.DateTime),
)


@dataclass(frozen=True)
class ExifFacts:
    """The facts in EXIF, all optional: degrees in WGS 84, ``orientation`` 1 (upright) to 8."""

    taken_at: datetime | None = None
    camera: str | None = None
    lens: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    orientation: int = 1


def read_exif(image: Image.Image) -> ExifFacts:
    """The facts in a picture's EXIF. Never raises: a broken block has no facts."""
    try:
        return _read_exif(image)
    except Exception:  # parsers of hostile bytes raise anything
        return ExifFacts()


def _read_exif(image: Image.Image) -> ExifFacts:
    exif = image.getexif()
    main: dict[int, Any] = dict(exif)
    detail: dict[int, Any] = dict(exif.get_ifd(ExifTags.IFD.Exif))
    gps: dict[int, Any] = dict(exif.get_ifd(ExifTags.IFD.GPSInfo))
    dates = (_date((detail if ifd else main).get(tag)) for ifd, tag in _DATES)
    latitude = _degrees(gps.get(2), gps.get(1), "S", 90)
    longitude = _degrees(gps.get(4), gps.get(3), "W", 180)
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        latitude = longitude = None  # half a place, or a receiver without a fix
    orientation: Any = main.get(ExifTags.Base.Orientation)
    return ExifFacts(
        taken_at=next((date for date in dates if date), None),
        camera=_camera(_text(main.get(ExifTags.Base.Make)), _text(main.get(ExifTags.Base.Model))),
        lens=_text(detail.get(ExifTags.Base.LensModel)),
        latitude=latitude,
        longitude=longitude,
        orientation=orientation if orientation in range(1, 9) else 1,
    )


def read_exposure(path: Path) -> str | None:
    """How a photo was exposed, as photographers write it: "f/2.8, 1/250 s, ISO 400, 35 mm".

    None if the file does not say, or can't be read now. Never raises.
    """
    try:
        with Image.open(path) as image:
            detail: dict[int, Any] = dict(image.getexif().get_ifd(ExifTags.IFD.Exif))
    except Exception:  # parsers of hostile bytes raise anything
        return None
    parts = []
    if aperture := _positive(detail.get(ExifTags.Base.FNumber)):
        parts.append(f"f/{aperture:g}")
    if seconds := _positive(detail.get(ExifTags.Base.ExposureTime)):
        parts.append(f"1/{round(1 / seconds)} s" if seconds < 0.3 else f"{seconds:g} s")
    speed = detail.get(ExifTags.Base.ISOSpeedRatings)
    if speed := _positive(speed[0] if isinstance(speed, tuple) and speed else speed):
        parts.append(f"ISO {speed:g}")
    if length := _positive(detail.get(ExifTags.Base.FocalLength)):
        parts.append(f"{length:g} mm")
    return ", ".join(parts) or None


def _positive(value: Any) -> float | None:
    try:
        number = round(float(value), 4)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return number if math.isfinite(number) and number > 0 else None


_LONGEST = 200  # characters of a name; PostgreSQL's indexes take no very long ones


def _text(value: Any) -> str | None:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    clean = "".join(c for c in value.partition("\0")[0] if c.isprintable()).strip()
    return clean[:_LONGEST].rstrip() or None


def _camera(make: str | None, model: str | None) -> str | None:
    if make and model and not model.lower().startswith(make.split()[0].lower()):
        return f"{make} {model}"
    return model or make


def _date(value: Any) -> datetime | None:
    text = _text(value)
    if not text:
        return None
    try:
        date = datetime.strptime(text[:19].replace("-", ":"), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None
    return date if date.year >= 1826 else None  # the year of the first photograph


def _degrees(value: Any, side: Any, negative: str, limit: int) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in value)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    total = degrees + minutes / 60 + seconds / 3600
    if _text(side) == negative:
        total = -total
    return total if math.isfinite(total) and abs(total) <= limit else None

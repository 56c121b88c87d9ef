"""Reads EXIF: dates, camera, lens, place, which way is up, and what people write into it.

Tags are those of Exif 3.0 (CIPA DC-008). Cameras and programs write all sorts of wrong values: one
that makes no sense counts as missing.
"""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import ExifTags, Image

from indexer.pictures.keywords import joined_keywords, kept_text
from indexer.pictures.moments import Moment, offset
from indexer.pictures.xmp import stars_of
from store.metadata import is_place

_BASE = ExifTags.Base
_NOT_SAID = frozenset(
    """olympus digital camera|sony dsc|samsung digital camera|minolta digital camera|
    kodak digital still camera|digital still camera|exif_jpeg_picture|default|dcim\\100media|
    hdr_image|binary comment""".replace("\n", "")
    .replace("  ", "")
    .split("|")
)
"""Descriptions that cameras write into every photo, in lower case."""


@dataclass(frozen=True)
class ExifFacts:
    """The facts in EXIF, all optional: degrees in WGS 84, ``orientation`` 1 (upright) to 8.

    Attributes:
        original, digital, changed: when the photo was taken, when the picture was made of it (by a
            scanner, say), and when the file was written.
        rating: stars, 0 to 5.
    """

    original: Moment | None = None
    digital: Moment | None = None
    changed: Moment | None = None
    camera: str | None = None
    lens: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    orientation: int = 1
    title: str | None = None
    description: str | None = None
    creator: str | None = None
    copyright: str | None = None
    rating: int | None = None
    keywords: tuple[str, ...] | None = None

    @property
    def taken_at(self) -> datetime | None:
        """The first of the dates that there is."""
        dates = (self.original, self.digital, self.changed)
        return next((date.at for date in dates if date), None)


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
    latitude = _degrees(gps.get(2), gps.get(1), "S", 90)
    longitude = _degrees(gps.get(4), gps.get(3), "W", 180)
    if not is_place(latitude, longitude):
        latitude = longitude = None  # half a place, or a receiver without a fix
    orientation: Any = main.get(_BASE.Orientation)
    keywords = _windows_text(main.get(_BASE.XPKeywords))
    return ExifFacts(
        original=_moment(detail, _BASE.DateTimeOriginal, 0x9011, 0x9291),
        digital=_moment(detail, _BASE.DateTimeDigitized, 0x9012, 0x9292),
        changed=_moment({**detail, **main}, _BASE.DateTime, 0x9010, 0x9290),
        camera=_camera(_text(main.get(_BASE.Make)), _text(main.get(_BASE.Model))),
        lens=_text(detail.get(_BASE.LensModel)),
        latitude=latitude,
        longitude=longitude,
        orientation=orientation if orientation in range(1, 9) else 1,
        title=_windows_text(main.get(_BASE.XPTitle)),
        description=_description(main),
        creator=_said(main.get(_BASE.Artist)) or _windows_text(main.get(_BASE.XPAuthor)),
        copyright=_copyright(main.get(_BASE.Copyright)),
        rating=_rating(main),
        keywords=joined_keywords(keywords.split(";")) if keywords else None,
    )


def _moment(tags: dict[int, Any], date: int, zone: int, part: int) -> Moment | None:
    at = _date(tags.get(date))
    if at is None:
        return None
    digits = (_text(tags.get(part)) or "")[:6]
    if digits.isascii() and digits.isdigit():
        at = at.replace(microsecond=int(digits.ljust(6, "0")))
    return Moment(at, offset=offset(_text(tags.get(zone))))


def _said(value: Any) -> str | None:
    """A text that a person may have written. EXIF's are ASCII by the letter, and UTF-8 in life."""
    if isinstance(value, str):  # Pillow's, which takes each byte for a character
        with contextlib.suppress(UnicodeError):
            value = value.encode("latin-1").decode("utf-8")
    elif isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return kept_text(value)


def _windows_text(value: Any) -> str | None:
    """A text as Windows writes it beside EXIF's own."""
    if isinstance(value, tuple) and all(isinstance(one, int) for one in value):
        value = bytes(one & 0xFF for one in value)
    return kept_text(value.decode("utf-16-le", "replace")) if isinstance(value, bytes) else None


def _description(main: dict[int, Any]) -> str | None:
    said = _said(main.get(_BASE.ImageDescription))
    if said is None or said.casefold() in _NOT_SAID:
        said = _windows_text(main.get(_BASE.XPComment))
    return said


def _copyright(value: Any) -> str | None:
    """The photographer's and the editor's, which a NUL parts."""
    parts = value.split("\0") if isinstance(value, str) else [value]
    return "; ".join(filter(None, map(_said, parts))) or None


def _rating(main: dict[int, Any]) -> int | None:
    stars, per_cent = main.get(_BASE.Rating), main.get(_BASE.RatingPercent)
    if isinstance(stars, int):
        return min(5, max(0, stars))
    return stars_of(per_cent) if isinstance(per_cent, int) else None


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

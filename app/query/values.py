"""The values of filters: ``year:2018..2020`` to a ``PhotoFilter`` and its reading in plain words.

Every filter takes a list (``type:jpg,heic``); dates and numbers take ranges (``2018..2020``,
``2018..``, ``>2000``). Each function here gets one value of the list and raises ``ValueError``
with what it expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import MAXYEAR, datetime, timedelta

from app.labels import vocabulary
from store import filters
from store.filters import PhotoFilter
from store.sql.fspath import expanded

# What people call a kind of file -> Pillow's names of its content.
_FORMATS = {
    "JPG": ("JPEG", "MPO"),
    "JPEG": ("JPEG", "MPO"),
    "HEIC": ("HEIF",),
    "TIF": ("TIFF",),
    "JP2": ("JPEG2000",),
}
_UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9}
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
_NEAR_KM = 10.0

Read = tuple[PhotoFilter, str]
"""A filter and how it reads: "width over 2000"."""


@dataclass(frozen=True)
class FilterKind:
    """One filter of the language."""

    read: Callable[[str], Read]
    example: str
    separator: str = ","


def _folder(value: str) -> Read:
    path = expanded(value)
    anchored = path.is_absolute()
    parts = tuple(part for part in path.parts if part != ".")
    if not parts:
        raise ValueError("a folder's name or path")
    return filters.InFolder(parts, anchored), f"in {value}"


def _name(value: str) -> Read:
    glob = value if re.search(r"[*?\[]", value) else f"*{value}*"
    return filters.Name(glob), f"named {value}"


def period(value: str) -> tuple[datetime, datetime]:
    """The first moment of a year, month or day, and the first one after it.

    Raises:
        ValueError: it is none.
    """
    match = _DATE.fullmatch(value)
    if not match:
        raise ValueError("a date like 2019, 2019-07 or 2019-07-14")
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None
    try:
        start = datetime(year, month or 1, day or 1)
        if day:
            return start, start + timedelta(days=1)
        following = (year, month + 1) if month and month < 12 else (year + 1, 1)
        return start, datetime(*following, 1)
    except (ValueError, OverflowError):
        raise ValueError(f"a date that exists, between 0001 and {MAXYEAR - 1}") from None


def _after(value: str) -> Read:
    return filters.Taken(start=period(value)[0]), f"from {value} on"


def _before(value: str) -> Read:
    return filters.Taken(end=period(value)[0]), f"before {value}"


def _on(value: str) -> Read:
    if comparison := re.fullmatch(r"([<>]=?)(.+)", value):
        sign, date = comparison.groups()
        start, end = period(date)
        bounds = {
            ">": filters.Taken(start=end),
            ">=": filters.Taken(start=start),
            "<": filters.Taken(end=start),
            "<=": filters.Taken(end=end),
        }
        return bounds[sign], f"taken {sign} {date}"
    first, dots, last = value.partition("..")
    if not dots:
        return filters.Taken(*period(value)), value
    if not (first or last):
        raise ValueError("a range with at least one end, like 2018..2020 or 2018..")
    if not first:
        return filters.Taken(end=period(last)[1]), f"until {last}"
    if not last:
        return filters.Taken(start=period(first)[0]), f"from {first} on"
    start, end = period(first)[0], period(last)[1]
    if start >= end:
        raise ValueError("a range whose end is not before its beginning")
    return filters.Taken(start, end), f"{first} to {last}"


def _year(value: str) -> Read:
    if not re.fullmatch(r"(\d{4})?(\.\.)?(\d{4})?|[<>]=?\d{4}", value):
        raise ValueError("a year like 2019, or a range like 2018..2020")
    return _on(value)


def _camera(value: str) -> Read:
    return filters.Contains("camera", value), f"camera {value}"


def _lens(value: str) -> Read:
    return filters.Contains("lens", value), f"lens {value}"


def _type(value: str) -> Read:
    name = value.lstrip(".").upper()
    if not re.fullmatch(r"\w+", name):
        raise ValueError("a kind of file like jpg or heic")
    names = _FORMATS.get(name, (name,))
    found = tuple(filters.Format(n) for n in names)
    return found[0] if len(found) == 1 else filters.Any(found), f"{value.lstrip('.').lower()} files"


def _measure(what: str, units: bool) -> Callable[[str], Read]:
    def number(text: str) -> int:
        match = _NUMBER.fullmatch(text.strip())
        unit = match[2].lower() if match else ""
        if not match or unit not in (_UNITS if units else ("", "px")):
            raise ValueError(
                "a size like >5mb or 100kb..2mb" if units else "a number like >2000 or 800..1200"
            )
        return round(float(match[1]) * (_UNITS[unit] if units else 1))

    def read(value: str) -> Read:
        low: int | None = None
        high: int | None = None
        if comparison := re.fullmatch(r"([<>]=?)(.+)", value):
            sign, limit = comparison[1], number(comparison[2])
            if sign[0] == ">":
                low = limit + (sign == ">")
            else:
                high = limit - (sign == "<")
            return filters.Measure(what, low, high), f"{what} {sign} {comparison[2]}"  # type: ignore[arg-type]
        if ".." in value:
            first, last = value.split("..", 1)
            if not first and not last:
                raise ValueError("a range with at least one end")
            low = number(first) if first else None
            high = number(last) if last else None
            if low is not None and high is not None and high < low:
                raise ValueError("a range whose end is not before its beginning")
        else:
            low = high = number(value)
        return filters.Measure(what, low, high), f"{what} {value}"  # type: ignore[arg-type]

    return read


def _orientation(value: str) -> Read:
    shape = value.lower()
    if shape not in ("portrait", "landscape", "square"):
        raise ValueError("portrait, landscape or square")
    return filters.Orientation(shape), shape  # type: ignore[arg-type]


def _near(value: str) -> Read:
    match = re.fullmatch(r"(-?[\d.]+)\s*,\s*(-?[\d.]+)(?:~([\d.]+)(?:km)?)?", value)
    expected = "latitude,longitude and maybe ~km, as in 48.85,2.35~10km"
    try:
        if not match:
            raise ValueError
        latitude, longitude = float(match[1]), float(match[2])
        km = float(match[3]) if match[3] else _NEAR_KM
    except ValueError:
        raise ValueError(expected) from None
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise ValueError(f"{expected}; latitudes end at 90, longitudes at 180")
    where = f"within {km:g} km of {latitude:g},{longitude:g}"
    return filters.Near(latitude, longitude, km), where


def _place(value: str) -> Read:
    return filters.Contains("place", value), f"in or near {value}"


def _has(value: str) -> Read:
    if value.lower() != "gps":
        raise ValueError("gps")
    return filters.HasPlace(), "with a place"


def _is(value: str) -> Read:
    match value.lower():
        case "favourite" | "favorite":
            return filters.Tagged(filters.FAVOURITE), "favourites"
        case "offline":
            return filters.IsOffline(), "offline"
    raise ValueError("favourite or offline")


def is_text(name: str) -> bool:
    """Whether a name can be stored; what was typed in another encoding can't."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _tag(value: str) -> Read:
    if not is_text(value):
        raise ValueError("a name that is valid UTF-8")
    return filters.Tagged(value), f"tagged {value}"


def _label(value: str) -> Read:
    words = vocabulary.everyday()
    if words.number(value) is None:
        close = words.like(value)
        hint = f" (did you mean {' or '.join(close)}?)" if close else ""
        raise ValueError(f"one of the built-in labels{hint}")
    return filters.Labelled(" ".join(value.lower().split())), f"labelled {value}"


FILTERS: dict[str, FilterKind] = {
    "in": FilterKind(_folder, "in:Trips"),
    "name": FilterKind(_name, "name:IMG_2*"),
    "after": FilterKind(_after, "after:2019"),
    "before": FilterKind(_before, "before:2021-06"),
    "on": FilterKind(_on, "on:2020-07-14"),
    "year": FilterKind(_year, "year:2018..2020"),
    "camera": FilterKind(_camera, "camera:fuji"),
    "lens": FilterKind(_lens, "lens:35mm"),
    "type": FilterKind(_type, "type:jpg,heic"),
    "width": FilterKind(_measure("width", units=False), "width:>2000"),
    "height": FilterKind(_measure("height", units=False), "height:800..1200"),
    "size": FilterKind(_measure("size", units=True), "size:>5mb"),
    "orientation": FilterKind(_orientation, "orientation:portrait"),
    "near": FilterKind(_near, "near:48.85,2.35~10km", separator=";"),
    "place": FilterKind(_place, "place:Paris"),
    "has": FilterKind(_has, "has:gps"),
    "is": FilterKind(_is, "is:favourite"),
    "tag": FilterKind(_tag, "tag:family"),
    "label": FilterKind(_label, "label:dog"),
}
"""Every filter by its key, in the order in which the documentation lists them."""


def read_filter(key: str, values: list[str], negative: bool) -> Read:
    """The filter ``key`` with any of ``values``, turned around if ``negative``.

    Raises:
        ValueError: what was expected.
    """
    read = [FILTERS[key].read(value) for value in values]
    found = read[0][0] if len(read) == 1 else filters.Any(tuple(one for one, _ in read))
    reading = " or ".join(text for _, text in read)
    return (filters.Not(found), f"not {reading}") if negative else (found, reading)

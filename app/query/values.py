"""The values of filters: ``year:2018..2020`` to a ``PhotoFilter`` and its reading in plain words.

Every filter takes a list (``type:jpg,heic``); dates and numbers take ranges (``2018..2020``,
``2018..``, ``>2000``). Each function here gets one value of the list and raises ``ValueError``
with what it expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from app.labels import vocabulary
from app.query.file_types import PHOTO, VIDEO, formats_of
from app.query.ranges import Read, after, before, duration, measure, on, rating, year
from store import filters
from store.filters import PhotoFilter
from store.misreadings import folded
from store.sql.fspath import expanded

_NEAR_KM = 10.0


@dataclass(frozen=True)
class FilterKind:
    """One filter of the language."""

    read: Callable[[str], Read]
    example: str
    separator: str = ","


@dataclass(frozen=True)
class FilterPart:
    """One filter of a query and its reading in plain words; one of plain words has no ``key``."""

    key: str | None
    filter: PhotoFilter
    reading: str


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


def _camera(value: str) -> Read:
    return filters.Contains("camera", value), f"camera {value}"


def _lens(value: str) -> Read:
    return filters.Contains("lens", value), f"lens {value}"


def _type(value: str) -> Read:
    asked = value.lstrip(".").lower()
    if not re.fullmatch(r"\w+", asked):
        raise ValueError("a kind of file like jpg or heic, photo or video")
    if asked == PHOTO:
        return filters.Not(_type(VIDEO)[0]), "photos"
    formats = tuple(filters.Format(name) for name in formats_of(asked))
    filter = formats[0] if len(formats) == 1 else filters.Any(formats)
    return filter, "videos" if asked == VIDEO else f"{asked} files"


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
        case "hidden":
            return filters.Tagged(filters.HIDDEN), "hidden"
        case "offline":
            return filters.IsOffline(), "offline"
    raise ValueError("favourite, hidden or offline")


def is_text(name: str) -> bool:
    """Whether a name can be stored: one that was typed in a different encoding can't."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _tag(value: str) -> Read:
    if not is_text(value):
        raise ValueError("a name that is valid UTF-8")
    if value.lower() == filters.HIDDEN:
        raise ValueError("a tag (hidden photos are asked for with is:hidden)")
    return filters.Tagged(value), f"tagged {value}"


def _album(value: str) -> Read:
    if not is_text(value):
        raise ValueError("a name that is valid UTF-8")
    return filters.InAlbum(" ".join(value.split())), f"in the album {value}"


def _keyword(value: str) -> Read:
    if not value.strip(" |/"):
        raise ValueError("a keyword")
    return filters.HasKeyword(value), f"keyword {value}"


def _text(value: str) -> Read:
    if not folded(value):
        raise ValueError("a word that can be read in pictures")
    return filters.HasText(value), f"with the text “{value}”"


def _title(value: str) -> Read:
    return filters.Contains("title", value), f"titled {value}"


def _by(value: str) -> Read:
    return filters.Contains("creator", value), f"by {value}"


def _colour_label(value: str) -> Read:
    return filters.ColourLabel(value), f"{value} colour label"


def _label(value: str) -> Read:
    words = vocabulary.everyday()
    said = " ".join(value.lower().split())
    number = words.number(value)
    if number is None:
        number = words.number_meant(value)
    if number is not None and words.are_labels[number]:
        english = words.names[number]
        meant = "" if said == english else f" ({english})"
        return filters.Labelled(english), f"labelled {value}{meant}"
    if number is not None or not vocabulary.is_name(value):
        close = [name for name in words.like(value) if words.are_labels[words.names.index(name)]]
        hint = f" (is it {' or '.join(close)}?)" if close else ""
        raise ValueError(
            f"the name of one thing{hint}; search for what happens in a photo without label:"
        )
    return filters.Labelled(said), f"that clearly show {value}"


FILTERS: dict[str, FilterKind] = {
    "in": FilterKind(_folder, "in:Trips"),
    "name": FilterKind(_name, "name:IMG_2*"),
    "after": FilterKind(after, "after:2019"),
    "before": FilterKind(before, "before:2021-06"),
    "on": FilterKind(on, "on:2020-07-14"),
    "year": FilterKind(year, "year:2018..2020"),
    "camera": FilterKind(_camera, "camera:fuji"),
    "lens": FilterKind(_lens, "lens:35mm"),
    "type": FilterKind(_type, "type:jpg,heic"),
    "width": FilterKind(measure("width", units=False), "width:>2000"),
    "height": FilterKind(measure("height", units=False), "height:800..1200"),
    "size": FilterKind(measure("size", units=True), "size:>5mb"),
    "duration": FilterKind(duration, "duration:>60"),
    "orientation": FilterKind(_orientation, "orientation:portrait"),
    "near": FilterKind(_near, "near:48.85,2.35~10km", separator=";"),
    "place": FilterKind(_place, "place:Paris"),
    "has": FilterKind(_has, "has:gps"),
    "is": FilterKind(_is, "is:favourite"),
    "tag": FilterKind(_tag, "tag:family"),
    "album": FilterKind(_album, 'album:"Summer 2019"'),
    "label": FilterKind(_label, "label:dog"),
    "keyword": FilterKind(_keyword, "keyword:holiday"),
    "text": FilterKind(_text, 'text:"no parking"'),
    "title": FilterKind(_title, "title:wedding"),
    "by": FilterKind(_by, "by:Ana"),
    "rating": FilterKind(rating, "rating:>=4"),
    "colour-label": FilterKind(_colour_label, "colour-label:red"),
}
"""Every filter by its key, in the order in which the documentation lists them."""


def read_filter(key: str, values: list[str], negative: bool) -> Read:
    """The filter ``key`` with any of ``values``, inverted if ``negative``.

    Raises:
        ValueError: a value is wrong; the message says what was expected.
    """
    read = [FILTERS[key].read(value) for value in values]
    filter = read[0][0] if len(read) == 1 else filters.Any(tuple(one for one, _ in read))
    reading = " or ".join(text for _, text in read)
    return (filters.Not(filter), f"not {reading}") if negative else (filter, reading)

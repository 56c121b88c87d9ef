"""What a video's file says beside its frames: when and where it was taken, its title, ...

Phones of Apple say the local time and its zone; others say the time in UTC, which becomes the local
time of this machine, as the times of files do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta, timezone

from indexer.pictures.moments import Moment, moment
from store.metadata import Metadata, is_place
from store.values import ContentFacts

_APPLE = "com.apple.quicktime."
_PLACE = re.compile(r"([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)")  # ISO 6709, in degrees
_NO_TIME = 1970
"""The year of times that nobody set: containers count from 1904 or 1970."""
_LONGEST_TEXT = 2_000

_OF_CONTAINER = {
    "matroska": "MKV",
    "avi": "AVI",
    "mpegts": "MTS",
    "mpeg": "MPEG",
    "mpegvideo": "MPEG",
    "asf": "WMV",
    "flv": "FLV",
    "ogg": "OGV",
    "mxf": "MXF",
}


def facts_of(
    tags: Mapping[str, str],
    *,
    container: str,
    name: str,
    width: int,
    height: int,
    duration_ms: int,
) -> ContentFacts:
    """What is known of a video.

    Args:
        tags: what its file says, by FFmpeg's names.
        container: FFmpeg's name of its format.
        name: that of the file.
        width, height: pixels, upright.
    """
    said = {_text(key).lower(): _text(value).strip()[:_LONGEST_TEXT] for key, value in tags.items()}
    told = _metadata(said)
    return ContentFacts(
        width=width,
        height=height,
        format=_format(container, name, said.get("major_brand", "")),
        taken_at=told.taken_at,
        camera=_camera(said),
        latitude=told.latitude,
        longitude=told.longitude,
        taken_from="exif" if told.taken_at else None,
        taken_offset=told.offset,
        title=told.title,
        description=told.description,
        creator=told.creator,
        copyright=told.copyright,
        duration_ms=duration_ms,
        told=told,
    )


def _text(tag: str) -> str:
    """A tag as PyAV gives it, with U+FFFD for bytes of it that are not UTF-8."""
    return tag.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _metadata(said: Mapping[str, str]) -> Metadata:
    def first(*names: str) -> str | None:
        return next((said[name] for name in names if said.get(name)), None)

    time = _time(said)
    latitude, longitude = _place(first(f"{_APPLE}location.iso6709", "location", "location-eng"))
    return Metadata(
        taken_at=time.at if time else None,
        offset=time.offset if time else None,
        latitude=latitude,
        longitude=longitude,
        title=first("title", f"{_APPLE}title"),
        description=first("description", f"{_APPLE}description", "synopsis", "comment"),
        creator=first("artist", f"{_APPLE}artist", f"{_APPLE}author", "author"),
        copyright=first("copyright", f"{_APPLE}copyright"),
    )


def _time(said: Mapping[str, str]) -> Moment | None:
    own = moment(said.get(f"{_APPLE}creationdate"))
    if own is not None and not own.only_day:
        return own
    time = moment(said.get("creation_time"))
    if time is None or time.only_day or time.at.year <= _NO_TIME:
        return None
    zone = timezone(timedelta(minutes=time.offset or 0))
    try:
        here = time.at.replace(tzinfo=zone).astimezone()
    except (OverflowError, OSError, ValueError):  # of a time that this machine does not know
        return replace(time, offset=time.offset or 0)
    ahead = here.utcoffset() or timedelta()
    return Moment(here.replace(tzinfo=None), offset=int(ahead.total_seconds() // 60))


def _place(text: str | None) -> tuple[float | None, float | None]:
    match = _PLACE.match(text) if text else None
    if not match:
        return None, None
    latitude, longitude = float(match[1]), float(match[2])
    return (latitude, longitude) if is_place(latitude, longitude) else (None, None)


def _camera(said: Mapping[str, str]) -> str | None:
    make, model = (
        said.get(f"{_APPLE}{what}") or said.get(f"com.android.{what}") or said.get(what) or None
        for what in ("make", "model")
    )
    if make and model and not model.lower().startswith(make.split()[0].lower()):
        return f"{make} {model}"
    return model or make


def _format(container: str, name: str, brand: str) -> str:
    first = container.split(",")[0]
    if first in _OF_CONTAINER:
        return "WEBM" if name.lower().endswith(".webm") else _OF_CONTAINER[first]
    if brand.startswith("3g"):
        return "3GP"
    return "MOV" if brand.startswith("qt") or (not brand and first == "mov") else "MP4"

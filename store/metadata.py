"""What a photo says beside its pixels, and which of several sources is believed.

A photo's own file says something, and so may XMP files beside it (sidecars) and its name. What each
of them said is kept apart, so that it is there again when a sidecar goes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Literal

TakenFrom = Literal["exif", "sidecar", "name", "file"]
"""Where the time that a photo was taken is from: what its own file says inside (EXIF, IPTC, XMP), a
sidecar, its name, or the time of the file itself."""

SIDECAR = ".xmp"
BETWEEN = "|"
"""What stands between the names of a hierarchical keyword, the widest first."""


@dataclass(frozen=True)
class Metadata:
    """What one source says; None where it says nothing.

    Attributes:
        taken_at: local time of where the photo was taken; its hours mean nothing if ``only_day``.
        offset: minutes that this local time is ahead of UTC.
        latitude, longitude: degrees, WGS 84; both or none.
        place: "Town, region, country" in somebody's own words.
        creator: several are parted by "; ".
        rating: stars, 0 to 5; 0 says that there are none, -1 that the photo was rejected.
        colour_label: its name, as the program that gave it calls it.
        keywords: a hierarchical one has all names on the way to it, with ``BETWEEN`` them.
    """

    taken_at: datetime | None = None
    only_day: bool = False
    offset: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    place: str | None = None
    title: str | None = None
    description: str | None = None
    creator: str | None = None
    copyright: str | None = None
    rating: int | None = None
    colour_label: str | None = None
    keywords: tuple[str, ...] | None = None

    def plain(self) -> dict[str, Any]:
        """It as JSON can hold it, without what is not said."""
        values = {name: value for name, value in asdict(self).items() if value is not None}
        if self.taken_at is not None:
            values["taken_at"] = self.taken_at.isoformat()
        if not self.only_day:
            del values["only_day"]
        return values

    @classmethod
    def of(cls, plain: Any) -> Metadata:
        """What ``plain`` made; nothing for what it can't have made."""
        if not isinstance(plain, Mapping):
            return cls()
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in plain.items() if name in known}
        try:
            if "taken_at" in values:
                values["taken_at"] = datetime.fromisoformat(values["taken_at"])
            if "keywords" in values:
                values["keywords"] = tuple(map(str, values["keywords"]))
            return cls(**values)
        except (TypeError, ValueError):
            return cls()


@dataclass(frozen=True)
class Believed:
    """What is believed of a photo, of all that is said of it; see ``Metadata``.

    Attributes:
        taken_from: None where nothing but the file's own time says when it was taken.
        rating: None for no stars.
    """

    said: Metadata
    taken_from: TakenFrom | None


def believed(
    own: Metadata, sidecars: Sequence[Metadata], named: Metadata | None = None
) -> Believed:
    """What is believed of a photo.

    Args:
        own: what its file says.
        sidecars: what XMP files beside it say, the nearest first. Each thing that one of them says
            counts more than what the file says: this is where people correct it.
        named: the time that its name says, which counts where nothing else has one.
    """
    said, taken_from = own, "exif" if own.taken_at else None
    for one in reversed(sidecars):
        if one.taken_at is not None and not _is_same_time(one, said):
            said = replace(said, taken_at=one.taken_at, only_day=one.only_day, offset=one.offset)
            taken_from = "sidecar"
        if one.latitude is not None and one.longitude is not None:
            said = replace(said, latitude=one.latitude, longitude=one.longitude)
        for name in _ALONE:
            if (value := getattr(one, name)) is not None:
                said = replace(said, **{name: value})
    if said.taken_at is None and named is not None and named.taken_at is not None:
        said = replace(said, taken_at=named.taken_at, only_day=named.only_day)
        taken_from = "name"
    if not said.rating:
        said = replace(said, rating=None)
    return Believed(said, taken_from)  # type: ignore[arg-type]


_ALONE = (
    *("place", "title", "description", "creator", "copyright", "rating", "colour_label"),
    "keywords",
)


def _is_same_time(one: Metadata, other: Metadata) -> bool:
    """Whether two say the same time, of which ``other`` may say more: parts of a second."""
    if one.taken_at is None or other.taken_at is None or one.only_day != other.only_day:
        return False
    if one.offset is not None and one.offset != other.offset:
        return False
    whole = other.taken_at.replace(microsecond=0)
    return one.taken_at in (other.taken_at, whole, whole.replace(second=0))


def is_sidecar(name: str) -> bool:
    """Whether a file of this name may say something of a photo beside it."""
    return name.lower().endswith(SIDECAR) and len(name) > len(SIDECAR)


def sidecars_of(name: str, sidecars: Iterable[str]) -> list[str]:
    """Those of ``sidecars``, files of the same folder, that belong to the photo ``name``.

    For ``a.jpg`` they are ``a.jpg.xmp``, then ``a.xmp``; case makes no difference, but the same
    case comes first.
    """
    wanted = {f"{name}{SIDECAR}".casefold(): 0, f"{_stem(name)}{SIDECAR}".casefold(): 2}
    ranked = []
    for one in sidecars:
        rank = wanted.get(one.casefold())
        if rank is not None:
            differs = not one.startswith(_stem(name))
            ranked.append((rank + differs, one))
    return [one for _, one in sorted(ranked)]


def photos_of(sidecar: str, photos: Iterable[str]) -> list[str]:
    """Those of ``photos``, files of the same folder, that a sidecar belongs to."""
    return [name for name in photos if sidecars_of(name, (sidecar,))]


def _stem(name: str) -> str:
    return PurePosixPath(name).stem


def is_place(latitude: float | None, longitude: float | None) -> bool:
    """Whether two numbers are a place on Earth, other than where receivers without a fix are."""
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return False
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        return False
    return abs(latitude) <= 90 and abs(longitude) <= 180

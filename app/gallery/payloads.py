"""The typed values that the page is sent, and the one place that makes JSON of them.

A ``NamedTuple`` becomes a list, to save bytes where there are thousands; a dataclass, a dictionary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any, NamedTuple

from app.gallery.facets import Count, Folder
from app.plain_json import without_nan

NumberedPicture = tuple[int, str]
"""The id of a content and its short digest, from which the page makes an address."""


class Tile(NamedTuple):
    """One result in the grid.

    Attributes:
        ratio: width divided by height.
        day: days since 1970-01-01.
        level: 2 for a strong match, 1 fair, 0 weak, -1 where nothing measures it.
        favourite, offline: 1 if it is.
        burst: how many further photos of the same moment it stands for.
        digest: see ``app.gallery.addresses``.
        shows: what it surely shows, as the page's user calls it: for those who can't see it.
        blur: see ``indexer.pictures.thumbnails.blur_of``; may be empty.
        seconds: how long it is, if it is a video; -1 for a photo.
        moment: where a video is nearest to what is searched for, in milliseconds; else -1.
    """

    id: int
    ratio: float
    day: int
    level: int
    favourite: int
    burst: int
    offline: int
    digest: str
    shows: str = ""
    blur: str = ""
    seconds: int = -1
    moment: int = -1


class Pin(NamedTuple):
    """A photo on the map, in degrees. ``place``: the number of its place's name; -1: none."""

    id: int
    latitude: float
    longitude: float
    digest: str
    place: int


@dataclass(frozen=True)
class Pins:
    """Photos on the map, and the names of their places, each once."""

    pins: Sequence[Pin]
    names: Sequence[str]


@dataclass(frozen=True)
class ResultsPart:
    """A part of a query's results.

    Attributes:
        total: how many results the query has; each may stand for a burst.
        clear: how many of them clearly match; these come first.
        matching: how many photos clearly match, including all photos of bursts.
    """

    total: int
    clear: int
    matching: int
    tiles: Sequence[Tile]


@dataclass(frozen=True)
class Facets:
    """The values of each filter with their counts, and those that the query asks for (``chosen``).

    A count is of the photos that clearly match the words of the query and meet its other filters.
    ``label_names`` says what the page's user calls each label, ``place_names`` what they call a
    city that is a country; ``label_at_least``, that there are further photos that a label means by
    their look, which were not counted. ``dates`` has the first and last month that the query asks
    for; see ``page_edits.chosen_months``.
    """

    months: Sequence[Count]
    dates: Mapping[str, str | None]
    folders: Sequence[Folder]
    in_folders: Sequence[str] = field(metadata={"key": "in"})
    camera: Sequence[Count]
    place: Sequence[Count]
    place_names: Mapping[str, str]
    type: Sequence[Count]
    label: Sequence[Count]
    label_names: Mapping[str, str]
    tag: Sequence[Count]
    favourites: int
    albums: Sequence[str]
    concepts: Sequence[str]
    saved: Mapping[str, str]
    history: Sequence[str]
    chosen: Mapping[str, Sequence[str]]
    label_at_least: bool = False
    keyword: Sequence[Count] = ()


class Chip(NamedTuple):
    """A part of the query that can be taken out of it.

    Attributes:
        kind: what it is about: a filter's key, "date", "place", "folder", "photo", "image", ...
        rest: the query without it.
        photo: the id of the photo that it names, as text; empty if it names none.
        upload: the name of the uploaded picture that it is; empty if it is none.
    """

    kind: str
    text: str
    rest: str
    photo: str = ""
    upload: str = ""


class Offer(NamedTuple):
    """Something that can be done about a notice: an edit of the query, or an address to go to.

    With neither, it offers the sample photos, on a first visit.
    """

    text: str
    query: str | None = None
    address: str = ""


@dataclass(frozen=True)
class Notice:
    """What is shown instead of photos.

    Attributes:
        kind: "welcome" where folders can be added, "retry" where trying again may help, else "".
    """

    title: str
    lines: Sequence[str] = ()
    kind: str = ""
    offers: Sequence[Offer] = ()


@dataclass(frozen=True)
class GalleryData:
    """The data that the component begins with; ``key`` changes with what it shows.

    Attributes:
        page: "search", or "library": the component then asks for what it shows by a route.
        bursts: whether some result stands for others, or would if not each photo were shown.
        literal: the query that takes each word as it was typed; empty if that is the same.
        note: what is to be said where nothing of the query can be read.
        banners: what is going on, in a line each.
        samples: whether sample photos are among the others, which can be taken out again.
        album: the name of the album that is shown.
        hidden: how many photos are hidden.
        of_hidden: whether the query speaks of hidden photos.
        notice: what to show instead of photos.
    """

    key: str
    library: str
    q: str = ""
    page: str = "search"
    sort: str = "best"
    view: str = "photos"
    all: str = "false"
    bursts: bool = False
    ranked: bool = False
    total: int = 0
    clear: int = 0
    tiles: Sequence[Tile] = ()
    summary: str = ""
    literal: str = ""
    note: str = ""
    album: str = ""
    hidden: int = 0
    of_hidden: bool = False
    shown: Sequence[NumberedPicture] = ()
    chips: Sequence[Chip] = ()
    examples: Sequence[str] = ()
    banners: Sequence[str] = ()
    samples: bool = False
    notice: Notice | None = None
    local: bool = True


def encoded(value: object) -> Any:
    """``value`` as JSON can hold it: of typed values as above, None for a float not finite."""
    return without_nan(_plain(value))


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {
            one.metadata.get("key", one.name): _plain(getattr(value, one.name))
            for one in fields(value)
        }
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value

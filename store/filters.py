"""What photos may be restricted to, as a small tree of plain values.

``store.sql.filter_sql`` turns a tree into SQL. A filter is about one path and its content; a
content meets it if any of its living paths meets the whole tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeVar

from store.said_filters import ColourLabel as ColourLabel
from store.said_filters import HasKeyword as HasKeyword
from store.said_filters import HasText as HasText
from store.said_filters import InAlbum as InAlbum
from store.said_filters import Labelled as Labelled
from store.said_filters import Rated as Rated
from store.said_filters import Shows as Shows
from store.said_filters import Tagged as Tagged

T = TypeVar("T")


@dataclass(frozen=True)
class InFolder:
    """Folders, one within the other, anywhere on the way to the photo: ``("trips", "2019")``.

    Each may be a glob; case makes no difference. ``anchored``: from the file system's root.
    """

    parts: tuple[str, ...]
    anchored: bool = False


@dataclass(frozen=True)
class Name:
    """The file's name matches ``glob``; case makes no difference."""

    glob: str


@dataclass(frozen=True)
class Taken:
    """From ``start`` on and before ``end``, local time: the photo's, else the file's."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class InMonth:
    """Taken in this month (1 to 12) of any year, on its ``day`` if one is given: the photo's, else
    the file's."""

    month: int
    day: int | None = None


@dataclass(frozen=True)
class InHours:
    """Taken from hour ``start`` on and before hour ``end``, as the camera says."""

    start: int
    end: int


@dataclass(frozen=True)
class Contains:
    """``text`` is in the name of the camera, lens or place, in the creator's, or in the title or
    description (``title``); case and accents make no difference. In a place's, it is whole words.

    ``last``: it is the last part of the name, "Italy" in "Rome, Lazio, Italy".
    """

    what: Literal["camera", "lens", "place", "title", "creator"]
    text: str
    last: bool = False


@dataclass(frozen=True)
class Format:
    """The file's content is of this kind, by Pillow's name of it: ``JPEG``, ``HEIF``, ..."""

    name: str


@dataclass(frozen=True)
class Measure:
    """From ``low`` to ``high``, both included: pixels; bytes of the file (``size``); milliseconds
    of a video (``duration``)."""

    what: Literal["width", "height", "size", "duration"]
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Orientation:
    """Upright, as people see it; square is within one part in twenty."""

    shape: Literal["portrait", "landscape", "square"]


@dataclass(frozen=True)
class Near:
    """Within ``km`` kilometres of a place, in degrees, WGS 84."""

    latitude: float
    longitude: float
    km: float


@dataclass(frozen=True)
class HasPlace:
    """The photo says where it was taken."""


@dataclass(frozen=True)
class IsOffline:
    """The photo's root can't be seen now."""


@dataclass(frozen=True)
class OneOf:
    """The content is one of these."""

    content_ids: tuple[int, ...]


@dataclass(frozen=True)
class Not:
    inner: PhotoFilter


@dataclass(frozen=True)
class All:
    """Every one of ``inner``; of none, any photo."""

    inner: tuple[PhotoFilter, ...]


@dataclass(frozen=True)
class Any:
    """At least one of ``inner``."""

    inner: tuple[PhotoFilter, ...]


PhotoFilter = (
    InFolder | Name | Taken | InMonth | InHours | Contains | Format | Measure | Orientation
    | Near | HasPlace | IsOffline | Tagged | InAlbum | HasKeyword | HasText | Rated | ColourLabel
    | Labelled | Shows | OneOf | Not | All | Any
)  # fmt: skip
FAVOURITE = "favourite"
"""The tag that ``is:favourite`` asks for."""
HIDDEN = ":hidden"
"""The tag that ``is:hidden`` asks for. It is no tag to people: nobody gives or asks for it by name,
and no list of tags has it."""
NOT_HIDDEN = Not(Tagged(HIDDEN))
EVERY_PHOTO = Any((Tagged(HIDDEN), NOT_HIDDEN))
"""Hidden or not."""
SQUARE_WITHIN = 0.05


def fold(
    filter: PhotoFilter,
    leaf: Callable[[PhotoFilter], T],
    every: Callable[[Sequence[T]], T],
    some: Callable[[Sequence[T]], T],
    inverse: Callable[[T], T],
) -> T:
    """What a tree of filters comes to, from its leaves up.

    Args:
        leaf: what one condition comes to.
        every, some: what ``All`` and ``Any`` make of what is inside them.
        inverse: what ``Not`` makes of it.
    """

    def of(one: PhotoFilter) -> T:
        match one:
            case All(inner):
                return every([of(part) for part in inner])
            case Any(inner):
                return some([of(part) for part in inner])
            case Not(part):
                return inverse(of(part))
        return leaf(one)

    return of(filter)


def mapped(filter: PhotoFilter, change: Callable[[PhotoFilter], PhotoFilter]) -> PhotoFilter:
    """The same tree with ``change`` of each of its conditions."""
    return fold(
        filter, change, lambda inner: All(tuple(inner)), lambda inner: Any(tuple(inner)), Not
    )


def conditions(filter: PhotoFilter | None) -> Iterator[PhotoFilter]:
    """Every single condition in a tree, in order; none without a filter."""
    if isinstance(filter, All | Any):
        for part in filter.inner:
            yield from conditions(part)
    elif isinstance(filter, Not):
        yield from conditions(filter.inner)
    elif filter is not None:
        yield filter


def all_of(filters: Sequence[PhotoFilter]) -> PhotoFilter | None:
    """One filter that asks for every one of ``filters``; None for none. ``parts`` undoes it."""
    if len(filters) < 2:
        return filters[0] if filters else None
    return All(tuple(filters))


def any_of(filters: Sequence[PhotoFilter]) -> PhotoFilter:
    """One filter that asks for any of ``filters``, one or more."""
    return filters[0] if len(filters) == 1 else Any(tuple(filters))


def parts(filter: PhotoFilter | None) -> tuple[PhotoFilter, ...]:
    """The filters that have to be met together, as ``all_of`` takes them."""
    if filter is None:
        return ()
    return filter.inner if isinstance(filter, All) else (filter,)


def alternatives(filter: PhotoFilter) -> tuple[PhotoFilter, ...]:
    """The filters of which one is enough, as ``any_of`` takes them."""
    return filter.inner if isinstance(filter, Any) else (filter,)

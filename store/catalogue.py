"""What a page asks of a library's photos: how many, in which order, when and where taken.

``store.column_catalogue`` answers from the columns of all photos, in memory: for a library in a
folder. ``store.sql.row_catalogue`` asks a server, and reads no more than is asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from store.filters import PhotoFilter
from store.labels import GivenLabels
from store.vectors import Ids

_EPOCH = datetime(1970, 1, 1)

Kind = Literal["month", "year", "camera", "place", "format", "keyword"]
"""What photos are counted by. A month ("2019-07") is of ``taken``; a year, only where the camera
left it."""


@dataclass(frozen=True)
class PhotoRows:
    """What a grid shows of some contents: arrays (n,), in order of ``ids``.

    Attributes:
        taken: local time, as ``datetime64[s]``; that of its first file where the camera left none.
        width, height: pixels, upright.
        offline: whether its drive is not there now, or the photo was missing at the last look.
        digests: the first eight hexadecimal digits of the file's SHA-256.
    """

    ids: Ids
    taken: NDArray[np.datetime64]
    width: NDArray[np.int32]
    height: NDArray[np.int32]
    offline: NDArray[np.bool_]
    digests: Sequence[str]


@dataclass(frozen=True)
class InFolders:
    """How many photos are right in each folder (absolute, as text).

    A content that is in several folders counts in each of them. ``shared`` has such folders, and
    how many contents are in just these.
    """

    direct: Mapping[str, int]
    shared: Sequence[tuple[tuple[str, ...], int]] = field(default_factory=tuple)


@dataclass(frozen=True)
class Located:
    """Photos that say where they were taken: (n,) each; degrees. ``digests``: see ``PhotoRows``.

    ``places``: the names of their places; empty where there is none.
    """

    ids: Ids
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    digests: Sequence[str]
    places: Sequence[str]


class InOrder(Protocol):
    """Photos in an order, of which any part can be asked for."""

    def __len__(self) -> int:
        """How many there are."""

    def part(self, start: int, count: int) -> Ids:
        """The ids of up to ``count`` of them from place ``start`` on, (m,)."""


class PhotoSet(Protocol):
    """Some photos of a library, or all of them."""

    def __len__(self) -> int:
        """How many contents they are."""

    def counts(self, kind: Kind) -> Mapping[str, int]:
        """How many have each value; those without one are left out."""

    def folders(self) -> InFolders:
        """How many are in each folder."""

    def tags(self) -> Mapping[str, int]:
        """How many have each tag that any of them has, in order of tag."""

    def labels(self, given: GivenLabels) -> Mapping[int, int]:
        """How many show each concept, by its number."""

    def located(self, *, newest: bool) -> Located:
        """Those with a place: in order of the ids that were chosen, else by time."""

    def in_order(self, *, newest: bool) -> InOrder:
        """By time, and by id where that is the same: the newest first, or the other way round."""


def in_seconds(times: Sequence[datetime]) -> NDArray[np.float64]:
    """``times`` as seconds since 1970, (n,). NumPy's own way from one to the other takes longer,
    and each search would wait for it."""
    return np.array([(time - _EPOCH).total_seconds() for time in times], np.float64)


class Moments(Protocol):
    """When the camera took the photos of a library."""

    def of(self, ids: Ids) -> dict[int, datetime]:
        """The times of ``ids`` (n,); photos that do not say when they were taken have none."""

    def around(self, moments: Collection[datetime]) -> dict[int, datetime]:
        """The times of all photos that may be in one burst with a photo of any of ``moments``."""


class Catalogue(Protocol):
    """The photos that a search with one model may find, as of one generation of the library."""

    @property
    def generation(self) -> int:
        """The library's generation when the catalogue was made."""

    @property
    def everything(self) -> PhotoSet:
        """All photos."""

    def choose(self, filter: PhotoFilter | None, ids: Ids | None = None) -> PhotoSet:
        """Those that meet ``filter`` (which names no label), of all or only of ``ids`` (n,)."""

    def rows(self, ids: Ids) -> PhotoRows:
        """What is to be shown of ``ids`` (n,), in their order; those not there are left out."""

    def taken(self, ids: Ids) -> NDArray[np.datetime64]:
        """See ``PhotoRows``; (n,), NaT for those that are not there."""

    def moments(self, within: timedelta) -> Moments:
        """When cameras took them; photos so near in time may be of one burst."""

"""The typed values that the page is sent of albums and of groups of photos; see ``payloads``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Copy(NamedTuple):
    """A file that shows the same as others; ``id`` and ``digest`` as in ``Tile``, size in pixels.

    ``taken`` is local time, ``2019-07-14T12:30:00``; its hours mean nothing if ``only_day``.
    """

    id: int
    digest: str
    path: str
    width: int
    height: int
    bytes: int
    taken: str
    only_day: bool


@dataclass(frozen=True)
class Duplicates:
    """Files that show one picture, or photos of one moment (``burst``); the largest first.

    ``kind`` is else as in ``app.duplicates``, and so are ``changes``.
    """

    kind: str
    changes: Sequence[str]
    copies: Sequence[Copy]


@dataclass(frozen=True)
class AllDuplicates:
    """The largest groups, and how many there are; or how far the look for them is.

    Attributes:
        done, of: what was looked at, of so many; None: all was.
    """

    total: int = 0
    groups: Sequence[Duplicates] = ()
    what: str = ""
    done: int | None = None
    of: int | None = None


class AlbumCard(NamedTuple):
    """An album, or a saved search, as a place to go to: how many photos, and one of them.

    Attributes:
        query: what shows it.
        id, digest: of the photo, as in ``Tile``; 0 and empty if there is none.
    """

    name: str
    query: str
    photos: int
    id: int
    digest: str


@dataclass(frozen=True)
class Albums:
    """All albums, and the saved searches beside them."""

    albums: Sequence[AlbumCard]
    saved: Sequence[AlbumCard]

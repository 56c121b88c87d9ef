"""Plain values that go into and come out of a library; no database type leaves ``store``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from store.metadata import Metadata, TakenFrom
from store.states import State

if TYPE_CHECKING:  # NumPy is not for those who only ask how things stand
    from store.frames import SeenFrame
    from store.vectors import Vectors

DATABASE = "library.db"
"""The file in a library's folder that holds all that can't be made again."""

Tell = Callable[[str], None]
"""Takes a line for the user while something takes long."""


def silent(_line: str) -> None:
    """Tell nobody."""


Views = Literal["auto", "1", "2"]
"""How many views of each picture a run takes; see ``indexer.encoders.views``."""


@dataclass(frozen=True)
class ModelInfo:
    """The model behind a set of vectors. ``fingerprint`` is of weights and preprocessing."""

    id: int
    name: str
    fingerprint: str
    dim: int


@dataclass(frozen=True)
class RootInfo:
    """A folder that the user asked to index."""

    id: int
    path: Path
    excludes: tuple[str, ...]


@dataclass(frozen=True)
class RootStatus:
    """A root, whether it can be seen now, and how many paths of it are in each state."""

    root: RootInfo
    online: bool
    counts: dict[State, int]
    away: int = 0  # of them, missed at the last look


@dataclass(frozen=True)
class ContentFacts:
    """What is known of a picture. Sizes in pixels, upright; place in degrees.

    ``told`` is what its file says, which is written and never read; what is believed of that, and
    of what its sidecars and name say, is in the other fields. See ``store.metadata``.
    """

    width: int
    height: int
    format: str
    taken_at: datetime | None = None
    camera: str | None = None
    lens: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    place: str | None = None  # the nearest town; "" if there is none, None if nobody looked yet
    taken_from: TakenFrom | None = None
    taken_offset: int | None = None  # minutes ahead of UTC
    only_day: bool = False
    title: str | None = None
    description: str | None = None
    creator: str | None = None
    copyright: str | None = None
    rating: int | None = None  # 1 to 5 stars, -1: rejected
    colour_label: str | None = None
    duration_ms: int | None = None  # of a video; 0 where nothing says it
    told: Metadata | None = None


@dataclass(frozen=True)
class Picture:
    """A readable picture. ``facts`` and ``vector`` (dim,) are None where known already.

    Of a video, ``vector`` is that of the first of its ``frames``.
    """

    digest: bytes
    facts: ContentFacts | None
    vector: Vectors | None
    frames: tuple[SeenFrame, ...] = ()


@dataclass(frozen=True)
class FileRecord:
    """One path as a run found it: ``folder`` is relative to the root, "/" between names."""

    root_id: int
    folder: str
    name: str
    size: int
    mtime_ns: int
    state: State
    reason: str | None = None
    picture: Picture | None = None
    filesystem_id: int | None = None
    sidecar: Metadata | None = None  # what it says, if it is one


@dataclass(frozen=True)
class KnownFile:
    """One path as the library has it.

    ``embedded``: by the model that was asked about. ``digest``: the SHA-256 of its content, if it
    has any. ``away``: missed at the last look. ``filesystem_id``: where it was last seen.
    """

    id: int
    size: int
    mtime_ns: int
    state: State
    has_content: bool
    embedded: bool
    digest: bytes | None = None
    away: bool = False
    filesystem_id: int | None = None

    @property
    def is_living(self) -> bool:
        """Whether there is a picture here as far as anybody knows, away or not."""
        return self.has_content and self.state is not State.GONE


@dataclass(frozen=True)
class Example:
    """A picture that shows what a concept means, or (``negative``) does not.

    ``vector`` (dim,) is by the model ``model_id``; ``content_id`` is None for one that is not
    indexed (any more).
    """

    path: str
    negative: bool
    content_id: int | None
    model_id: int
    vector: Vectors

    def is_sound(self, dim: int) -> bool:
        """Whether the vector is a finite one of unit length; false for much of what damage does."""
        from store.vectors import are_unit

        return self.vector.shape == (dim,) and bool(are_unit(self.vector[None])[0])


@dataclass(frozen=True)
class AlbumInfo:
    """An album: how many of its pictures the library has, and the first of them, a content."""

    name: str
    count: int
    cover: int | None


@dataclass(frozen=True)
class PhotoInfo:
    """One path with all that is known of it, for showing. ``id`` is of the path."""

    id: int
    content_id: int | None
    root: Path
    path: Path
    state: State
    reason: str | None
    size: int
    mtime_ns: int
    facts: ContentFacts | None
    away: bool = False  # missed at the last look; its drive may be unplugged

    @property
    def is_video(self) -> bool:
        return self.facts is not None and self.facts.duration_ms is not None

    @property
    def taken_at(self) -> datetime:
        """When the photo was taken; the file's own time where nothing else says it."""
        if self.facts and self.facts.taken_at:
            return self.facts.taken_at
        return datetime.fromtimestamp(self.mtime_ns / 1e9)

    @property
    def taken_from(self) -> TakenFrom:
        """Where ``taken_at`` is from."""
        if not self.facts or not self.facts.taken_at:
            return "file"
        return self.facts.taken_from or "exif"  # so it was before there was anything else

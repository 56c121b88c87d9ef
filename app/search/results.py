"""The results of a search, as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, overload

from app.query.model import Query
from app.search.relevance import Relevance, relevance
from store.metadata import TakenFrom

Sort = Literal["score", "date", "name"]


@dataclass(frozen=True)
class Hit:
    """One photo among the results of a search.

    Attributes:
        id: the number of its content; ``like:7`` means the photo with id 7.
        path: where it is: of its paths that meet the filters, one that can be read now if any can.
        score: the cosine of query and picture, less what negatives take off. For words, also less
            what the picture is nearer to any text than the library's usual picture is, and more for
            words of the query in its names. It ranks the hits of one query; across queries and
            models it means nothing. 0 where the query has filters only.
        taken_at: when it was taken, local time; the file's own time where nothing else says it.
        width, height: pixels, upright.
        place: the nearest town, its region and country; empty where the photo does not say.
        offline: whether its drive or folder is not there now.
        copies: further paths with the very same content.
        raws: the camera raw files beside it, for which it shows.
        live_videos: the same, for the video of a live photo.
        asked_for: those of both that the query's ``type:`` and ``name:`` ask for, where they do not
            mean the picture itself: ``type:cr2`` means the raw.
        burst: the paths of the nearly alike photos of the same moment that it stands for, in order
            of time; the same whatever the limit.
        tags: words that the user gave it.
        strength: how far the score stands out, on a scale that can be compared across queries; None
            where nothing measures it.
        names: words of the query that its names have, by what has them: ``name`` (the file's),
            ``folder``, ``tag``, ``concept``, ``keyword``, ``title``, ``description``, or ``text``
            (in the picture). They count in ``score``.
        taken_from: where ``taken_at`` is from: "exif" (anything inside the file that says so),
            "sidecar", "name" (the file's) or "file" (its time).
        taken_offset: how many minutes ``taken_at`` is ahead of UTC; None where nothing says so.
        keywords: by the file or its sidecar; a hierarchical one is "Places|Europe|Paris".
        title, description, creator, copyright, colour_label: by the file or its sidecar.
        rating: 1 to 5 stars, -1 for a photo that was rejected; None for no stars.
        duration: of a video, in seconds; 0 where its file does not say it. None for a photo.
        moment: of a video, where it is nearest to what is searched for, in seconds from its
            beginning; None where the query has filters only.
        hidden: whether its user hid it: then it is a result only where hidden photos are asked for.
        relevance: ``strength`` in one word.
    """

    id: int
    path: Path
    score: float
    taken_at: datetime
    width: int
    height: int
    place: str
    offline: bool
    copies: tuple[Path, ...]
    tags: tuple[str, ...]
    strength: float | None = None
    burst: tuple[Path, ...] = ()
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    taken_from: TakenFrom = "file"
    taken_offset: int | None = None
    keywords: tuple[str, ...] = ()
    title: str | None = None
    description: str | None = None
    creator: str | None = None
    copyright: str | None = None
    rating: int | None = None
    colour_label: str | None = None
    duration: float | None = None
    moment: float | None = None
    raws: tuple[Path, ...] = ()
    live_videos: tuple[Path, ...] = ()
    asked_for: tuple[Path, ...] = ()
    hidden: bool = False

    @property
    def relevance(self) -> Relevance | None:
        return None if self.strength is None else relevance(self.strength)

    @property
    def files(self) -> tuple[Path, ...]:
        """Its path, and those of the files for which it shows: of one folder, its own if any is."""
        beside = self.raws + self.live_videos
        folders = [self.path.parent, *(path.parent for path in beside)]
        chosen = next((one for one in folders if any(path.parent == one for path in beside)), None)
        return (self.path, *(path for path in beside if path.parent == chosen))

    @property
    def clear(self) -> bool:
        """Whether it clearly matches; true where nothing measures that."""
        return self.relevance != "weak"


@dataclass(frozen=True)
class Results(Sequence[Hit]):
    """The results of a search: a sequence of hits, best first.

    Attributes:
        query: the query, as it was understood.
        hits: the same hits as a plain sequence.
        cut: whether a text was longer than the model reads, so that its end did not count.
    """

    query: Query
    hits: Sequence[Hit]
    cut: bool

    def __len__(self) -> int:
        return len(self.hits)

    @overload
    def __getitem__(self, place: int) -> Hit: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Hit]: ...
    def __getitem__(self, place: int | slice) -> Hit | Sequence[Hit]:
        return self.hits[place]

"""What a search gives back, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, overload

from app.query.model import Query
from app.search.relevance import Relevance, relevance

Sort = Literal["score", "date", "name"]


@dataclass(frozen=True)
class Hit:
    """One picture that a search gives back.

    Attributes:
        id: of its content; ``like:7`` means the photo with id 7.
        path: where it is: one of its paths that the filters mean, and can be seen now, if any can.
        score: cosine of query and picture, -1 to 1, less what negatives take off. It ranks the
            hits of one query; across queries and models it means nothing. 0 where the query has
            filters only.
        taken_at: when it was taken; the file's own time where the camera left none.
        width, height: pixels, upright.
        place: the nearest town, its region and country; empty where the photo does not say.
        offline: its drive or folder is not there now.
        copies: further paths with the very same content.
        burst: further photos of the same moment, nearly alike, that it stands for, in order of
            time; the same whatever the limit.
        tags: words that the user gave it.
        strength: how far the score stands out, in standard deviations; None without terms to
            measure by. It compares across queries.
        relevance: the same in one word.
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

    @property
    def relevance(self) -> Relevance | None:
        return None if self.strength is None else relevance(self.strength)

    @property
    def clear(self) -> bool:
        """Whether it clearly matches; true where nothing measures that."""
        return self.relevance != "weak"


@dataclass(frozen=True)
class Results(Sequence[Hit]):
    """What a search gives back: a sequence of hits, best first.

    Attributes:
        query: what was asked, as it was understood.
        hits: the same hits as a plain sequence.
        cut: some text was longer than the model reads, so that its end did not count.
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

"""How a library stands: what ``clipsearch status`` says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from store.picture_text import TextCounts
from store.values import ModelInfo, RootStatus

if TYPE_CHECKING:
    from store.index.effort import Effort


@dataclass(frozen=True)
class Standing:
    """What a library holds at one moment.

    Attributes:
        model: the one that answers queries; None before the first index run.
        building: the model of the last index run.
        searchable: how many different pictures a search can find.
        hidden: how many of those are found only by those who ask for hidden ones.
        damaged: how many of those are found by filters only, since their vectors are damaged.
        texts: how far the reading of text is.
        effort: how much of an index in files a search looks at; None where it looks at all.
    """

    model: ModelInfo | None
    building: ModelInfo | None
    roots: Sequence[RootStatus]
    searchable: int
    hidden: int
    damaged: int
    texts: TextCounts
    effort: Effort | None

"""Which concepts each content shows, with how much confidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from store.filters import OneOf, PhotoFilter
from store.vectors import Ids, united


class GivenLabels(Protocol):
    """The labels that a library's photos were given: here in memory, or rows on a server."""

    @property
    def version(self) -> str:
        """The version of the vocabulary and the model that gave them."""

    def showing(self, concept: int) -> Ids:
        """The ids of the contents that show ``concept``, (k,), in order."""

    def that_show(self, concept: int) -> PhotoFilter:
        """The filter that those contents meet."""

    def counts(self, ids: Ids | None = None) -> Mapping[int, int]:
        """How many contents, of all or of ``ids`` (n,), show each concept that any shows."""

    def is_given(self, concept: int) -> bool:
        """Whether any content shows ``concept``."""

    def showing_both(self, concept: int, other: int) -> int:
        """How many contents show both."""

    def of(self, content_id: int) -> list[tuple[int, float]]:
        """The concepts of one content, the likeliest first, and how sure each is."""


@dataclass(frozen=True)
class Labels:
    """Labels of contents, the likeliest of each first.

    Attributes:
        version: the version of the vocabulary and the model that gave them.
        ids: of contents, in order, (n,) int64; including contents without a label.
        starts: where the labels of each content begin, (n + 1,) int64.
        concepts: the numbers of concepts, (m,) int32.
        confidences: from 0 to 1, (m,) float32.
    """

    version: str
    ids: Ids
    starts: NDArray[np.int64]
    concepts: NDArray[np.int32]
    confidences: NDArray[np.float32]

    @classmethod
    def none(cls, version: str) -> Labels:
        empty = np.zeros(0, np.int64)
        return cls(
            version, empty, np.zeros(1, np.int64), empty.astype(np.int32), empty.astype(np.float32)
        )

    def of(self, content_id: int) -> list[tuple[int, float]]:
        """The concepts of one content, and how sure each is."""
        row = int(np.searchsorted(self.ids, content_id))
        if row == len(self.ids) or self.ids[row] != content_id:
            return []
        return self.at(row)

    def at(self, row: int) -> list[tuple[int, float]]:
        """As ``of``, for the content in row ``row`` of ``ids``."""
        part = slice(int(self.starts[row]), int(self.starts[row + 1]))
        return list(zip(self.concepts[part].tolist(), self.confidences[part].tolist(), strict=True))

    def showing(self, concept: int) -> Ids:
        """The ids of the contents that show ``concept``, (k,), in order."""
        return united(self.ids[self.rows[self.concepts == concept]])

    def that_show(self, concept: int) -> PhotoFilter:
        return OneOf(tuple(self.showing(concept).tolist()))

    def counts(self, ids: Ids | None = None) -> Mapping[int, int]:
        concepts = self.concepts
        if ids is not None:
            inside = np.isin(self.ids, ids)
            if not inside.all():
                concepts = concepts[np.repeat(inside, np.diff(self.starts))]
        counts = np.bincount(concepts)
        return {int(number): int(counts[number]) for number in np.flatnonzero(counts)}

    def is_given(self, concept: int) -> bool:
        return bool((self.concepts == concept).any())

    def showing_both(self, concept: int, other: int) -> int:
        return len(np.intersect1d(self.showing(concept), self.showing(other)))

    @property
    def rows(self) -> NDArray[np.int64]:
        """The row in ``ids`` that each label belongs to, (m,)."""
        return np.repeat(np.arange(len(self.ids)), np.diff(self.starts))

    def merged(self, other: Labels, keep: Ids) -> Labels:
        """These labels and those of ``other`` contents, for the ids in ``keep`` (k,)."""
        ids = np.concatenate([self.ids, other.ids])
        rows = np.concatenate([self.rows, len(self.ids) + other.rows])
        order = np.argsort(ids, kind="stable")
        order = order[np.isin(ids[order], keep)]
        place = np.full(len(ids), -1, np.int64)
        place[order] = np.arange(len(order))
        new = place[rows]
        # Stable: each content's own labels stay in their order.
        sorted_by_row = np.argsort(new, kind="stable")
        sorted_by_row = sorted_by_row[new[sorted_by_row] >= 0]
        concepts = np.concatenate([self.concepts, other.concepts])[sorted_by_row]
        confidences = np.concatenate([self.confidences, other.confidences])[sorted_by_row]
        counts = np.bincount(new[new >= 0], minlength=len(order))
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return Labels(self.version, ids[order], starts, concepts, confidences)

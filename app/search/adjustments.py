"""What is added to the cosines of photos, and taken off, before they are ranked for words.

Names of files, folders and tags that have words of the query add to a score; photos that are near
to every text lose some of theirs.
"""

from __future__ import annotations

import numpy as np

from app.search.hubs import Hubs
from app.search.lexical import NameMatches
from store.vectors import Ids, Vectors


class Adjustments:
    """Adjusts the cosines of one query.

    Args:
        unit: the spread of the query's cosines over the library, in which names add.

    Attributes:
        named: the photos with words of the query in their names that may be results, (m,) int64.
        cosines: theirs, (m,) float32.
    """

    def __init__(
        self,
        hubs: Hubs | None,
        names: NameMatches | None,
        unit: float,
        named: tuple[Ids, Vectors],
    ) -> None:
        self._hubs, self._names, self._unit = hubs, names, unit
        self.named, self.cosines = named

    @property
    def needs_spare(self) -> bool:
        """Whether more candidates are needed than results: others come up for what hubs lose."""
        return self._hubs is not None

    @property
    def knows_all(self) -> bool:
        """Whether what every photo loses is at hand."""
        return self._hubs is not None and self._hubs.is_whole

    def of(self, ids: Ids) -> Vectors:
        """What is added to the cosines of ``ids`` (n,), less what is taken off: (n,) float32."""
        added = np.zeros(len(ids), np.float32)
        if self._names is not None:
            added += np.float32(self._unit) * self._names.bonus_of(ids)
        return added - self.taken_off(ids)

    def taken_off(self, ids: Ids) -> Vectors:
        """What hubs lose, of ``ids`` (n,): (n,) float32."""
        return np.zeros(len(ids), np.float32) if self._hubs is None else self._hubs.of(ids)

    def ordered(self, ids: Ids, cosines: Vectors) -> tuple[Ids, Vectors]:
        """Ids and scores, (n,) each, best first, of photos with these cosines, (n,)."""
        scores = (cosines + self.of(ids)).astype(np.float32)
        order = np.lexsort((ids, -scores))
        return ids[order], scores[order]

    def with_named(self, ids: Ids, cosines: Vectors) -> tuple[Ids, Vectors]:
        """The same of these photos and of those that have words of the query in their names."""
        new = ~np.isin(self.named, ids)
        return self.ordered(
            np.concatenate([ids, self.named[new]]), np.concatenate([cosines, self.cosines[new]])
        )

    def lifted(self, score: float, apart: Ids) -> int:
        """How many photos, but for ``apart``, come above ``score`` only by their names."""
        scores = self.cosines + self.of(self.named)
        above = (self.cosines <= score) & (scores > score)
        return int((above & ~np.isin(self.named, apart)).sum())

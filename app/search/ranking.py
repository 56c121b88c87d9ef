"""One query against one state of a library: what is nearest, and how clearly it matches."""

from __future__ import annotations

import numpy as np

from app.query.model import Query
from app.search import scoring
from app.search.relevance import STRONG, Yardstick
from store.vectors import Ids, VectorIndex, Vectors

_CANDIDATES = 5_000
"""Photos that negatives are weighed for: the nearest ones by what is searched for."""

_PART = 20_000  # photos in memory at once


class Ranking:
    """Ranks for ``query``; all that it needs is looked up once, when it is made.

    Args:
        vectors: of the query's terms, (n, dim).
        shown: ids of photos that the query itself shows; nobody looks for those.
        allowed: the ids that meet the query's filter, None if it has none.
        sample: vectors that stand for the library, (m, dim).
        sure: photos that are labelled with what is searched for: they match, even where half the
            library does and nothing stands out.

    Attributes:
        positive: all that is searched for, (dim,); None if there is nothing.
    """

    def __init__(
        self,
        query: Query,
        vectors: Vectors,
        shown: set[int],
        allowed: Ids | None,
        index: VectorIndex,
        sample: Vectors,
        yardstick: Yardstick,
        sure: Ids | None = None,
    ) -> None:
        self.vectors, self.index, self.sample = vectors, index, sample
        self._shown, self._allowed, self._yardstick = shown, allowed, yardstick
        self._sure = sure
        self._of_words = all(term.kind == "text" for term in query.positives)
        negative = np.array([term.negative for term in query.terms], np.bool_)
        self._negatives = vectors[negative]
        self._strictness = [term.weight for term in query.negatives]
        self.positive: Vectors | None = None
        if len(query.positives) == 1:
            self.positive = vectors[~negative][0]
        elif query.positives:
            weights = [term.weight for term in query.positives]
            self.positive = scoring.combine(vectors[~negative], weights, sample)

    def best(self, wanted: int) -> tuple[Ids, Vectors]:
        """Ids of at least ``wanted`` photos where there are so many, best first; their scores."""
        if self.positive is None:  # nothing but negatives: all photos, those least like them first
            ids = self.index.ids()
            if self._allowed is not None:
                ids = self._allowed[np.isin(self._allowed, ids)]
            scores = np.zeros(len(ids), np.float32)
        else:
            count = wanted + len(self._shown)
            count = max(count, _CANDIDATES) if len(self._negatives) else count
            ids, scores = self.index.search(self.positive, count, self._allowed)
        if len(self._negatives):
            parts = np.array_split(ids, max(1, len(ids) // _PART))
            lost = [self._lost(self.index.vectors(part), scoring.CLEARLY_NOT) for part in parts]
            scores = (scores - np.concatenate(lost)).astype(np.float32)
            order = np.argsort(-scores, kind="stable")
            ids, scores = ids[order], scores[order]
        other = ~np.isin(ids, list(self._shown))
        return ids[other], scores[other]

    def strengths(self, ids: Ids) -> list[float] | list[None]:
        """How clearly each of ``ids`` matches: what it shows, less what it should not."""
        if self.positive is None or not len(ids):
            return [None] * len(ids)
        photos = self.index.vectors(ids)
        scores = photos @ self.positive
        if len(self._negatives):
            scores = scores - self._lost(photos, scoring.USUAL)
        strengths = self._yardstick.strengths(
            scores, photos, self.positive, of_words=self._of_words
        )
        if self._sure is not None:
            strengths[np.isin(ids, self._sure)] = np.maximum(
                strengths[np.isin(ids, self._sure)], STRONG
            )
        found: list[float] = strengths.tolist()
        return found

    def _lost(self, photos: Vectors, floor: float) -> Vectors:
        """What ``photos`` (n, dim) lose by the negatives, in the unit of the scores: (n,)."""
        lost = scoring.penalties(
            photos, self._negatives, self._strictness, self.positive, self.sample, floor
        )
        if self.positive is None:
            return lost
        return scoring.spread(self.positive, self.sample)[1] * lost

"""One query against one state of a library: what is nearest, and how clearly it matches."""

from __future__ import annotations

import numpy as np

from app.query.model import Query
from app.search import scoring
from app.search.relevance import STRONG, Yardstick
from store.vectors import Ids, Vectors, VectorSearch

_BLOCK = 5_000
"""Negatives reorder photos in blocks of this size: the nearest photos by what is searched for, then
the next block. So the first photos come in one order, however many are asked for."""

_PART = 20_000  # photos in memory at once
_WIDER = 4  # times as many photos at the next attempt to get all that match


class Ranking:
    """Ranks the photos of a library for ``query``.

    Args:
        vectors: the embeddings of the query's terms, (n, dim) float32, unit length.
        shown: ids of photos that are terms of the query themselves; they are no results.
        index: all photos that may be results: those that meet the query's filter.
        sample: embeddings that stand for the library, (m, dim).
        sure: ids of photos that are labelled with what is searched for, (s,): they match even where
            half of the library does, so that none stands out.

    How clearly a photo matches is measured against the whole library: no filter changes it.

    Attributes:
        positive: the positive terms as one vector, (dim,); None if there are none.
    """

    def __init__(
        self,
        query: Query,
        *,
        vectors: Vectors,
        shown: set[int],
        index: VectorSearch,
        sample: Vectors,
        yardstick: Yardstick,
        sure: Ids | None = None,
    ) -> None:
        self.vectors, self.index, self.sample = vectors, index, sample
        self._shown, self._yardstick = shown, yardstick
        self._sure = sure
        self._means_nothing = query.unread is not None  # then no photo clearly matches
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
        """Ids and scores, (m,) each, best first: at least ``wanted`` if there are so many."""
        return self._in_order(*self._nearest(wanted))

    def best_and_all_clear(self, wanted: int) -> tuple[Ids, Vectors]:
        """As ``best``, with every photo that clearly matches among them."""
        ids, cosines = self._nearest(wanted)
        if self.positive is None:
            return self._in_order(ids, cosines)
        least = self._yardstick.least_clear(self.positive, of_words=self._of_words)
        while len(ids) >= wanted and cosines[-1] >= least:
            wanted *= _WIDER
            ids, cosines = self._nearest(wanted)
        if self._sure is not None:
            missing = self.eligible(np.setdiff1d(self._sure, ids))
            more = self.index.search(self.positive, len(missing), missing)
            ids, cosines = np.concatenate([ids, more[0]]), np.concatenate([cosines, more[1]])
        return self._in_order(ids, cosines)

    def count_before(self, content: int) -> int | None:
        """How many photos come before ``content``, which is not among the first.

        None where that is not to be told from its cosine alone: negatives reorder photos.
        """
        if self.positive is None or len(self._negatives) or content in self._shown:
            return None
        cosine = float(self.index.vectors(np.array([content]))[0] @ self.positive)
        shown = self.index.among(np.array(sorted(self._shown), np.int64))
        above = int((self.index.vectors(shown) @ self.positive > cosine).sum())
        return self.index.count_above(self.positive, cosine) - above

    def eligible(self, ids: Ids) -> Ids:
        """Those of ``ids`` (n,) that may be results: indexed, allowed, not shown by the query."""
        return self.index.among(ids[~np.isin(ids, list(self._shown))])

    def strengths(self, ids: Ids) -> Vectors:
        """How clearly each of ``ids`` (n,) matches, less what negatives take off.

        (n,) float32, in the standard deviations of ``app.search.relevance``; NaN if the query has
        nothing to look for.
        """
        strengths = np.full(len(ids), np.nan, np.float32)
        if self.positive is None:
            return strengths
        for start in range(0, len(ids), _PART):
            part = slice(start, start + _PART)
            photos = self.index.vectors(ids[part])
            scores = photos @ self.positive
            if len(self._negatives):
                scores = scores - self._lost(photos, scoring.USUAL)
            strengths[part] = self._yardstick.strengths(
                scores, photos, self.positive, of_words=self._of_words
            )
        if self._sure is not None:
            sure = np.isin(ids, self._sure)
            strengths[sure] = np.maximum(strengths[sure], STRONG)
        if self._means_nothing:
            strengths = np.minimum(strengths, np.float32(0))
        return strengths

    def _nearest(self, wanted: int) -> tuple[Ids, Vectors]:
        """Ids and cosines of the photos nearest to the positive terms, in full blocks."""
        if self.positive is None:  # nothing but negatives: all photos
            ids = self.index.ids()
            return ids, np.zeros(len(ids), np.float32)
        count = wanted + len(self._shown)
        if len(self._negatives):
            count = -(-count // _BLOCK) * _BLOCK
        return self.index.search(self.positive, count)

    def _in_order(self, ids: Ids, cosines: Vectors) -> tuple[Ids, Vectors]:
        """Ids and scores with the negatives counted, without photos that are terms themselves."""
        scores = cosines
        if len(self._negatives):
            parts = np.array_split(ids, max(1, len(ids) // _PART))
            lost = [self._lost(self.index.vectors(part), scoring.CLEARLY_NOT) for part in parts]
            scores = (cosines - np.concatenate(lost)).astype(np.float32)
            blocks = np.arange(len(ids)) // _BLOCK
            if self.positive is None:  # then the photos least like the negatives come first
                blocks[:] = 0
            order = np.lexsort((-scores, blocks))
            ids, scores = ids[order], scores[order]
        other = ~np.isin(ids, list(self._shown))
        return ids[other], scores[other]

    def _lost(self, photos: Vectors, floor: float) -> Vectors:
        """What the negatives take off from ``photos`` (n, dim), in the unit of the scores: (n,)."""
        lost = scoring.penalties(
            photos, self._negatives, self._strictness, self.positive, self.sample, floor
        )
        if self.positive is None:
            return lost
        return scoring.spread(self.positive, self.sample)[1] * lost

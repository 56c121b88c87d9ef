"""One query against one state of a library: what is nearest, and how clearly it matches."""

from __future__ import annotations

import numpy as np

from app.query.model import Query
from app.search import scoring
from app.search.adjustments import Adjustments
from app.search.best_moments import BestMoments
from app.search.hubs import Hubs
from app.search.lexical import NameMatches
from app.search.places import count_before
from app.search.relevance import SAME, STRONG, Kind, Yardstick
from store.vectors import Ids, Vectors, VectorSearch, united, without

_BLOCK = 5_000
"""Negatives reorder photos in blocks of this size: the nearest photos by what is searched for, then
the next block. So the first photos come in one order, however many are asked for."""

_OF_ONE_PHOTO = 0.1  # what counts as the spread of a query's cosines over it

_PART = 20_000  # photos in memory at once
_SPARE, _SPARE_SHARE = 200, 0.5
"""More candidates than results, at the least and for each result: what hubs lose brings others up.
Of 500,000 photos, 200 candidates had all of the best ten (``benchmarks/hubs.py``)."""
_COUNTED = 2_000  # photos to begin with, where all are wanted that match strongly
_WIDER = 4  # times as many photos at the next attempt to get all that match


class Ranking:
    """Ranks the photos of a library for ``query``.

    Args:
        vectors: the embeddings of the query's terms, (n, dim) float32, unit length.
        positive: the positive terms as one vector, (dim,), by ``scoring.looked_for``.
        shown: ids of photos that are terms of the query themselves; they are no results.
        index: all photos that may be results: those that meet the query's filter.
        sample: embeddings that stand for the library, (m, dim).
        kind: that of the query; see ``app.search.relevance``.
        hubs: what is taken off from the scores; None: nothing.
        sure: ids of photos that are labelled with what is searched for, (s,): they match even where
            half of the library does, so that none stands out.
        names: the photos whose names have words of the query, which adds to their scores.

    How clearly a photo matches is measured against the whole library: no filter changes it. Its
    ``positive``, ``names`` and ``shown`` are as they were given.
    """

    def __init__(
        self,
        query: Query,
        *,
        vectors: Vectors,
        positive: Vectors | None,
        shown: set[int],
        index: VectorSearch,
        sample: Vectors,
        yardstick: Yardstick,
        kind: Kind,
        hubs: Hubs | None = None,
        sure: Ids | None = None,
        names: NameMatches | None = None,
    ) -> None:
        self.vectors, self.index, self.sample = vectors, index, sample
        self.shown, self.positive, self._yardstick = shown, positive, yardstick
        self.names, self._kind = names, kind
        self._means_nothing = query.unread is not None  # then no photo clearly matches by its looks
        self._like_pictures = all(term.kind in ("image", "like") for term in query.positives)
        self._negatives = vectors[[term.negative for term in query.terms]]
        self._strictness = [term.weight for term in query.negatives]
        self._certain = np.empty(0, np.int64) if sure is None else sure
        if names is not None and not len(self._negatives):
            self._certain = united(self._certain, names.ids[names.full])
        self._adjust = self._adjustments(hubs)

    def best(self, wanted: int) -> tuple[Ids, Vectors]:
        """Ids and scores, (m,) each, best first: at least ``wanted`` if there are so many."""
        return self._in_order(*self._nearest(wanted))

    def strong(self, most: int | None = None) -> Ids:
        """The photos that strongly match, (n,); of many more than ``most``, the nearest."""
        if most is not None:
            ids, _ = self.best(most)
        else:
            ids, _ = self.best_and_all_clear(_COUNTED, strongly=True)
        return ids[self.strengths(ids) >= STRONG]

    def best_and_all_clear(self, wanted: int, *, strongly: bool = False) -> tuple[Ids, Vectors]:
        """As ``best``, with every photo that clearly matches among them, or strongly."""
        ids, scores = self._nearest(wanted)
        if self.positive is None:
            return self._in_order(ids, scores)
        least = self._yardstick.least_clear(self.positive, self._kind, strongly=strongly)
        if self._like_pictures:
            least = min(least, SAME)
        while len(ids) >= wanted and scores[-1] >= least:
            wanted *= _WIDER
            ids, scores = self._nearest(wanted)
        missing = self.eligible(without(self._certain, ids))
        if len(missing):
            more = self._adjust.ordered(*self.index.search(self.positive, len(missing), missing))
            ids, scores = np.concatenate([ids, more[0]]), np.concatenate([scores, more[1]])
        return self._in_order(ids, scores)

    def count_before(self, content: int) -> int | None:
        """How many photos come before ``content``, which is not among the first; see ``places``.

        None where that is not to be told from its score alone: negatives reorder photos.
        """
        if self.positive is None or len(self._negatives) or content in self.shown:
            return None
        return count_before(self.index, self.positive, self._adjust, self.shown, content)

    def moments(self, ids: Ids) -> dict[int, int]:
        """The best moment of those of ``ids`` (n,) that are videos, in milliseconds."""
        return self.index.at_ms(ids.tolist()) if isinstance(self.index, BestMoments) else {}

    def hub_share(self, content: int) -> float:
        """What ``content`` loses (below 0) or gains for how near it is to any text, in standard
        deviations of the query's cosines over the library."""
        if self.positive is None:
            return 0.0
        taken_off = float(self._adjust.taken_off(np.array([content], np.int64))[0])
        return 0.0 - taken_off / scoring.spread(self.positive, self.sample)[1]

    @property
    def has_hubs(self) -> bool:
        """Whether hubs lose what they lose."""
        return self._adjust.needs_spare

    def eligible(self, ids: Ids) -> Ids:
        """Those of ``ids`` (n,) that may be results: indexed, allowed, not shown by the query."""
        return self.index.among(ids[~np.isin(ids, list(self.shown))] if self.shown else ids)

    def scores_of(self, ids: Ids, floor: float = scoring.CLEARLY_NOT) -> Vectors:
        """The scores (n,) of any photos of the library, ``ids`` (n,).

        Args:
            floor: from where on negatives take something off; see ``scoring.penalties``.
        """
        scores = np.zeros(len(ids), np.float32)
        for start in range(0, len(ids), _PART):
            part = slice(start, start + _PART)
            photos = self.index.vectors(ids[part])
            if self.positive is not None:
                scores[part] = photos @ self.positive + self._adjust.of(ids[part])
            if len(self._negatives):
                scores[part] -= self._lost(photos, floor)
        return scores

    def scores_in_index(self, ids: Ids) -> Vectors:
        """As ``scores_of``, of photos in the index, ``ids`` (n,): rounded as in ``best``, so that
        two photos come in the same order in both."""
        scores = self.scores_of(ids)
        if self.positive is not None and not len(self._negatives):
            near, cosines = self.index.search(self.positive, len(ids), ids)
            order = np.argsort(ids)
            places = order[np.searchsorted(ids, near, sorter=order)]
            scores[places] = cosines + self._adjust.of(near)
        return scores

    def on_scale(self, scores: Vectors) -> Vectors:
        """As ``strengths``, by ``scores`` (n,) alone; with nothing to look for, 0 is strong."""
        if self.positive is None:
            return scores + np.float32(STRONG)
        return self._yardstick.on_scale(scores, self.positive, self._kind)

    def of_scale(self, strengths: Vectors) -> Vectors:
        """The inverse of ``on_scale``, of a query that looks for something."""
        assert self.positive is not None
        return self._yardstick.of_scale(strengths, self.positive, self._kind)

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
            cosines = photos @ self.positive
            scores = cosines + self._adjust.of(ids[part])
            if len(self._negatives):
                scores = scores - self._lost(photos, scoring.USUAL)
            strengths[part] = self._yardstick.strengths(
                scores, photos, self.positive, self._kind, self._adjust.taken_off(ids[part])
            )
            if self._like_pictures and not len(self._negatives):
                alike = strengths[part]
                alike[cosines >= SAME] = np.maximum(alike[cosines >= SAME], STRONG)
        if self._means_nothing:
            strengths = np.minimum(strengths, np.float32(0))
        certain = np.isin(ids, self._certain)
        strengths[certain] = np.maximum(strengths[certain], STRONG)
        return strengths

    def _adjustments(self, hubs: Hubs | None) -> Adjustments:
        if self.names is None or self.positive is None:
            return Adjustments(hubs, None, 0.0, (np.empty(0, np.int64), np.empty(0, np.float32)))
        spread = scoring.spread(self.positive, self.sample)[1]
        unit = spread if len(self.sample) > 1 else _OF_ONE_PHOTO
        named = self.eligible(self.names.ids)
        cosines = self.index.search(self.positive, len(named), named)
        return Adjustments(hubs, self.names, unit, cosines)

    def _nearest(self, wanted: int) -> tuple[Ids, Vectors]:
        """Ids and scores of the photos nearest to the positive terms, best first, in full blocks.

        Hubs lose what they lose among somewhat more candidates than there are results. What would
        come behind photos that the search left out is left out too.
        """
        if self.positive is None:  # nothing but negatives: all photos
            ids = self.index.ids()
            return ids, np.zeros(len(ids), np.float32)
        count = wanted + len(self.shown)
        if len(self._negatives):
            count = -(-count // _BLOCK) * _BLOCK
        spare = max(_SPARE, int(_SPARE_SHARE * count)) if self._adjust.needs_spare else 0
        nearest = self.index.search(self.positive, count + spare)
        ids, scores = self._adjust.with_named(*nearest)
        return ids[:count], scores[:count]

    def _in_order(self, ids: Ids, scores: Vectors) -> tuple[Ids, Vectors]:
        """Ids and scores with the negatives counted, without photos that are terms themselves."""
        if len(self._negatives):
            parts = np.array_split(ids, max(1, len(ids) // _PART))
            lost = [self._lost(self.index.vectors(part), scoring.CLEARLY_NOT) for part in parts]
            scores = (scores - np.concatenate(lost)).astype(np.float32)
            blocks = np.arange(len(ids)) // _BLOCK
            if self.positive is None:  # then the photos least like the negatives come first
                blocks[:] = 0
            order = np.lexsort((-scores, blocks))
            ids, scores = ids[order], scores[order]
        other = ~np.isin(ids, list(self.shown))
        return ids[other], scores[other]

    def _lost(self, photos: Vectors, floor: float) -> Vectors:
        """What the negatives take off from ``photos`` (n, dim), in the unit of the scores: (n,)."""
        lost = scoring.penalties(
            photos, self._negatives, self._strictness, self.positive, self.sample, floor
        )
        unit = 1.0 if self.positive is None else scoring.spread(self.positive, self.sample)[1]
        return unit * lost

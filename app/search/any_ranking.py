"""One query with an OR against one state of a library: a photo is as good as its best alternative.

Each alternative is ranked by itself, and judged by its own kind of query; on the scale of
strengths, which all kinds share, they are compared.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.query.model import Query
from app.search import scoring
from app.search.ranking import Ranking
from app.search.relevance import STRONG
from store.vectors import Ids, Vectors, VectorSearch, united


class NamesOfAny:
    """The words of any alternative that the names of photos have."""

    def __init__(self, rankings: Sequence[Ranking]) -> None:
        self._names = [one.names for one in rankings if one.names is not None]

    def said(self, id: int) -> dict[str, tuple[str, ...]]:
        """See ``NameMatches``."""
        having: dict[str, dict[str, None]] = {}
        for names in self._names:
            for field, words in names.said(id).items():
                having.setdefault(field, {}).update(dict.fromkeys(words))
        return {field: tuple(words) for field, words in having.items()}


class AnyRanking:
    """Ranks the photos of a library for a query with an OR.

    Args:
        queries: the alternatives.
        rankings: what ranks photos for each.
        index: all photos that may be results of some.

    Scores are those of the first alternative that looks for something: a photo's score is the one
    that makes it as strong a match of that one as it is of its best.
    """

    def __init__(
        self, queries: Sequence[Query], rankings: Sequence[Ranking], index: VectorSearch
    ) -> None:
        self._queries, self._rankings = queries, rankings
        self.index = index
        self.names = NamesOfAny(rankings)
        self._first = next((one for one in rankings if one.positive is not None), None)

    def best(self, wanted: int) -> tuple[Ids, Vectors]:
        """As ``Ranking.best``."""
        # What any alternative shows itself is no result of the others either.
        wanted += len(set().union(*(one.shown for one in self._rankings)))
        parts = [one.best(wanted)[0] for one in self._rankings]
        ids, values = self._valued(parts)
        # Of a photo below the last of an alternative that has more, a better one may be missing.
        ends = [
            values[np.isin(ids, part)].min(initial=np.inf) for part in parts if len(part) >= wanted
        ]
        whole = values >= max(ends, default=-np.inf)
        return ids[whole], self._scores(values[whole])

    def best_and_all_clear(self, wanted: int) -> tuple[Ids, Vectors]:
        """As ``Ranking.best_and_all_clear``."""
        parts = [one.best_and_all_clear(wanted)[0] for one in self._rankings]
        ids, values = self._valued(parts)
        return ids, self._scores(values)

    def count_before(self, content: int) -> None:
        """As ``Ranking.count_before``: that is not to be told."""

    def moments(self, ids: Ids) -> dict[int, int]:
        """As ``Ranking.moments``: by the alternative that each video matches best."""
        best: dict[int, tuple[float, int]] = {}
        for one in self._rankings:
            moments = one.moments(ids)
            if not moments:
                continue
            values = one.on_scale(one.scores_of(np.array([*moments], np.int64)))
            for (id, at_ms), value in zip(moments.items(), values, strict=True):
                best[id] = max(best.get(id, (-np.inf, 0)), (float(value), at_ms))
        return {id: at_ms for id, (_, at_ms) in best.items()}

    def eligible(self, ids: Ids) -> Ids:
        """As ``Ranking.eligible``: those that no alternative shows itself."""
        allowed = self.index.among(ids)
        for shown in filter(None, (one.shown for one in self._rankings)):
            allowed = allowed[~np.isin(allowed, list(shown))]
        return allowed

    def strengths(self, ids: Ids) -> Vectors:
        """As ``Ranking.strengths``: the best of any alternative."""
        strengths = np.full(len(ids), -np.inf, np.float32)
        for one in self._rankings:
            mine = np.isin(ids, one.index.among(ids))
            if one.positive is None:  # nothing to measure: it is met
                known = one.on_scale(one.scores_of(ids[mine], scoring.USUAL))
            else:
                known = one.strengths(ids[mine])
            strengths[mine] = np.maximum(strengths[mine], known)
        return strengths

    def answered(self, content: int) -> tuple[Query, Ranking]:
        """The alternative that ``content`` answers best."""
        own = np.array([content], np.int64)

        def how_well(place: int) -> tuple[int, float]:
            one = self._rankings[place]
            return len(one.eligible(own)), float(one.on_scale(one.scores_of(own))[0])

        best = max(range(len(self._rankings)), key=how_well)
        return self._queries[best], self._rankings[best]

    def _valued(self, parts: Sequence[Ids]) -> tuple[Ids, Vectors]:
        """All photos of ``parts``, and how strongly each matches by its score, best first."""
        ids = self.eligible(united(*parts))
        values = np.full(len(ids), -np.inf, np.float32)
        for one in self._rankings:
            mine = np.isin(ids, one.index.among(ids))
            known = one.on_scale(one.scores_in_index(ids[mine]))
            values[mine] = np.maximum(values[mine], known)
        order = np.lexsort((ids, -values))
        return ids[order], values[order]

    def _scores(self, values: Vectors) -> Vectors:
        return values - np.float32(STRONG) if self._first is None else self._first.of_scale(values)

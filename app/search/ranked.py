"""The outcome of a query: results, their bursts, and which photos clearly match.

The command line, the page, its map and counts each take from ``Ranked`` what they show.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.query.model import Query
from app.search.any_ranking import AnyRanking, NamesOfAny
from app.search.bursts import Bursts, bursts_among
from app.search.lexical import NameMatches
from app.search.ranking import Ranking
from app.search.relevance import clearly_match
from store.catalogue import Moments
from store.library import Library
from store.vectors import Ids, Vectors, without

LEAST = 2_000
"""The fewest photos in a list without a limit, if the library has so many: weaker matches follow
those that clearly match."""


@dataclass(frozen=True)
class Ranked:
    """The results of a query, best first.

    Attributes:
        ids: the results, (n,) int64: of each burst only the best photo, if bursts are collapsed.
        scores: theirs, (n,) float32; see ``app.search.results.Hit``.
        strengths: how clearly each matches, (n,) float32; NaN where nothing measures it.
        matching: the photos that clearly match, (c,) int64, best first, including those that a
            result stands for: all in the library if there is no limit, else those at least as
            good as the last result.
        bursts: for each result that stands for others, their ids. A burst has all photos of its
            moment that meet the filters, and so is the same whatever the limit.
        names: the photos whose names have words of the query.
        moments: where each result that is a video is nearest to what is searched for, in
            milliseconds from its beginning.
    """

    query: Query
    ids: Ids
    scores: Vectors
    strengths: Vectors
    matching: Ids
    bursts: Bursts = field(default_factory=dict)
    names: NameMatches | NamesOfAny | None = None
    moments: Mapping[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def clear(self) -> NDArray[np.bool_]:
        """Which results clearly match, (n,)."""
        return clearly_match(self.strengths)

    def at(self, places: NDArray[Any] | slice) -> Ranked:
        """Only the results at ``places`` (k,), in that order."""
        return replace(
            self,
            ids=self.ids[places],
            scores=self.scores[places],
            strengths=self.strengths[places],
        )


def listed(query: Query, ids: Ids) -> Ranked:
    """The results of a query that only filters, in the order of ``ids`` (n,)."""
    unmeasured = np.full(len(ids), np.nan, np.float32)
    return Ranked(query, ids, np.zeros(len(ids), np.float32), unmeasured, matching=ids)


def ranked(
    query: Query, ranking: Ranking | AnyRanking, limit: int | None, moments: Moments | None
) -> Ranked:
    """The results of a query that has something to look for.

    Args:
        limit: how many results at most; None for all photos that clearly match, and at least
            ``LEAST``.
        moments: when photos were taken, to collapse bursts; None to keep every photo of a burst.
    """
    if limit is None:
        ids, scores = ranking.best_and_all_clear(LEAST)
        is_all = len(ids) < LEAST
        collapsed = _collapsed(ids, ranking, moments)
    else:
        wanted = limit if moments is None else 2 * limit
        while True:
            ids, scores = ranking.best(wanted)
            ids, scores = ids[:wanted], scores[:wanted]
            is_all = len(ids) < wanted
            collapsed = _collapsed(ids, ranking, moments)
            if collapsed.leads.sum() >= limit or is_all:
                break
            wanted *= 2
    leads = collapsed.leads
    end = _end(leads, limit)
    ids, scores, leads = ids[:end], scores[:end], leads[:end]
    bursts = collapsed.bursts
    if moments is not None and not is_all:
        bursts = _whole_bursts(ids[leads], collapsed.times, ranking, moments)
    strengths = ranking.strengths(ids)
    return Ranked(
        query,
        ids[leads],
        scores[leads],
        strengths[leads],
        matching=ids[clearly_match(strengths)],
        bursts=bursts,
        names=ranking.names,
        moments=ranking.moments(ids[leads]),
    )


class LibraryMoments:
    """``Moments`` as the library's rows have them, for one search."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def of(self, ids: Ids) -> dict[int, datetime]:
        return self._library.camera_times(ids.tolist())

    def around(self, moments: Collection[datetime]) -> dict[int, datetime]:
        return self._library.camera_times_around(moments) if moments else {}


@dataclass(frozen=True)
class _Collapsed:
    """The bursts among n photos, which of the photos are results, (n,), and the photos' times."""

    leads: NDArray[np.bool_]
    bursts: Bursts
    times: dict[int, datetime]


def _collapsed(ids: Ids, ranking: Ranking | AnyRanking, moments: Moments | None) -> _Collapsed:
    """The bursts among ``ids`` (n,), best first: a photo is a result unless a better one has it."""
    if moments is None:
        return _Collapsed(np.ones(len(ids), np.bool_), {}, {})
    times = moments.of(ids)
    bursts = bursts_among(ids, times, ranking.index.vectors)
    members = [member for burst in bursts.values() for member in burst]
    return _Collapsed(~np.isin(ids, members), bursts, times)


def _end(leads: NDArray[np.bool_], limit: int | None) -> int:
    """The place behind the last of the first ``limit`` results."""
    if limit is None:
        return len(leads)
    places = np.flatnonzero(leads)[:limit]
    return int(places[-1]) + 1 if len(places) else 0


def _whole_bursts(
    results: Ids, times: dict[int, datetime], ranking: Ranking | AnyRanking, moments: Moments
) -> Bursts:
    """All photos that each of ``results`` (n,) stands for, wherever they are in the ranking.

    A photo joins the best result that it may join. Further results come behind that one, so that
    their number makes no difference.
    """
    of_results = {id: times[id] for id in results.tolist() if id in times}
    around = moments.around(set(of_results.values()))
    others = ranking.eligible(without(np.array(list(around), np.int64), results))
    bursts = bursts_among(
        np.concatenate([results, others]), {**around, **of_results}, ranking.index.vectors
    )
    leading = set(results.tolist())
    return {leader: members for leader, members in bursts.items() if leader in leading}

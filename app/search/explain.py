"""Why a photo matches a query, or does not: each term and each filter on its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from app.query.model import Query, Term
from app.search import scoring
from app.search.any_ranking import AnyRanking
from app.search.ranking import Ranking
from app.search.relevance import Relevance
from app.search.relevance import relevance as in_words
from app.search.searcher import Searcher
from store.errors import RootNotFound
from store.filters import Labelled, PhotoFilter, conditions, parts
from store.hidden_filters import without_hidden
from store.vectors import Vectors

_FIRST = 1_000  # results among which a photo is looked for at first
_ROUNDING = 1e-6  # two ways to compute the same cosine differ by at most this


@dataclass(frozen=True)
class TermShare:
    """How one term scores on one photo; on a video, at its best moment for the query.

    Attributes:
        percentile: the part of the library's photos that score below it, in %.
        share: what the term adds, by its weight, in standard deviations of its cosine over the
            library; for a negative term, how much more it takes off than from a usual photo (below
            0).
    """

    term: Term
    cosine: float
    percentile: float
    share: float


@dataclass(frozen=True)
class FilterResult:
    """One filter of the query, in plain words, and whether the photo meets it."""

    reading: str
    met: bool


@dataclass(frozen=True)
class Explanation:
    """Why one photo matches a query, or does not.

    Attributes:
        rank: from 1, among the ``of`` photos that meet the filters; None if the photo does not
            meet them, or if there is nothing to rank by.
        names: words of the query that the photo's names have; see ``Hit``.
        name_share: what they add to its score, in the unit of ``TermShare.share``.
        hub_share: what it loses for being nearer to any text than the usual photo, in that unit,
            0 or less; or gains, for being farther away.
        labels: what the photo shows, whatever the query, each with its confidence (0 to 1).
        alternative: of a query with an OR, the one that the photo answers best, in plain words: all
            but the rank is said of that one.
    """

    path: Path
    terms: tuple[TermShare, ...]
    filters: tuple[FilterResult, ...]
    rank: int | None
    of: int
    relevance: Relevance | None
    labels: tuple[tuple[str, float], ...] = ()
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    name_share: float = 0.0
    hub_share: float = 0.0
    alternative: str | None = None

    def plain(self) -> dict[str, Any]:
        """The explanation as plain values for JSON, without the path."""
        return {
            "terms": [
                {
                    "term": str(share.term),
                    "negative": share.term.negative,
                    "cosine": round(share.cosine, 6),
                    "percentile": round(share.percentile, 2),
                    "share": round(share.share, 3),
                }
                for share in self.terms
            ],
            "names": {kind: list(words) for kind, words in self.names.items()},
            "name_share": round(self.name_share, 3),
            "hub_share": round(self.hub_share, 3),
            "filters": [{"filter": one.reading, "met": one.met} for one in self.filters],
            "rank": self.rank,
            "of": self.of,
            "relevance": self.relevance,
            "labels": {name: round(sure, 3) for name, sure in self.labels},
            "alternative": self.alternative,
        }


def explain(searcher: Searcher, path: Path, query: Query) -> Explanation:
    """Explain how the photo at ``path`` (absolute) answers ``query``.

    Raises:
        RootNotFound: the library knows no photo there.
        QueryError: a picture of the query can't be read or found.
    """
    ids = searcher.library.contents_at(path)
    if len(ids) != 1:
        what = "no photo" if not ids else "a folder, not a photo,"
        raise RootNotFound(f"The library knows {what} at {path}.")
    (content,) = ids
    overall = searcher.ranking(query)
    asked, ranking = query, overall
    index = searcher.index()
    if not len(index.among(np.array([content]))):
        raise RootNotFound(
            f"The library has no usable vector of {path}. To make it, run: clipsearch doctor, "
            "then: clipsearch index"
        )
    if isinstance(ranking, AnyRanking):
        asked, ranking = ranking.answered(content)
    mine = searcher.at_best_moments(ranking.positive).vectors(np.array([content]))[0]
    terms = []
    for term, vector in zip(asked.terms, ranking.vectors, strict=True):
        cosine = float(mine @ vector)
        every = index if term.negative else searcher.at_best_moments(vector)
        below = every.share_below(vector, cosine - _ROUNDING)
        share = _share(term, vector, mine, ranking)
        terms.append(TermShare(term, cosine, 100 * below, share))
    filters = tuple(
        _result(searcher, content, part, reading)
        for part, reading in zip(parts(asked.filter), asked.reading, strict=True)
    )
    shown = without_hidden(asked.filter)
    hidden = searcher.library.user_data.hidden_among([content])
    if hidden and shown is not asked.filter and not _met(searcher, content, shown):
        filters = (*filters, FilterResult("not hidden", False))
    rank, relevance = None, None
    if query.terms and len(overall.index.among(np.array([content]))):
        rank = _rank(overall, content)
        (strength,) = overall.strengths(np.array([content]))
        relevance = None if np.isnan(strength) else in_words(float(strength))
    labels = tuple(searcher.labels_of(content))
    named = ranking.names
    return Explanation(
        path,
        tuple(terms),
        filters,
        rank,
        len(overall.index),
        relevance,
        labels,
        names=named.said(content) if named else {},
        name_share=float(named.bonus_of(np.array([content]))[0]) if named else 0.0,
        hub_share=ranking.hub_share(content),
        alternative=None if ranking is overall else str(asked),
    )


def _result(searcher: Searcher, content: int, filter: PhotoFilter, reading: str) -> FilterResult:
    """What a filter says of a photo, and whether that is for its look rather than its labels."""
    met = _met(searcher, content, filter)
    named = [one.label for one in conditions(filter) if isinstance(one, Labelled)]
    known = [name for name in named if searcher.vocabulary.number_meant(name) is not None]
    if known and _meets(searcher, content, searcher.label_filters.given(filter)) != met:
        return FilterResult(f"{reading} (by its look: it has no label {' or '.join(known)})", met)
    return FilterResult(reading, met)


def _met(searcher: Searcher, content: int, filter: PhotoFilter) -> bool:
    return _meets(searcher, content, searcher.label_filters.without_labels(filter))


def _meets(searcher: Searcher, content: int, resolved: PhotoFilter) -> bool:
    among = searcher.library.narrowed(searcher.model, searcher.index(), resolved)
    return len(among.among(np.array([content]))) > 0


def _rank(ranking: Ranking | AnyRanking, content: int) -> int | None:
    """The place of ``content`` among the results, from 1; None if it is itself a term."""
    wanted = _FIRST
    while True:
        ids, _ = ranking.best(wanted)
        places = np.flatnonzero(ids == content)
        if len(places) or len(ids) < wanted:
            return int(places[0]) + 1 if len(places) else None
        before = ranking.count_before(content)
        if before is not None:
            return min(len(ranking.index), 1 + max(wanted, before))
        wanted *= 4


def _share(term: Term, vector: Vectors, photo: Vectors, ranking: Ranking) -> float:
    sample = ranking.sample
    if term.negative:
        lost = scoring.penalties(
            photo[None], vector[None], [term.weight], ranking.positive, sample, scoring.USUAL
        )
        return 0.0 - float(lost[0])
    mean, deviation = scoring.spread(vector, sample)
    return term.weight * (float(photo @ vector) - mean) / deviation

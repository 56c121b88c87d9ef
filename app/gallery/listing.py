"""All results of one query in the order in which a page shows them, to be looked at in parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.gallery.addresses import short_digests
from app.query.model import Query
from app.search.bursts import collapse
from app.search.relevance import FAIR, STRONG
from app.search.searcher import Searcher
from store.columns import Columns
from store.online import is_online
from store.vectors import Ids, Vectors

Order = Literal["best", "newest", "oldest"]
ORDERS: tuple[Order, ...] = ("best", "newest", "oldest")

RANKED = 2_000
"""Photos that a query with something to look for shows at most: behind those nothing matches."""


@dataclass(frozen=True)
class Listing:
    """The results of a query, those that match (``clear`` of them) before those that hardly do.

    Attributes:
        ids: of contents, (n,).
        strengths: how clearly each matches, (n,); not a number without anything to measure by.
        rows: where each is in the columns, (n,).
        bursts: how many further photos of the same moment each stands for, (n,).
        cut: some text was longer than the model reads.
    """

    query: Query
    ids: Ids
    strengths: Vectors
    rows: NDArray[np.int64]
    bursts: NDArray[np.int32]
    clear: int
    cut: bool

    def __len__(self) -> int:
        return len(self.ids)


def make_listing(
    searcher: Searcher, columns: Columns, query: Query, order: Order, *, bursts: bool = True
) -> Listing:
    """Search, and bring what was found into ``order``.

    Args:
        bursts: let the best photo of a burst stand for all of it.

    Raises:
        QueryError: a picture of the query can't be read or found.
    """
    if query.terms:
        ranking = searcher.ranking(query)
        ids, _ = ranking.best(RANKED)
        ids = ids[:RANKED]
        ids = ids[np.isin(ids, columns.ids)]
        strengths = np.array(
            [np.nan if s is None else s for s in ranking.strengths(ids)], np.float32
        )
        groups = [[place] for place in range(len(ids))]
        if bursts:
            found = columns.rows(ids)
            no_time = np.datetime64("NaT", "s")
            times = np.where(columns.by_camera[found], columns.taken[found], no_time)
            groups = collapse(times.tolist(), ranking.index.vectors(ids))
        leaders = np.array([group[0] for group in groups], np.int64)
        behind = np.array([len(group) - 1 for group in groups], np.int32)
        ids, strengths = ids[leaders], strengths[leaders]
        cut = searcher.cuts(query)
    else:
        matching = searcher.matching(query.filter)
        ids = matching[np.isin(matching, columns.ids)]
        strengths = np.full(len(ids), np.nan, np.float32)
        behind = np.zeros(len(ids), np.int32)
        cut = False
    rows = columns.rows(ids)
    matches = ~(strengths < FAIR)
    if query.terms and order == "best":
        place = np.argsort(~matches, kind="stable")
    else:
        when = columns.taken[rows].astype(np.int64)
        place = np.lexsort((-ids, when if order == "oldest" else -when, ~matches))
    return Listing(
        query, ids[place], strengths[place], rows[place], behind[place], int(matches.sum()), cut
    )


def tiles(
    listing: Listing, columns: Columns, start: int, count: int, marked: set[int]
) -> list[list[object]]:
    """A part of the results as the page's grid takes it, in as few bytes as it can.

    Each is ``[id, width / height, day, level, favourite, burst, offline, digest]``: the day as a
    number since 1970, the level 2 for strong, 1 for fair, 0 for weak, -1 where nothing measures
    it, and the digest as in ``app.gallery.addresses``.
    """
    part = slice(start, start + count)
    rows = listing.rows[part]
    ratios = np.round(columns.width[rows] / np.maximum(1, columns.height[rows]), 3)
    offline = np.array([not is_online(root) for root in columns.roots], np.bool_)
    days = columns.taken[rows].astype("datetime64[D]").astype(np.int64)
    return [
        [id, ratio, day, _level(strength), int(id in marked), burst, int(off), digest]
        for id, ratio, day, strength, burst, off, digest in zip(
            listing.ids[part].tolist(),
            ratios.tolist(),
            days.tolist(),
            listing.strengths[part].tolist(),
            listing.bursts[part].tolist(),
            (offline[columns.root[rows]] | columns.away[rows]).tolist(),
            short_digests(columns, listing.ids[part]),
            strict=True,
        )
    ]


def _level(strength: float) -> int:
    if np.isnan(strength):
        return -1
    return 2 if strength >= STRONG else 1 if strength >= FAIR else 0

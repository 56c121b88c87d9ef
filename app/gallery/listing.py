"""All results of one query in the order in which the page shows them, part by part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.gallery.addresses import short_digests
from app.gallery.column_moments import ColumnMoments
from app.gallery.payloads import Tile
from app.query.model import Query
from app.search.relevance import levels
from app.search.searcher import Searcher
from store.columns import Columns
from store.online import is_online
from store.vectors import Ids, Vectors

ListingOrder = Literal["best", "newest", "oldest"]
ORDERS: tuple[ListingOrder, ...] = ("best", "newest", "oldest")


@dataclass(frozen=True)
class Listing:
    """The results of a query: first the ``clear`` ones that clearly match, then the weaker ones.

    Attributes:
        ids: ids of contents, (n,) int64.
        strengths: how clearly each matches, (n,) float32; NaN where nothing measures it.
        rows: the row of each in the columns, (n,).
        bursts: how many further photos of the same moment each stands for, (n,).
        matching: ids of all photos that clearly match, (c,), including those that a result stands
            for: what the page counts along time, on the map and beside each filter.
        cut: whether some text was longer than the model reads.
    """

    query: Query
    ids: Ids
    strengths: Vectors
    rows: NDArray[np.int64]
    bursts: NDArray[np.int32]
    clear: int
    matching: Ids
    cut: bool

    def __len__(self) -> int:
        return len(self.ids)


def make_listing(
    searcher: Searcher, columns: Columns, query: Query, order: ListingOrder, *, bursts: bool = True
) -> Listing:
    """Search for ``query``, and sort the results by ``order``.

    Args:
        bursts: let the best photo of a burst stand for all of it.

    Raises:
        QueryError: a picture of the query can't be read or found.
    """
    ranked = searcher.ranked(query, bursts=bursts, moments=ColumnMoments(columns))
    ranked = ranked.at(np.isin(ranked.ids, columns.ids))  # the columns may be older
    matching = ranked.matching[np.isin(ranked.matching, columns.ids)]
    if not query.terms or order != "best":
        ranked = ranked.at(_by_time(columns, ranked.ids, order))
        matching = matching[_by_time(columns, matching, order)]
    ranked = ranked.at(np.argsort(~ranked.clear, kind="stable"))
    behind = [len(ranked.bursts.get(id, ())) for id in ranked.ids.tolist()]
    return Listing(
        query=query,
        ids=ranked.ids,
        strengths=ranked.strengths,
        rows=columns.rows(ranked.ids),
        bursts=np.array(behind, np.int32),
        clear=int(ranked.clear.sum()),
        matching=matching,
        cut=searcher.cuts(query),
    )


def _by_time(columns: Columns, ids: Ids, order: ListingOrder) -> NDArray[np.int64]:
    """The places of ``ids`` (n,) from the newest photo to the oldest, or the other way round."""
    when = columns.taken[columns.rows(ids)].astype(np.int64)
    return np.lexsort((-ids, when if order == "oldest" else -when))


def tiles(
    listing: Listing, columns: Columns, start: int, count: int, marked: set[int]
) -> list[Tile]:
    """``count`` results from ``start`` on for the page's grid; ``marked``: ids of favourites."""
    part = slice(start, start + count)
    rows = listing.rows[part]
    ratios = np.round(columns.width[rows] / np.maximum(1, columns.height[rows]), 3)
    offline = np.array([not is_online(root) for root in columns.roots], np.bool_)
    days = columns.taken[rows].astype("datetime64[D]").astype(np.int64)
    return [
        Tile(id, ratio, day, level, int(id in marked), burst, int(off), digest)
        for id, ratio, day, level, burst, off, digest in zip(
            listing.ids[part].tolist(),
            ratios.tolist(),
            days.tolist(),
            levels(listing.strengths[part]).tolist(),
            listing.bursts[part].tolist(),
            (offline[columns.root[rows]] | columns.away[rows]).tolist(),
            short_digests(columns, listing.ids[part]),
            strict=True,
        )
    ]

"""All results of one query in the order in which the page shows them, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from app.gallery.payloads import Tile
from app.query.model import Query
from app.search.bursts import WITHIN
from app.search.relevance import levels
from app.search.searcher import Searcher
from store.catalogue import Catalogue, InOrder, PhotoSet
from store.column_set import ListInOrder
from store.filters import FAVOURITE, InAlbum, parts
from store.vectors import Ids, Vectors

ListingOrder = Literal["best", "newest", "oldest"]
ORDERS: tuple[ListingOrder, ...] = ("best", "newest", "oldest")
TagsOf = Callable[[Iterable[int]], Mapping[int, Sequence[str]]]
TextOf = Callable[[Iterable[int]], Mapping[int, str]]
DurationsOf = Callable[[Sequence[int]], Mapping[int, int]]


@dataclass(frozen=True)
class Listing:
    """The results of a query: first the ``clear`` ones that clearly match, then the weaker ones.

    Where the query only filters, all photos that meet it are clear, and there are no lists of them:
    ``best``, ``strengths`` and ``bursts`` are None.

    Attributes:
        results: ids of contents in order.
        order: by which the results are sorted; the "best" one of an album is its own.
        matching: all photos that clearly match, including those that a result stands for: what the
            page counts along time, on the map and beside each filter.
        best: their ids, (c,), in the order of the results.
        strengths: how clearly each result matches, (n,) float32; NaN where nothing measures it.
        bursts: how many further photos of the same moment each result stands for, (n,).
        cut: whether some text was longer than the model reads.
        moments: see ``Ranked``.
    """

    query: Query
    results: InOrder
    order: ListingOrder
    clear: int
    matching: PhotoSet
    matching_count: int
    best: Ids | None = None
    strengths: Vectors | None = None
    bursts: NDArray[np.int32] | None = None
    cut: bool = False
    moments: Mapping[int, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.results)

    @property
    def newest_first(self) -> bool:
        """Whether the newest of photos comes first, where nothing else tells them apart."""
        return self.order != "oldest"

    @property
    def by_time(self) -> bool:
        """Whether the results, or the clear ones and then the weaker ones, are in order of time."""
        ranked = self.query.terms or album_of(self.query) is not None
        return self.order != "best" or not ranked

    @property
    def has_bursts(self) -> bool:
        """Whether some result stands for others."""
        return self.bursts is not None and bool(self.bursts.any())


def make_listing(
    searcher: Searcher,
    catalogue: Catalogue,
    query: Query,
    order: ListingOrder,
    *,
    bursts: bool = True,
) -> Listing:
    """Search for ``query``, and sort the results by ``order``.

    Args:
        bursts: let the best photo of a burst stand for all of it.

    Raises:
        QueryError: a picture of the query can't be read or found.
    """
    if not query.terms:
        photos = catalogue.choose(searcher.resolved(query.filter))
        results: InOrder = photos.in_order(newest=order != "oldest")
        album = album_of(query)
        if album is not None and order == "best":
            held = np.array(searcher.library.user_data.album(album), np.int64)
            results = ListInOrder(held[np.isin(held, results.part(0, len(results)))])
        return Listing(query, results, order, len(results), photos, len(results))
    ranked = searcher.ranked(query, bursts=bursts, moments=catalogue.moments(WITHIN))
    taken = catalogue.taken(ranked.ids)
    there = np.flatnonzero(~np.isnat(taken))  # the catalogue may be older
    ranked, taken = ranked.at(there), taken[there]
    of_matching = catalogue.taken(ranked.matching)
    there = np.flatnonzero(~np.isnat(of_matching))
    matching, of_matching = ranked.matching[there], of_matching[there]
    if order != "best":
        ranked = ranked.at(_by_time(ranked.ids, taken, order))
        matching = matching[_by_time(matching, of_matching, order)]
    ranked = ranked.at(np.argsort(~ranked.clear, kind="stable"))
    behind = [len(ranked.bursts.get(id, ())) for id in ranked.ids.tolist()]
    return Listing(
        query=query,
        results=ListInOrder(ranked.ids),
        order=order,
        clear=int(ranked.clear.sum()),
        matching=catalogue.choose(None, matching),
        matching_count=len(matching),
        best=matching,
        strengths=ranked.strengths,
        bursts=np.array(behind, np.int32),
        cut=searcher.cuts(query),
        moments=ranked.moments,
    )


def album_of(query: Query) -> str | None:
    """The album whose photos a query asks for, which then are in its order; None if it is none.

    Where it looks for something, what matches best comes first, as in any other search.
    """
    if query.terms:
        return None
    asked = [part.album for part in parts(query.filter) if isinstance(part, InAlbum)]
    return asked[0] if len(asked) == 1 else None


def _by_time(ids: Ids, taken: NDArray[np.datetime64], order: ListingOrder) -> NDArray[np.int64]:
    """The places of ``ids`` (n,) from the newest photo to the oldest, or the other way round."""
    places = np.lexsort((ids, taken))
    return places if order == "oldest" else places[::-1]


def _nothing_of(_ids: object) -> Mapping[int, Any]:
    return {}


def places_of(results: InOrder, ids: Ids) -> NDArray[np.int64]:
    """The places of ``ids`` (n,) among ``results``, (n,); -1 for those that are not among them."""
    listed = results.part(0, len(results))
    among = np.flatnonzero(np.isin(listed, ids))
    places = dict(zip(listed[among].tolist(), among.tolist(), strict=True))
    return np.array([places.get(id, -1) for id in ids.tolist()], np.int64)


def tiles(
    listing: Listing,
    catalogue: Catalogue,
    ids: Ids,
    tags_of: TagsOf,
    *,
    shows_of: TextOf = _nothing_of,
    blurs_of: TextOf = _nothing_of,
    durations_of: DurationsOf = _nothing_of,
) -> list[Tile]:
    """The photos ``ids`` (n,) for the page's grid, without those that are not there any more.

    Args:
        ids: of results, or of photos that were results and may be none now.
        tags_of: gives the tags of contents by their ids.
        shows_of, blurs_of: give ``Tile.shows`` and ``Tile.blur`` of contents by their ids.
        durations_of: gives how long those are that are videos, in milliseconds.
    """
    rows = catalogue.rows(ids)
    strengths = np.full(len(rows.ids), np.nan, np.float32)
    bursts = np.zeros(len(rows.ids), np.int32)
    if listing.strengths is not None and listing.bursts is not None:
        places = places_of(listing.results, rows.ids)
        listed_now = places >= 0
        strengths[listed_now] = listing.strengths[places[listed_now]]
        bursts[listed_now] = listing.bursts[places[listed_now]]
    listed = rows.ids.tolist()
    tags, shows, blurs = tags_of(listed), shows_of(listed), blurs_of(listed)
    durations = durations_of(listed)
    return [
        Tile(
            id,
            ratio,
            day,
            level,
            int(FAVOURITE in tags.get(id, ())),
            burst,
            int(off),
            digest,
            shows.get(id, ""),
            blurs.get(id, ""),
            durations[id] // 1_000 if id in durations else -1,
            listing.moments.get(id, -1),
        )
        for id, ratio, day, level, burst, off, digest in zip(
            listed,
            np.round(rows.width / np.maximum(1, rows.height), 3).tolist(),
            rows.taken.astype("datetime64[D]").astype(np.int64).tolist(),
            levels(strengths).tolist(),
            bursts.tolist(),
            rows.offline.tolist(),
            rows.digests,
            strict=True,
        )
    ]

"""The facets of a query: values to narrow it down by, with the number of photos each would give."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from app.gallery import facets
from app.gallery.facets import Count
from app.gallery.gallery_service import GalleryService
from app.gallery.page_edits import DATES, chosen_months
from app.gallery.payloads import Facets
from app.query.editing import values_of
from app.query.model import Query
from app.query.parsed_text import ParsedText
from app.search.searcher import Searcher
from store.columns import Columns
from store.filters import FAVOURITE

_HISTORY = 8  # searches
_Counter = Callable[[NDArray[np.bool_]], list[Count]]
_CHOSEN = ("camera", "place", "type", "label", "tag", "is", "concept")


def facets_of(service: GalleryService, parsed: ParsedText) -> Facets:
    """The values of each filter, and how many photos match with each.

    A count is of the photos that clearly match the words of the query and meet its filters of other
    kinds: as many as will match once the value is the only one of its kind.

    Raises:
        QueryError: the query asks for nothing, or for a picture that can't be read.
    """
    columns, searcher = service.columns(), service.searcher()
    clear = facets.mask_of(columns, service.clear_matches(parsed.query()))
    masks: dict[Query, NDArray[np.bool_]] = {}

    def meeting(*keys: str) -> NDArray[np.bool_]:
        """The photos that meet all filters but those of ``keys``: (rows,) bool."""
        query = parsed.query(without=keys)
        if query not in masks:
            ids = columns.ids if query.filter is None else searcher.matching(query.filter)
            masks[query] = facets.mask_of(columns, ids)
        return masks[query]

    def counted(count: _Counter, *keys: str) -> list[Count]:
        """The values of the photos that match; where none does, those there are, with 0 each."""
        matching = clear & meeting(*keys)
        if matching.any():
            return count(matching)
        return [Count(value, 0) for value, _ in count(meeting(*keys))]

    tagged = searcher.library.user_data.tagged()
    liked = columns.rows(np.array(tagged.pop(FAVOURITE, []), np.int64))
    in_any = clear & meeting("in")
    folders = facets.folders(columns, in_any if in_any.any() else meeting("in"))
    return Facets(
        months=counted(partial(facets.months, columns), *DATES),
        dates=chosen_months(parsed),
        folders=folders if in_any.any() else facets.without_counts(folders),
        in_folders=values_of(parsed, "in"),
        camera=counted(partial(facets.cameras, columns), "camera"),
        place=counted(partial(facets.places, columns), "place"),
        type=counted(partial(facets.kinds, columns), "type"),
        label=counted(partial(_labels, searcher, columns), "label"),
        tag=counted(partial(facets.tags, tagged, columns), "tag"),
        favourites=int((clear & meeting("is"))[liked].sum()),
        concepts=searcher.library.user_data.concepts(),
        saved=searcher.library.user_data.saved_searches(),
        history=searcher.library.user_data.history(_HISTORY),
        chosen={key: values_of(parsed, key) for key in _CHOSEN},
    )


def _labels(searcher: Searcher, columns: Columns, mask: NDArray[np.bool_]) -> list[Count]:
    given = searcher.labels_soon()
    if given is None:  # nobody waits for all photos to be labelled, or the model is gone
        return []
    return facets.labels(given, searcher.vocabulary, columns, mask)

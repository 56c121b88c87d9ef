"""The facets of a query: values to narrow it down by, with the number of photos each would give."""

from __future__ import annotations

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

    def mask(*keys: str) -> NDArray[np.bool_]:
        """Which photos count for the filters of ``keys``: (rows,) bool, by row of the columns."""
        query = parsed.query(without=keys)
        if query not in masks:
            masks[query] = clear
            if query.filter is not None:
                masks[query] = clear & facets.mask_of(columns, searcher.matching(query.filter))
        return masks[query]

    tagged = searcher.library.user_data.tagged()
    liked = columns.rows(np.array(tagged.pop(FAVOURITE, []), np.int64))
    return Facets(
        months=facets.months(columns, mask(*DATES)),
        dates=chosen_months(parsed),
        folders=facets.folders(columns, mask("in")),
        in_folders=values_of(parsed, "in"),
        camera=facets.cameras(columns, mask("camera")),
        place=facets.places(columns, mask("place")),
        type=facets.kinds(columns, mask("type")),
        label=_labels(searcher, columns, mask("label")),
        tag=facets.tags(tagged, columns, mask("tag")),
        favourites=int(mask("is")[liked].sum()),
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

"""A query's results seen in other ways: counted, on a map, along time."""

from __future__ import annotations

import functools
import json
from dataclasses import asdict
from importlib.resources import files
from typing import Any

import numpy as np

from app.duplicates import DuplicateGroup
from app.gallery import facets
from app.gallery.addresses import short_digests, with_digests
from app.gallery.gallery_service import GalleryService, Shown
from app.gallery.page_edits import DATES, chosen_months
from app.query.editing import values_of, without_filters
from app.query.parser import parse_query
from app.search.searcher import Searcher
from indexer.scan import printable
from store.filters import FAVOURITE
from store.sql.columns import Columns
from store.vectors import Ids

_SAMPLES = 8  # pictures of a month
_HISTORY = 8  # searches
_GROUPS = 200  # of duplicates
_CHOSEN = ("camera", "place", "type", "label", "tag", "is", "concept")


def facets_of(service: GalleryService, text: str) -> dict[str, Any]:
    """For each kind of filter its values, how many photos meet the query's other filters with
    each, and which of them the query asks for.

    Raises:
        QueryError: the query can't be understood.
    """
    columns = service.columns()
    searcher = service.searcher()
    masks: dict[str, Any] = {}

    def mask(*keys: str) -> Any:
        rest = without_filters(text, keys)
        if rest not in masks:
            query = parse_query(rest) if rest else None
            ids: Ids = columns.ids
            if query is not None and query.filter is not None:
                ids = searcher.matching(query.filter)
            masks[rest] = facets.mask_of(columns, ids)
        return masks[rest]

    def chosen(*keys: str) -> list[str]:
        return [value for key in keys for value in values_of(text, key)]

    tagged = searcher.library.user_data.tagged()
    favourites = tagged.pop(FAVOURITE, [])
    liked = columns.rows(np.array(favourites, np.int64))
    return {
        "months": facets.months(columns, mask(*DATES)),
        "dates": chosen_months(text),
        "folders": [asdict(one) for one in facets.folders(columns, mask("in"))],
        "in": chosen("in"),
        "camera": facets.names(columns.camera, mask("camera")),
        "place": facets.places(columns, mask("place")),
        "type": facets.kinds(columns, mask("type")),
        "label": _labels(searcher, columns, mask("label")),
        "tag": facets.tags(tagged, columns, mask("tag")),
        "favourites": int(mask("is")[liked].sum()),
        "concepts": searcher.library.concepts(),
        "saved": searcher.library.user_data.saved_searches(),
        "history": searcher.library.user_data.history(_HISTORY),
        "chosen": {key: chosen(key) for key in _CHOSEN},
    }


def _labels(searcher: Searcher, columns: Columns, mask: Any) -> list[tuple[str, int]]:
    given = searcher.labels_soon()
    if given is None:  # nobody waits for all photos to be labelled, or the model is gone
        return []
    return facets.labels(given, searcher.vocabulary, columns, mask)


def places(shown: Shown) -> list[tuple[int, float, float, str]]:
    """``(id, latitude, longitude, digest)`` of each result that says where it was taken."""
    columns, rows = shown.columns, shown.listing.rows
    known = ~np.isnan(columns.latitude[rows]) & ~np.isnan(columns.longitude[rows])
    return [
        (id, round(latitude, 5), round(longitude, 5), digest)
        for id, latitude, longitude, digest in zip(
            shown.listing.ids[known].tolist(),
            columns.latitude[rows[known]].tolist(),
            columns.longitude[rows[known]].tolist(),
            short_digests(columns, shown.listing.ids[known]),
            strict=True,
        )
    ]


def timeline(shown: Shown) -> list[dict[str, Any]]:
    """Each month with results, the newest first: how many, and the best of them."""
    if not len(shown.listing):
        return []
    months = shown.columns.taken[shown.listing.rows].astype("datetime64[M]")
    found = []
    for month in np.unique(months)[::-1]:
        of_month = shown.listing.ids[months == month]
        samples = of_month[np.linspace(0, len(of_month) - 1, _SAMPLES).astype(int)]
        found.append(
            {
                "month": str(month),
                "count": len(of_month),
                "photos": with_digests(shown.columns, list(dict.fromkeys(samples.tolist()))),
            }
        )
    return found


def duplicate_groups(service: GalleryService) -> dict[str, Any]:
    """Photos that are there more than once, the largest groups first."""
    groups, columns = service.duplicates(), service.columns()
    shown = [
        {
            "kind": group.kind,
            "photos": with_digests(columns, _contents(group)),
            "paths": [printable(str(photo.path)) for photo in group.photos],
        }
        for group in groups[:_GROUPS]
    ]
    return {"total": len(groups), "groups": shown}


def _contents(group: DuplicateGroup) -> list[int]:
    ids = (photo.content_id for photo in group.photos)
    return list(dict.fromkeys(id for id in ids if id is not None))


@functools.cache
def outline() -> Any:
    """The land of the earth: polygons of longitude, latitude, ... in degrees.

    (Natural Earth 1:110m, public domain, https://www.naturalearthdata.com.)
    """
    return json.loads((files("app.gallery") / "land.json").read_text())

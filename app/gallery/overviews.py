"""Overviews: the matching photos along time and on a map, and groups of duplicates."""

from __future__ import annotations

import functools
import json
from importlib.resources import files
from typing import Any

import numpy as np

from app.duplicates import DuplicateGroup
from app.gallery.addresses import short_digests, with_digests
from app.gallery.answers import Shown
from app.gallery.gallery_service import GalleryService
from app.gallery.payloads import AllDuplicates, Duplicates, Month, Pin
from app.text import printable

_SAMPLES = 8  # pictures of a month, at most
_GROUPS = 200  # of duplicates, at most


def places(shown: Shown) -> list[Pin]:
    """Each matching photo that says where it was taken."""
    columns, ids = shown.columns, shown.listing.matching
    rows = columns.rows(ids)
    known = ~np.isnan(columns.latitude[rows]) & ~np.isnan(columns.longitude[rows])
    return [
        Pin(id, round(latitude, 5), round(longitude, 5), digest)
        for id, latitude, longitude, digest in zip(
            ids[known].tolist(),
            columns.latitude[rows[known]].tolist(),
            columns.longitude[rows[known]].tolist(),
            short_digests(columns, ids[known]),
            strict=True,
        )
    ]


def timeline(shown: Shown) -> list[Month]:
    """Each month with matching photos, the newest first: how many, and the best of them.

    All photos of a burst count; only one is shown where one result stands for the burst.
    """
    ids = shown.listing.matching
    months = shown.columns.taken[shown.columns.rows(ids)].astype("datetime64[M]")
    is_result = np.isin(ids, shown.listing.ids)
    listed = []
    for month in np.unique(months)[::-1]:
        inside = months == month
        best = ids[inside & is_result] if (inside & is_result).any() else ids[inside]
        samples = best[np.linspace(0, len(best) - 1, _SAMPLES).astype(int)]
        pictures = with_digests(shown.columns, list(dict.fromkeys(samples.tolist())))
        listed.append(Month(str(month), int(inside.sum()), pictures))
    return listed


def duplicate_groups(service: GalleryService) -> AllDuplicates:
    """Groups of photos that the library has more than once, the largest first."""
    groups, columns = service.duplicates(), service.columns()
    return AllDuplicates(
        len(groups),
        [
            Duplicates(
                group.kind,
                with_digests(columns, _contents(group)),
                [printable(str(photo.path)) for photo in group.photos],
            )
            for group in groups[:_GROUPS]
        ],
    )


def _contents(group: DuplicateGroup) -> list[int]:
    ids = (photo.content_id for photo in group.photos)
    return list(dict.fromkeys(id for id in ids if id is not None))


@functools.cache
def outline() -> Any:
    """The outline of the land: polygons of longitude, latitude, ... in degrees.

    (Natural Earth 1:110m, public domain, https://www.naturalearthdata.com.)
    """
    return json.loads((files("app.gallery") / "land.json").read_text())

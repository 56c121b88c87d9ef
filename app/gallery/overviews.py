"""Overviews: the matching photos along time and on a map, and groups of duplicates."""

from __future__ import annotations

import functools
import json
from importlib.resources import files
from typing import Any

import numpy as np

from app.duplicates import DuplicateGroup
from app.gallery.addresses import with_digests
from app.gallery.answers import Shown
from app.gallery.gallery_service import GalleryService
from app.gallery.payloads import AllDuplicates, Duplicates, Month, Pin
from app.text import printable
from store.catalogue import Catalogue, MonthPhotos
from store.column_set import evenly
from store.vectors import Ids

_SAMPLES = 8  # pictures of a month, at most
_GROUPS = 200  # of duplicates, at most


def places(shown: Shown) -> list[Pin]:
    """Each matching photo that says where it was taken."""
    located = shown.listing.matching.located(newest=shown.listing.newest_first)
    return [
        Pin(id, round(latitude, 5), round(longitude, 5), digest)
        for id, latitude, longitude, digest in zip(
            located.ids.tolist(),
            located.latitude.tolist(),
            located.longitude.tolist(),
            located.digests,
            strict=True,
        )
    ]


def timeline(shown: Shown) -> list[Month]:
    """Each month with matching photos, the newest first: how many, and the best of them.

    All photos of a burst count; only one is shown where one result stands for the burst.
    """
    listing = shown.listing
    if listing.best is None:
        months = listing.matching.months(_SAMPLES, newest=listing.newest_first)
    else:
        months = _months_of(listing.best, listing.results.part(0, len(listing)), shown.catalogue)
    every = [id for month in months for id in month.ids]
    digests = dict(with_digests(shown.catalogue, every))
    return [
        Month(month.month, month.count, [(id, digests[id]) for id in month.ids]) for month in months
    ]


def _months_of(best: Ids, results: Ids, catalogue: Catalogue) -> list[MonthPhotos]:
    """The months of the photos ``best`` (c,), best first, with some that are ``results`` (n,)."""
    months = catalogue.taken(best).astype("datetime64[M]")
    is_result = np.isin(best, results)
    listed = []
    for month in np.unique(months)[::-1]:
        inside = months == month
        samples = best[inside & is_result] if (inside & is_result).any() else best[inside]
        listed.append(MonthPhotos(str(month), int(inside.sum()), evenly(samples, _SAMPLES)))
    return listed


def duplicate_groups(service: GalleryService) -> AllDuplicates:
    """Groups of photos that the library has more than once, the largest first."""
    groups, catalogue = service.duplicates(), service.catalogue()
    return AllDuplicates(
        len(groups),
        [
            Duplicates(
                group.kind,
                with_digests(catalogue, _contents(group)),
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

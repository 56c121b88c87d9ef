"""Groups of photos of which one may be enough: copies of one picture, and photos of one moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from app import duplicates
from app.gallery.addresses import with_digests
from app.gallery.answers import Shown
from app.gallery.gallery_service import GalleryService
from app.gallery.group_payloads import AllDuplicates, Copy, Duplicates
from app.near_pairs import Looked
from app.search.bursts import WITHIN, bursts_among
from app.text import printable
from indexer.pictures.sharpness import sharpness
from store.errors import PhotoError
from store.values import PhotoInfo
from store.vectors import Ids

_GROUPS = 200  # at most
_WAIT = 0.8  # seconds; the look for copies may take minutes


def copies(service: GalleryService, shown: Shown) -> AllDuplicates:
    """The copies of which one at least matches the query, the largest groups first."""
    groups = service.duplicates_soon(_WAIT)
    if isinstance(groups, Looked):
        return AllDuplicates(what=groups.what, done=groups.done, of=groups.of)
    matching = _matching(shown)
    hidden = service.library().user_data.hidden()
    groups = duplicates.shown(groups, np.setdiff1d(hidden, [*(matching or ())]))
    those = [
        group
        for group in groups
        if matching is None or any(photo.content_id in matching for photo in group.photos)
    ]
    listed = _listed(shown, [group.photos for group in those[:_GROUPS]])
    kinds = [(group.kind, group.changes) for group in those]
    return AllDuplicates(
        len(those),
        [
            Duplicates(kind, changes, files)
            for (kind, changes), files in zip(kinds, listed, strict=False)
        ],
    )


def bursts(service: GalleryService, shown: Shown) -> AllDuplicates:
    """The photos that match the query and were taken at one moment, the latest first."""
    searcher, ids = service.searcher(), _ids_of(shown)
    times = shown.catalogue.moments(WITHIN).of(ids)
    known = np.array([id for id in ids.tolist() if id in times], np.int64)
    groups = [
        (id, *others)
        for id, others in bursts_among(
            known, times, lambda some: searcher.library.vectors(searcher.model, some)
        ).items()
    ]
    groups.sort(key=lambda group: times[group[0]], reverse=True)
    some = groups[:_GROUPS]
    photos = searcher.library.photos_of([id for group in some for id in group])
    files = [[photos[id][0] for id in group if id in photos] for group in some]
    for group in files:
        group.sort(key=lambda photo: (-_pixels(photo), -photo.size))
    return AllDuplicates(
        len(groups), [Duplicates("burst", (), listed) for listed in _listed(shown, files)]
    )


def sharpnesses(service: GalleryService, ids: Sequence[int]) -> list[tuple[int, float | None]]:
    """How sharp each photo is, to be compared among photos of one thing; None if none can tell."""
    return [(id, _sharpness(service, id)) for id in ids]


def _sharpness(service: GalleryService, id: int) -> float | None:
    photo = service.pictures.original(id)
    try:
        return None if photo is None else sharpness(photo.path)
    except (PhotoError, OSError):
        return None


def _matching(shown: Shown) -> frozenset[int] | None:
    """The photos that the query asks for; None for all."""
    query = shown.listing.query
    if not query.terms and query.filter is None:
        return None
    return frozenset(_ids_of(shown).tolist())


def _ids_of(shown: Shown) -> Ids:
    listing = shown.listing
    if listing.best is not None:
        return listing.best
    return listing.matching.in_order(newest=True).part(0, listing.matching_count)


def _listed(shown: Shown, groups: Iterable[Sequence[PhotoInfo]]) -> list[list[Copy]]:
    groups = list(groups)
    ids = [photo.content_id for group in groups for photo in group if photo.content_id is not None]
    digests = dict(with_digests(shown.catalogue, ids))
    return [
        [
            Copy(
                photo.content_id or 0,
                digests.get(photo.content_id or 0, ""),
                printable(str(photo.path)),
                photo.facts.width,
                photo.facts.height,
                photo.size,
                photo.taken_at.isoformat(timespec="seconds"),
                photo.facts.only_day,
            )
            for photo in group
            if photo.facts
        ]
        for group in groups
    ]


def _pixels(photo: PhotoInfo) -> int:
    return photo.facts.width * photo.facts.height if photo.facts else 0

"""Content ids and their scores as what a search gives back: the photos themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from app.search.results import Hit
from store.filters import PhotoFilter
from store.library import Library
from store.online import is_online
from store.values import PhotoInfo
from store.vectors import Ids, Vectors


def hits_of(
    library: Library,
    filter: PhotoFilter | None,
    content_ids: Ids,
    scores: Vectors,
    strengths: Sequence[float] | Sequence[None],
    bursts: Mapping[int, tuple[Path, ...]],
) -> list[Hit]:
    """The photos of ``content_ids`` (n,), in that order; of copies the one that ``filter`` meant.

    Args:
        bursts: the paths of the burst that a content stands for.
    """
    ids: list[int] = content_ids.tolist()
    found = library.photos_of(ids)
    meant: set[int] | None = None
    if filter and any(len(photos) > 1 for photos in found.values()):
        meant = library.matching_paths(ids, filter)
    roots = {photo.root for photos in found.values() for photo in photos}
    unseen = {root for root in roots if not is_online(root)}
    tags = library.user_data.tags(ids)
    return [
        replace(
            _hit(found[id], score, unseen, meant),
            strength=strength,
            burst=bursts.get(id, ()),
            tags=tuple(tags.get(id, ())),
        )
        for id, score, strength in zip(ids, scores.tolist(), strengths, strict=True)
        if id in found  # else it went between the two look-ups
    ]


def _hit(
    photos: Sequence[PhotoInfo],
    score: float,
    unseen: set[Path],
    meant: set[int] | None,
) -> Hit:
    def is_offline(photo: PhotoInfo) -> bool:
        return photo.away or photo.root in unseen

    first = min(photos, key=lambda p: (meant is not None and p.id not in meant, is_offline(p)))
    assert first.facts is not None and first.content_id is not None  # an indexed photo has them
    return Hit(
        id=first.content_id,
        path=first.path,
        score=score,
        taken_at=first.taken_at,
        width=first.facts.width,
        height=first.facts.height,
        place=first.facts.place or "",
        offline=is_offline(first),
        copies=tuple(photo.path for photo in photos if photo is not first),
        tags=(),
    )

"""From ranked ids to hits: the photos themselves, with their paths and facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from app.search.ranked import Ranked
from app.search.results import Hit
from store.filters import Format, Name, PhotoFilter, fold
from store.library import Library
from store.online import is_online
from store.sql.fspath import glob_pattern
from store.values import PhotoInfo


def hits_of(library: Library, ranked: Ranked, filter: PhotoFilter | None) -> list[Hit]:
    """The photos of ``ranked``, in that order; of several copies, one that meets ``filter``.

    Photos that have left the library since they were ranked are left out.
    """
    ids: list[int] = ranked.ids.tolist()
    members = [member for id in ids for member in ranked.bursts.get(id, ())]
    photos = library.photos_of([*ids, *members])
    of_results = {id: photos[id] for id in ids if id in photos}
    meant: set[int] | None = None
    if filter and any(len(paths) > 1 for paths in of_results.values()):
        meant = library.matching_paths(ids, filter)
    roots = {photo.root for paths in of_results.values() for photo in paths}
    unseen = {root for root in roots if not is_online(root)}
    beside = library.stacked(ids)
    tags, keywords = library.user_data.tags(ids), library.keywords(ids)
    hidden = library.user_data.hidden_among(ids)
    strengths = [None if np.isnan(strength) else strength for strength in ranked.strengths.tolist()]
    return [
        replace(
            _hit(of_results[id], score, unseen, meant),
            strength=strength,
            burst=tuple(photos[m][0].path for m in ranked.bursts.get(id, ()) if m in photos),
            raws=tuple(one.path for one in beside.get(id, ()) if not one.is_video),
            live_videos=tuple(one.path for one in beside.get(id, ()) if one.is_video),
            asked_for=asked_for(filter, of_results[id], beside.get(id, ())),
            tags=tuple(tags.get(id, ())),
            hidden=id in hidden,
            keywords=tuple(keywords.get(id, ())),
            names=ranked.names.said(id) if ranked.names else {},
            moment=_seconds(ranked.moments.get(id)),
        )
        for id, score, strength in zip(ids, ranked.scores.tolist(), strengths, strict=True)
        if id in of_results
    ]


def asked_for(
    filter: PhotoFilter | None, paths: Sequence[PhotoInfo], beside: Sequence[PhotoInfo]
) -> tuple[Path, ...]:
    """Those of the files ``beside`` a picture that ``filter`` asks for by their kind or name; none
    if the picture, at one of its ``paths``, is what it asks for."""
    if not beside or filter is None:
        return ()
    if any(_is_meant(path, filter) for path in paths):
        return ()
    return tuple(one.path for one in beside if _is_meant(one, filter))


def _is_meant(file: PhotoInfo, filter: PhotoFilter) -> bool:
    """Whether ``filter`` asks for ``file``, as far as it speaks of kinds and names of files.

    The rest is true of the photo, which is a result: it is left out, and so are alternatives that
    say nothing else.
    """

    def leaf(one: PhotoFilter) -> bool | None:
        if isinstance(one, Name):
            return re.match(glob_pattern(one.glob), file.path.name.casefold()) is not None
        if isinstance(one, Format):
            return file.facts is not None and file.facts.format == one.name
        return None

    def judged(which: Callable[[Iterable[bool]], bool]) -> Callable[..., bool | None]:
        def judge(inner: Sequence[bool | None]) -> bool | None:
            of_files = [one for one in inner if one is not None]
            return which(of_files) if of_files else None

        return judge

    def inverse(inner: bool | None) -> bool | None:
        return None if inner is None else not inner

    return fold(filter, leaf, judged(all), judged(any), inverse) is not False


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
    facts = first.facts
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
        taken_from=first.taken_from,
        taken_offset=facts.taken_offset,
        title=facts.title,
        description=facts.description,
        creator=facts.creator,
        copyright=facts.copyright,
        rating=facts.rating,
        colour_label=facts.colour_label,
        duration=_seconds(facts.duration_ms),
    )


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1_000

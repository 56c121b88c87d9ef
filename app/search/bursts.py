"""Photos taken one after the other of the same thing, as one result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from store.catalogue import in_seconds
from store.vectors import Ids, Vectors

WITHIN = timedelta(seconds=10)
"""The longest time between a photo and the one that stands for its burst. Only the camera's time
counts: all files that one command copied may have the same file time."""

ALIKE = 0.9  # cosine


def collapse(times: Sequence[datetime | None], vectors: Vectors) -> list[list[int]]:
    """Group the places of photos, best first; each joins the first photo before it that it is like.

    Args:
        times: when each photo was taken, None where the camera did not say; the best photo first.
        vectors: their embeddings, (n, dim) float32, unit length.
    """
    groups: list[list[int]] = []
    near: dict[int, list[int]] = {}  # groups by the time of their first, in steps of ``WITHIN``
    for place, taken in enumerate(times):
        if taken is None:
            groups.append([place])
            continue
        step = (taken - datetime.min) // WITHIN
        for number in sorted(n for s in (step - 1, step, step + 1) for n in near.get(s, ())):
            leader = groups[number][0]
            first = times[leader]
            assert first is not None
            if abs(taken - first) <= WITHIN and float(vectors[place] @ vectors[leader]) >= ALIKE:
                groups[number].append(place)
                break
        else:
            near.setdefault(step, []).append(len(groups))
            groups.append([place])
    return groups


Bursts = dict[int, tuple[int, ...]]
"""For the id of each photo that stands for others, the ids of the others, in order of time."""


def bursts_among(
    ids: Ids, times: Mapping[int, datetime], vectors: Callable[[Ids], Vectors]
) -> Bursts:
    """The bursts among the photos ``ids`` (n,), best first.

    Args:
        times: when the camera took each photo; photos without a time are in no burst.
        vectors: ids (m,) to their embeddings (m, dim).
    """
    places = _with_company(ids, times)
    taken = [times[id] for id in ids[places].tolist()]
    bursts = {}
    for leader, *others in collapse(taken, vectors(ids[places])):
        if others:
            members = ids[places[others]].tolist()
            bursts[int(ids[places[leader]])] = tuple(sorted(members, key=lambda m: (times[m], m)))
    return bursts


def _with_company(ids: Ids, times: Mapping[int, datetime]) -> NDArray[np.int64]:
    """The places of the photos that have others near in time: most have none."""
    known = np.array([place for place, id in enumerate(ids.tolist()) if id in times], np.int64)
    taken = in_seconds([times[id] for id in ids[known].tolist()])
    order = np.argsort(taken)
    near = np.diff(taken[order]) <= WITHIN.total_seconds()
    company = np.zeros(len(known), np.bool_)
    company[order[1:]] |= near
    company[order[:-1]] |= near
    return known[company]

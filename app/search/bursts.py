"""Photos taken one after the other of the same thing, as one result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from store.vectors import Vectors

WITHIN = timedelta(seconds=10)
"""Between a photo and the one that stands for its burst. Only the camera's time counts: files of
one copy command all have the same."""

ALIKE = 0.9  # cosine


def collapse(times: Sequence[datetime | None], vectors: Vectors) -> list[list[int]]:
    """Places of photos in groups, best first; each joins the first before it that it is like.

    Args:
        times: when each photo was taken, None where the camera did not say; the best photo first.
        vectors: theirs, (n, dim).
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

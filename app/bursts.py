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
    for place, taken in enumerate(times):
        for group in groups:
            first = times[group[0]]
            if taken is None or first is None or abs(taken - first) > WITHIN:
                continue
            if float(vectors[place] @ vectors[group[0]]) >= ALIKE:
                group.append(place)
                break
        else:
            groups.append([place])
    return groups

"""The place of a photo that is not among the first results, told from its score."""

from __future__ import annotations

import numpy as np

from app.search.adjustments import Adjustments
from store.vectors import Vectors, VectorSearch

_COUNTED = 2_000  # photos that stand for all of a server's


def count_before(
    index: VectorSearch, positive: Vectors, adjust: Adjustments, shown: set[int], content: int
) -> int:
    """How many photos come before ``content``. Of a large library on a server it is about so many:
    a part of it stands for all.

    Args:
        index: all photos that may be results.
        positive: what is looked for, (dim,), unit length.
        adjust: what is added to the cosines, and taken off.
        shown: ids of photos that are terms of the query themselves, and no results.
    """
    own = np.array([content], np.int64)  # by the index's sum: by another it may precede itself
    score = float(adjust.ordered(*index.search(positive, 1, own))[1][0])
    apart = index.among(np.array(sorted(shown), np.int64))
    theirs = index.vectors(apart) @ positive
    if not adjust.needs_spare:
        above = index.count_above(positive, score) - int((theirs > score).sum())
        return above + adjust.lifted(score, apart)
    if adjust.knows_all:
        ids, cosines = index.search(positive, len(index))
    else:
        ids = index.some(_COUNTED)
        cosines = index.vectors(ids) @ positive
    share = float((cosines + adjust.of(ids) > score).mean())
    return round(share * len(index)) - int((theirs + adjust.of(apart) > score).sum())

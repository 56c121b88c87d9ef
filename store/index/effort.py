"""How much of an approximate index a search has to look at, measured on that index itself.

What reaches a recall of 0.99 differs by model: of two versions of one model, with the same effort,
the second was at 0.975. So an index is asked for what is nearest to texts and to some of its own
pictures, the exact answers tell how much of it would have been enough, and that is kept with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from store.index.vector_rows import VectorRows
from store.vectors import Ids, Vectors

DEPTHS = (10, 30, 100, 300)
"""Results for which the lists to read are measured; between them, and beyond, by the curve."""

LEAST = 128  # candidates that are always looked at
PICTURES, TEXTS = 192, 300
"""How many queries of each kind it is measured with, at the most."""
_TARGET = 0.995
"""Of the exact ten, on the queries at hand; 0.99 of it is promised on others. In sixteen libraries,
of mixed embeddings of two sets of photos and of random projections of these, texts that nothing was
measured with had a recall@10 of 0.992 at the least (by a script that is not kept)."""

_COVERED = (0.9955, 0.9965, 0.9972, 0.998, 0.999)
"""Of what is nearest, the part that is in the lists read."""

_UNSEEN = 6, 2
"""What pictures alone say is multiplied by these, for lists and candidates: texts lie elsewhere.

By what pictures need, texts had a recall@10 of 0.931 and 0.956 in two indexes of 101,000 vectors
(``benchmarks/bench_vectors.py``); ``tests/test_effort.py`` holds what these factors give."""

_MOST = 2_048  # candidates
_OUTGROWN = 2  # times as many vectors, and it is measured again
_ROW = 150
"""Looking at one row exactly takes as long as comparing so many codes of the lists."""

Ranks = NDArray[np.int64]


@dataclass(frozen=True)
class Effort:
    """What one search looks at.

    Attributes:
        lists: inverted lists to read where all that is wanted is among the nearest so many, one
            number for each of ``DEPTHS``.
        candidates: rows to look at exactly for up to ten results.
        each: further ones for each result more.
        recall: the part of the exact ten that was in the ten given, of the worse kind of query.
        count: how many vectors there were when it was measured; 0 if it never was.
        by_texts: whether there were texts to measure with, and not only pictures.
        stretch: what codes are stretched by. Of ten million vectors, the exact ten were among 264
            candidates by codes as long as what they stand for, and among 824 by codes as they are;
            there are vectors with which it is the other way round.
    """

    lists: tuple[int, ...] = (192,) * len(DEPTHS)
    candidates: int = LEAST
    each: float = 4.0
    recall: float = 0.0
    count: int = 0
    by_texts: bool = False
    stretch: float = 1.0

    def is_outgrown(self, count: int) -> bool:
        """Whether it was measured on far fewer than ``count`` vectors, or never."""
        return count >= _OUTGROWN * self.count

    def lists_for(self, depth: float) -> int:
        """How many lists to read where what is wanted is among the nearest ``depth``."""
        lists = np.log(self.lists)
        depths = np.log(DEPTHS)
        at = np.log(max(depth, DEPTHS[0]))
        beyond = max(0.0, at - depths[-1])
        slope = (lists[-1] - lists[-2]) / (depths[-1] - depths[-2])
        return int(np.ceil(np.exp(np.interp(at, depths, lists) + slope * beyond) - 1e-9))

    def candidates_for(self, results: int) -> int:
        """How many rows to look at exactly for so many results."""
        return self.candidates + int(np.ceil(self.each * max(0, results - DEPTHS[0])))


class Proposing(Protocol):
    """What ``measure`` asks of an approximate index."""

    def list_ranks(self, queries: Vectors) -> Ranks:
        """In which place each list is read for each query: (q, lists), from 1."""

    def lists_of(self, rows: int) -> Ranks:
        """In which list each of ``rows`` is, (rows,)."""

    def propose_each(self, queries: Vectors, count: int, lists: int) -> Ids:
        """Places of vectors near each query, (q, count), the likeliest first; -1 for none."""

    def shortness(self, vectors: Vectors) -> float:
        """By what factor the codes of ``vectors`` (n, dim) are too short."""

    def stretch(self, factor: float) -> None:
        """Let codes stand for what is ``factor`` times as long."""


def measure(index: Proposing, rows: VectorRows, row_ids: Ids, texts: Vectors | None) -> Effort:
    """The least effort that gives what is nearest to ``texts`` (t, dim) and to pictures of its own;
    the codes of ``index`` are stretched as it says.

    Args:
        row_ids: the id of each row, (rows,); -1 where it was removed.
    """
    alive = np.flatnonzero(row_ids >= 0)
    own = np.sort(np.random.default_rng(1).choice(alive, min(PICTURES, len(alive)), replace=False))
    kinds, queries = [np.arange(len(own))], rows.take(own)
    if texts is not None and len(texts):
        texts = texts[:TEXTS]
        kinds.append(len(own) + np.arange(len(texts)))
        queries = np.concatenate([queries, texts])
        own = np.concatenate([own, np.full(len(texts), -1)])
    nearest = _nearest(rows, row_ids, queries, own)
    ranks = np.take_along_axis(index.list_ranks(queries), index.lists_of(len(rows))[nearest], 1)
    mean_length = len(alive) / max(1, index.list_ranks(queries[:1]).shape[1])

    best, least = Effort(count=len(alive), by_texts=len(kinds) > 1), np.inf
    whole = index.shortness(queries[kinds[0]])
    for covered, stretch in product(_COVERED, (1.0, whole)):
        lists = [max(_enough(ranks[kind, :depth], covered) for kind in kinds) for depth in DEPTHS]
        lists = np.maximum.accumulate(lists).tolist()
        index.stretch(stretch)
        few = _places_in(index.propose_each(queries, _MOST, lists[0]), nearest[:, : DEPTHS[0]])
        candidates = max(LEAST, *(_enough(few[kind], _TARGET) for kind in kinds))
        cost = lists[0] * mean_length + candidates * _ROW
        if cost >= least:
            continue
        many = _places_in(index.propose_each(queries, _MOST, lists[2]), nearest[:, : DEPTHS[2]])
        wanted = max(_enough(many[kind], _TARGET) for kind in kinds)
        least = cost
        best = Effort(
            tuple(lists),
            candidates,
            max(1.0, (wanted - candidates) / (DEPTHS[2] - DEPTHS[0])),
            min(float((few[kind] <= candidates).mean()) for kind in kinds),
            len(alive),
            len(kinds) > 1,
            stretch,
        )
    index.stretch(best.stretch)
    return best if best.by_texts else _for_texts_too(best)


def _for_texts_too(effort: Effort) -> Effort:
    """What will be enough for texts, of which there were none to measure ``effort`` with."""
    lists, candidates = _UNSEEN
    return replace(
        effort,
        lists=tuple(lists * number for number in effort.lists),
        candidates=candidates * effort.candidates,
        each=candidates * effort.each,
    )


def _nearest(rows: VectorRows, row_ids: Ids, queries: Vectors, own: Ids) -> Ids:
    """The places of the exact nearest rows of each query, (q, depth), best first.

    Args:
        own: the row that a query is itself, (q,), which is no result; -1 for none.
    """
    depth = min(DEPTHS[-1], int((row_ids >= 0).sum()) - 1)
    cosines = np.full((len(queries), depth), -2, np.float32)
    places = np.zeros((len(queries), depth), np.int64)
    for start, block in rows.blocks():
        here = queries @ block.T
        here[:, row_ids[start : start + len(block)] < 0] = -2
        inside = np.flatnonzero((own >= start) & (own < start + len(block)))
        here[inside, own[inside] - start] = -2
        numbers = np.broadcast_to(np.arange(start, start + len(block)), here.shape)
        cosines, places = np.hstack([cosines, here]), np.hstack([places, numbers])
        order = np.argpartition(-cosines, depth - 1, axis=1)[:, :depth]
        cosines = np.take_along_axis(cosines, order, 1)
        places = np.take_along_axis(places, order, 1)
    order = np.argsort(-cosines, axis=1, kind="stable")
    nearest: Ids = np.take_along_axis(places, order, 1)
    return nearest


def _places_in(proposed: Ids, wanted: Ids) -> Ranks:
    """Where each of ``wanted`` (q, w) stands among ``proposed`` (q, p), from 1; else ``_MOST``."""
    places = np.full(wanted.shape, _MOST, np.int64)
    for line, (given, sought) in enumerate(zip(proposed, wanted, strict=True)):
        order = np.argsort(given, kind="stable")
        at = np.minimum(np.searchsorted(given, sought, sorter=order), len(given) - 1)
        there = given[order[at]] == sought
        places[line, there] = order[at[there]] + 1
    return places


def _enough(needed: Ranks, share: float) -> int:
    """The least number that ``share`` of ``needed`` do not exceed."""
    ordered = np.sort(needed, axis=None)
    return int(ordered[min(len(ordered) - 1, int(np.ceil(share * len(ordered))) - 1)])

"""Vectors in rows, exact cosines by FAISS, and a shortcut to the right rows where they are many.

Up to ``EXACT_UP_TO`` vectors a query looks at all of them. Above, an ``ApproximateIndex`` says
which ones are worth a look, and their exact cosines decide. So it is with a search restricted to
a set of ids, unless these are few enough to look at each.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from store.index import effort
from store.index.approximate import ApproximateIndex
from store.index.effort import Effort
from store.index.inner_products import products_in
from store.index.inverted_lists import sample_size
from store.index.vector_rows import VectorRows
from store.vectors import Ids, Vectors, spread, united

EXACT_UP_TO = 100_000
"""Up to so many vectors, a query that looks at all of them takes 5 to 15 ms."""

_EXACT_WITHIN = 2_000  # ids that a search is restricted to, each of which is looked at
_FILTERED = 1.5
"""Times as deep as chance would have it: what a filter keeps is not spread by chance."""
_MOST_LISTS = 4
"""Times those of a search without a filter. What is measured for the nearest 300 says too much of
what lies deeper: with four times as many, recall@10 of a million vectors was 0.998 or more for
filters that kept from 0.4 % to half of them, at random."""

_MOST_CANDIDATES = 4_000  # beyond, looking at every row in turn is hardly slower
_DENSE = 4  # a block is read whole where at least one in so many of its rows is wanted
_SPARSE = 4  # ids to a row, beyond which a table of all ids is too large
_MANY_IDS = 10_000  # beyond, their places are marked in a list of all rows, not sorted
_WASTE = 0.25  # share of removed rows that is worth writing all others anew


class FaissIndex:
    """A ``VectorIndex``. Threads may search it together while nobody changes it.

    Attributes:
        rows: every vector ever added, including removed ones.
        row_ids: the id of each row, (rows,) int64; -1 where it was removed.
        approximate: the shortcut, over places (row numbers); None while there is none.
        effort: how much of the shortcut a search looks at.
    """

    def __init__(
        self,
        rows: VectorRows,
        row_ids: Ids | None = None,
        approximate: ApproximateIndex | None = None,
        effort: Effort | None = None,
        *,
        exact_up_to: int = EXACT_UP_TO,
    ) -> None:
        self.rows = rows
        self.row_ids = np.empty(0, np.int64) if row_ids is None else row_ids
        self.approximate = approximate
        self.effort = effort or Effort()
        self._exact_up_to = exact_up_to
        if approximate:
            approximate.stretch(self.effort.stretch)
        self._set_ids(self.row_ids)

    @property
    def dim(self) -> int:
        return self.rows.dim

    def __len__(self) -> int:
        return self._count

    def ids(self) -> Ids:
        return self.row_ids[self.row_ids >= 0]

    def some(self, count: int) -> Ids:
        return spread(self.ids(), count)

    def among(self, ids: Ids) -> Ids:
        return ids[np.isin(ids, self.ids())]

    def add(self, ids: Ids, vectors: Vectors) -> None:
        places = np.arange(len(self.rows), len(self.rows) + len(ids))
        self.rows.append(vectors)
        if self.approximate:
            self.approximate.add(places, vectors)
        self._set_ids(np.concatenate([self.row_ids, ids]))

    def remove(self, ids: Ids) -> None:
        left = self.row_ids.copy()
        left[self._places(ids)] = -1  # the shortcut goes on proposing them, see ``_candidates``
        self._set_ids(left)

    def vectors(self, ids: Ids) -> Vectors:
        places = self._places_of(ids)
        if (places < 0).any():
            raise KeyError("no vector has this id")
        return self.rows.take(places)

    def search(self, query: Vectors, k: int, ids: Ids | None = None) -> tuple[Ids, Vectors]:
        query = np.ascontiguousarray(query, np.float32)
        places = self._candidates(query, k) if ids is None else self._candidates_of(query, k, ids)
        return self._best(places, self._cosines(query, places), k)

    def count_above(self, query: Vectors, cosine: float) -> int:
        return int((self.search(query, len(self))[1] > cosine).sum())

    def share_below(self, query: Vectors, cosine: float) -> float:
        return float((self.search(query, len(self))[1] < cosine).mean())

    # -- the shortcut ---------------------------------------------------------------------------

    def needs_training(self) -> bool:
        """Whether ``train`` would make searches faster."""
        if len(self) <= self._exact_up_to:
            return False
        return self.approximate is None or self.approximate.is_outgrown(len(self))

    def train(self) -> None:
        """Make the shortcut, or make it anew: about a minute for a million vectors."""
        alive = np.flatnonzero(self.row_ids >= 0)
        chance = np.random.default_rng(0)
        sample = np.sort(chance.choice(alive, sample_size(len(alive)), replace=False))
        approximate = ApproximateIndex.train(self.rows.take(sample), len(alive))
        for start, block in self.rows.blocks():
            inside = np.flatnonzero(self.row_ids[start : start + len(block)] >= 0)
            approximate.add(inside + start, block[inside])
        self.approximate = approximate
        self.effort = Effort()

    def needs_measuring(self) -> bool:
        """Whether nobody knows how much of the shortcut a search of so many has to look at."""
        return self.approximate is not None and self.effort.is_outgrown(len(self))

    def measure(self, texts: Vectors | None) -> None:
        """Find out how much of the shortcut is enough: seconds for a million vectors.

        Args:
            texts: embeddings (t, dim) of what people may search for; None without the model.
        """
        assert self.approximate is not None
        self.effort = effort.measure(self.approximate, self.rows, self.row_ids, texts)

    def is_wasteful(self) -> bool:
        """Whether so many rows were removed that the rest should be written anew."""
        return len(self.rows) - len(self) > _WASTE * len(self.rows)

    def _candidates(self, query: Vectors, k: int) -> Ids:
        wanted = self.effort.candidates_for(k)
        if self.approximate and wanted <= _MOST_CANDIDATES:
            lists = self.effort.lists_for(k)
            wanted = wanted * len(self.rows) // max(1, len(self))  # some were removed
            proposed = self.approximate.propose(query, wanted, lists)
            living = proposed[self.row_ids[proposed] >= 0]
            if len(living) >= min(k, len(self)):
                return np.sort(living)
        return np.flatnonzero(self.row_ids >= 0)

    def _candidates_of(self, query: Vectors, k: int, ids: Ids) -> Ids:
        """As ``_candidates``, among ``ids`` (n,) only: at least ``k`` of them, if there are."""
        wanted = self.effort.candidates_for(k)
        if not self.approximate or len(ids) <= _EXACT_WITHIN or wanted > _MOST_CANDIDATES:
            return self._places(ids)
        allowed = self._allowed(ids)
        count = int(np.count_nonzero(allowed))
        if count > _EXACT_WITHIN:
            deep = self.effort.lists_for(_FILTERED * k * len(self) / count)
            lists = min(deep, _MOST_LISTS * self.effort.lists_for(k))
            proposed = self.approximate.propose(query, wanted, lists, allowed)
            if len(proposed) >= min(k, count):
                return np.sort(proposed)
        return np.flatnonzero(allowed)

    # -- the exact part -------------------------------------------------------------------------

    def _cosines(self, query: Vectors, places: Ids) -> Vectors:
        """The cosines with ``query`` of the rows at ``places``, in order."""
        products = products_in(len(self.rows))
        if len(places) <= _MOST_CANDIDATES:
            return products(query, self.rows.take(places))
        cosines = np.empty(len(places), np.float32)
        for start, block in self.rows.blocks():
            low, high = np.searchsorted(places, [start, start + len(block)])
            inside = places[low:high] - start
            if len(inside) * _DENSE >= len(block):
                cosines[low:high] = products(query, block)[inside]
            elif len(inside):
                cosines[low:high] = products(query, block[inside])
        return cosines

    def _best(self, places: Ids, cosines: Vectors, k: int) -> tuple[Ids, Vectors]:
        k = min(k, len(places))
        if k < 1:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        chosen = np.argpartition(-cosines, k - 1)[:k]
        chosen = chosen[np.lexsort((places[chosen], -cosines[chosen]))]
        return self.row_ids[places[chosen]], cosines[chosen]

    # -- ids ------------------------------------------------------------------------------------

    def _set_ids(self, row_ids: Ids) -> None:
        self.row_ids = row_ids
        self._count = int((row_ids >= 0).sum())
        self._greatest = int(row_ids.max(initial=-1))
        self._by_id: tuple[Ids | None, Ids] | None = None  # see ``_ordered``

    def _places(self, ids: Ids) -> Ids:
        """Where those of ``ids`` (n,) are that are here, each once, in order of place."""
        if len(ids) > _MANY_IDS:
            return np.flatnonzero(self._allowed(ids))
        places = self._places_of(ids)
        return united(places[places >= 0])

    def _allowed(self, ids: Ids) -> NDArray[np.bool_]:
        """Which rows are of ``ids`` (n,): (rows,)."""
        allowed = np.zeros(len(self.row_ids) + 1, np.bool_)
        allowed[self._places_of(ids)] = True  # its last place stands for those that are nowhere
        return allowed[:-1]

    def _places_of(self, ids: Ids) -> Ids:
        """Where each of ``ids`` (n,) is, (n,); -1 where it isn't."""
        ids = np.asarray(ids, np.int64)
        if len(ids) and ids.view(np.uint64).max() > self._greatest:  # or negative, in one pass
            known = (ids >= 0) & (ids <= self._greatest)
            some = np.full(len(ids), -1, np.int64)
            some[known] = self._places_of(ids[known])
            return some
        ordered, places = self._ordered()
        if ordered is None:
            return places[ids]
        at = np.minimum(np.searchsorted(ordered, ids), len(ordered) - 1)
        return np.where(ordered[at] == ids, places[at], -1)

    def _ordered(self) -> tuple[Ids | None, Ids]:
        """Ids in order and the place of each; where there are few gaps, None and the place of each
        number up to the greatest id."""
        if self._by_id is None:
            places = np.flatnonzero(self.row_ids >= 0)
            ids = self.row_ids[places]
            if self._greatest <= _SPARSE * len(self.row_ids):
                table = np.full(self._greatest + 1, -1, np.int64)
                table[ids] = places
                self._by_id = None, table
            else:
                order = np.argsort(ids, kind="stable")  # nearly sorted already: fast
                self._by_id = ids[order], places[order]
        return self._by_id

"""The photos of a library in a folder for its page, from columns in memory: see ``Catalogue``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from store.catalogue import InFolders, Kind, Located, MonthPhotos, PhotoRows
from store.column_moments import ColumnMoments
from store.columns import Column, Columns
from store.filters import PhotoFilter
from store.labels import GivenLabels
from store.online import is_online
from store.vectors import Ids


class ColumnCatalogue:
    """See ``store.catalogue.Catalogue``.

    Args:
        matching: gives the ids of the photos that meet a filter.
        tagged: gives the ids of the photos with each tag, by its name.
    """

    def __init__(
        self,
        columns: Columns,
        matching: Callable[[PhotoFilter], Ids],
        tagged: Callable[[], Mapping[str, Sequence[int]]],
    ) -> None:
        self.columns, self.tagged = columns, tagged
        self._matching = matching

    @property
    def generation(self) -> int:
        return self.columns.generation

    @property
    def everything(self) -> ColumnSet:
        return self.choose(None)

    def choose(self, filter: PhotoFilter | None, ids: Ids | None = None) -> ColumnSet:
        columns = self.columns
        if filter is None and ids is None:
            return ColumnSet(self, np.arange(len(columns.ids)))
        if filter is None or ids is None:
            chosen = self._matching(filter) if filter else ids
            assert chosen is not None
            return ColumnSet(self, columns.rows(chosen), in_order=ids is not None)
        ids = ids[np.isin(ids, self._matching(filter))]
        return ColumnSet(self, columns.rows(ids), in_order=True)

    def rows(self, ids: Ids) -> PhotoRows:
        columns = self.columns
        rows = columns.rows(ids)
        offline = np.array([not is_online(root) for root in columns.roots], np.bool_)
        return PhotoRows(
            columns.ids[rows],
            columns.taken[rows],
            columns.width[rows],
            columns.height[rows],
            offline[columns.root[rows]] | columns.away[rows],
            _digests(columns, rows),
        )

    def taken(self, ids: Ids) -> NDArray[np.datetime64]:
        columns = self.columns
        taken = np.full(len(ids), np.datetime64("NaT", "s"), "datetime64[s]")
        known = np.isin(ids, columns.ids)
        taken[known] = columns.taken[columns.rows(ids[known])]
        return taken

    def moments(self, within: timedelta) -> ColumnMoments:
        return ColumnMoments(self.columns, within)


class ColumnSet:
    """See ``store.catalogue.PhotoSet``: the photos in ``rows`` (n,) of a catalogue's columns.

    Args:
        in_order: whether that is an order of its own.
    """

    def __init__(
        self, catalogue: ColumnCatalogue, rows: NDArray[np.int64], *, in_order: bool = False
    ) -> None:
        self._catalogue, self._columns = catalogue, catalogue.columns
        self._rows, self._ordered = rows, in_order

    @cached_property
    def _mask(self) -> NDArray[np.bool_]:
        mask = np.zeros(len(self._columns.ids), np.bool_)
        mask[self._rows] = True
        return mask

    def __len__(self) -> int:
        return len(self._rows)

    def counts(self, kind: Kind) -> Mapping[str, int]:
        columns, rows = self._columns, self._rows
        if kind == "month":
            return _times(columns.taken[rows], "datetime64[M]")
        if kind == "year":
            return _times(columns.taken[rows[columns.by_camera[rows]]], "datetime64[Y]")
        return _values(
            {"camera": columns.camera, "place": columns.place, "format": columns.format}[kind], rows
        )

    def folders(self) -> InFolders:
        columns = self._columns
        rows, codes = columns.in_folder[self._mask[columns.in_folder[:, 0]]].T
        direct = np.bincount(codes, minlength=len(columns.folders))
        shared: Counter[tuple[str, ...]] = Counter()
        _, starts, numbers = np.unique(rows, return_index=True, return_counts=True)  # in order
        for start, number in zip(starts[numbers > 1], numbers[numbers > 1], strict=True):
            shared[tuple(columns.folders[c] for c in codes[start : start + number].tolist())] += 1
        return InFolders(
            {columns.folders[code]: int(direct[code]) for code in np.flatnonzero(direct).tolist()},
            list(shared.items()),
        )

    def tags(self) -> Mapping[str, int]:
        counts = {}
        for name, ids in self._catalogue.tagged().items():
            count = int(self._mask[self._columns.rows(np.array(ids, np.int64))].sum())
            if count:
                counts[name] = count
        return counts

    def labels(self, given: GivenLabels) -> Mapping[int, int]:
        return given.counts(self._columns.ids[self._rows])

    def located(self, *, newest: bool) -> Located:
        columns = self._columns
        rows = self._rows if self._ordered else self._by_time(newest)
        rows = rows[~np.isnan(columns.latitude[rows]) & ~np.isnan(columns.longitude[rows])]
        return Located(
            columns.ids[rows],
            columns.latitude[rows],
            columns.longitude[rows],
            _digests(columns, rows),
        )

    def in_order(self, *, newest: bool) -> ListInOrder:
        return ListInOrder(self._columns.ids[self._by_time(newest)])

    def months(self, samples: int, *, newest: bool) -> Sequence[MonthPhotos]:
        rows = self._by_time(newest)
        months = self._columns.taken[rows].astype("datetime64[M]")
        ids = self._columns.ids[rows]
        return [
            MonthPhotos(str(month), len(inside), evenly(inside, samples))
            for month in np.unique(months)[::-1]
            for inside in (ids[months == month],)
        ]

    def _by_time(self, newest: bool) -> NDArray[np.int64]:
        order = np.lexsort((self._rows, self._columns.taken[self._rows]))  # rows are as their ids
        return self._rows[order[::-1] if newest else order]


class ListInOrder:
    """See ``store.catalogue.InOrder``: of a list of ids, (n,)."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids

    def __len__(self) -> int:
        return len(self._ids)

    def part(self, start: int, count: int) -> Ids:
        return self._ids[start : start + count]


def evenly(ids: Ids, most: int) -> list[int]:
    """Up to ``most`` of ``ids`` (n,), spread evenly over them, in order."""
    places = np.arange(most) * (len(ids) - 1) // max(1, most - 1)
    return list(dict.fromkeys(ids[places].tolist()))


def _digests(columns: Columns, rows: NDArray[np.int64]) -> list[str]:
    return [f"{digest:08x}" for digest in columns.digest[rows].tolist()]


def _times(taken: NDArray[np.datetime64], unit: str) -> dict[str, int]:
    each, counts = np.unique(taken.astype(unit), return_counts=True)
    return dict(zip(each.astype(str).tolist(), counts.tolist(), strict=True))


def _values(column: Column, rows: NDArray[np.int64]) -> dict[str, int]:
    codes = column.codes[rows]
    counts = np.bincount(codes[codes >= 0], minlength=len(column.names))
    return {column.names[code]: int(counts[code]) for code in np.flatnonzero(counts).tolist()}

"""Some photos of a library in a folder, counted and listed from their columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from store.catalogue import InFolders, Kind, Located
from store.columns import MONTH, Columns, Rows
from store.filters import HIDDEN
from store.labels import GivenLabels
from store.vectors import Ids


class ColumnSet:
    """See ``store.catalogue.PhotoSet``: the photos in ``rows`` (n,) of a library's columns.

    Args:
        rows: None for all of them.
        tagged: gives the digests of the pictures with each tag, by its name.
        raw_formats: gives the contents that show for stacked raws, by the format of these.
        in_order: whether the rows are in an order of their own.
    """

    def __init__(
        self,
        columns: Columns,
        rows: Rows | None,
        tagged: Callable[[], Mapping[str, Sequence[bytes]]],
        raw_formats: Callable[[], Mapping[str, Sequence[int]]],
        *,
        in_order: bool = False,
    ) -> None:
        self._columns, self._rows = columns, rows
        self._tagged, self._ordered = tagged, in_order
        self._raw_formats = raw_formats

    @cached_property
    def _mask(self) -> NDArray[np.bool_]:
        mask = np.zeros(len(self._columns), np.bool_)
        mask[self._those] = True
        return mask

    @property
    def _those(self) -> Rows | slice:
        """What picks these photos' values out of a column: of all photos, without a copy."""
        return slice(None) if self._rows is None else self._rows

    def __len__(self) -> int:
        return len(self._columns) if self._rows is None else len(self._rows)

    def counts(self, kind: Kind) -> Mapping[str, int]:
        columns = self._columns
        if kind == "month":
            return _months(columns.month[self._those])
        if kind == "year":
            by_camera = columns.by_camera[self._those]
            return _years(_months(columns.month[self._those][by_camera]))
        if kind == "keyword":
            chosen = slice(None) if self._rows is None else self._mask[columns.keyword_row]
            return _counted(columns.keyword.names, columns.keyword.codes[chosen])
        column = {"camera": columns.camera, "place": columns.place, "format": columns.format}[kind]
        counts = _counted(column.names, column.codes[self._those])
        if kind == "format":
            for name, ids in each_once(self._raw_formats()):
                rows = columns.rows(np.array(ids, np.int64))
                count = len(rows) if self._rows is None else int(self._mask[rows].sum())
                if count:
                    counts[name] = counts.get(name, 0) + count
        return counts

    def folders(self) -> InFolders:
        columns, names = self._columns, self._columns.folder_names
        counts = np.bincount(columns.folder[self._those], minlength=len(names))
        direct: Counter[str] = Counter()
        for code in np.flatnonzero(counts).tolist():
            direct[names[code]] += int(counts[code])
        rows, codes = columns.path_row, columns.path_folder
        elsewhere = codes != columns.folder[rows]
        if self._rows is not None:
            elsewhere &= self._mask[rows]
        shared: Counter[tuple[str, ...]] = Counter()
        for holding, number in _together(columns.folder, rows[elsewhere], codes[elsewhere]).items():
            first, *further = (names[code] for code in holding)
            for name in {*further} - {first}:
                direct[name] += number
            inside = tuple(sorted({first, *further}))
            if len(inside) > 1:
                shared[inside] += number
        return InFolders(dict(sorted(direct.items())), list(shared.items()))

    def tags(self) -> Mapping[str, int]:
        tagged = {name: digests for name, digests in self._tagged().items() if name != HIDDEN}
        rows, has = self._columns.rows_of_digests([one for each in tagged.values() for one in each])
        if self._rows is not None:
            has &= self._mask[rows]
        ends = np.cumsum([len(each) for each in tagged.values()]).astype(np.int64)
        until = np.append(0, np.cumsum(has))
        counts = np.diff(until[ends], prepend=0).tolist()
        return {name: count for name, count in zip(tagged, counts, strict=True) if count}

    def labels(self, given: GivenLabels) -> Mapping[int, int]:
        return given.counts(self._columns.ids[self._those])

    def located(self, *, newest: bool) -> Located:
        columns = self._columns
        rows = self._rows if self._ordered and self._rows is not None else self._by_time(newest)
        rows = rows[~np.isnan(columns.latitude[rows]) & ~np.isnan(columns.longitude[rows])]
        names = [*columns.place.names, ""]  # which the code of none, -1, leads to
        return Located(
            columns.ids[rows],
            columns.latitude[rows],
            columns.longitude[rows],
            digests(columns, rows),
            [names[code] for code in columns.place.codes[rows].tolist()],
        )

    def in_order(self, *, newest: bool) -> RowsInOrder:
        return RowsInOrder(self._columns.ids, self._by_time(newest))

    def _by_time(self, newest: bool) -> Rows:
        rows: Rows = self._columns.by_time
        if self._rows is not None:
            rows = rows[self._mask[rows]]
        return rows[::-1] if newest else rows


class RowsInOrder:
    """See ``store.catalogue.InOrder``: of ``rows`` (n,), whose ids are in ``ids``."""

    def __init__(self, ids: Ids, rows: Rows) -> None:
        self._ids, self._rows = ids, rows

    def __len__(self) -> int:
        return len(self._rows)

    def part(self, start: int, count: int) -> Ids:
        return self._ids[self._rows[start : start + count]]


class ListInOrder:
    """See ``store.catalogue.InOrder``: of a list of ids, (n,)."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids

    def __len__(self) -> int:
        return len(self._ids)

    def part(self, start: int, count: int) -> Ids:
        return self._ids[start : start + count]


def each_once(raw_formats: Mapping[str, Sequence[int]]) -> Iterator[tuple[str, list[int]]]:
    """The contents that show for raws of each format, without those that a format before had.

    So who asks for any raw gets as many as the formats add up to.
    """
    before: set[int] = set()
    for name, ids in sorted(raw_formats.items()):
        new = {*ids} - before
        before |= new
        yield name, sorted(new)


def digests(columns: Columns, rows: Rows) -> list[str]:
    """See ``store.catalogue.PhotoRows``."""
    digits = columns.digests[rows, :4].tobytes().hex()
    return [digits[start : start + 8] for start in range(0, len(digits), 8)]


def _counted(names: Sequence[str], codes: NDArray[np.int32]) -> dict[str, int]:
    """How often each of ``names`` is in ``codes``, of which -1 means none."""
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    return {names[code]: int(counts[code]) for code in np.flatnonzero(counts).tolist()}


def _together(
    first: NDArray[np.int32], rows: NDArray[np.int32], further: NDArray[np.int32]
) -> Counter[tuple[int, ...]]:
    """How many photos are in just the same folders: the first of them, and the ``further`` ones.

    Args:
        first: the first folder of every row.
        rows, further: (k,) each, in order of row: the other folders of some.
    """
    if not len(rows):
        return Counter()
    starts = np.flatnonzero(np.diff(rows, prepend=rows[:1] - 1))
    ends = np.append(starts[1:], len(rows))
    one = ends - starts == 1
    pairs = first[rows[starts[one]]].astype(np.int64) << 32 | further[starts[one]]
    each, counts = np.unique(pairs, return_counts=True)  # of rows of an array, it is slow
    numbers = zip((each >> 32).tolist(), (each & 0xFFFFFFFF).tolist(), strict=True)
    together: Counter[tuple[int, ...]] = Counter(dict(zip(numbers, counts.tolist(), strict=True)))
    for place in np.flatnonzero(~one).tolist():
        inside = further[starts[place] : ends[place]].tolist()
        together[int(first[rows[starts[place]]]), *sorted(set(inside))] += 1
    return together


def _months(months: NDArray[np.int32]) -> dict[str, int]:
    """How many photos there are of each of ``months``, which are counted from January 1970."""
    if not len(months):
        return {}
    first = int(months.min())
    counts = np.bincount(months - first)
    there = np.flatnonzero(counts)
    names = (there + first).astype(MONTH).astype(str)
    return dict(zip(names.tolist(), counts[there].tolist(), strict=True))


def _years(months: Mapping[str, int]) -> dict[str, int]:
    years: Counter[str] = Counter()
    for month, count in months.items():
        years[month.rpartition("-")[0]] += count
    return dict(years)

"""Values to filter by (months, folders, labels, cameras, ...), each with its count of photos."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.labels.vocabulary import Vocabulary
from app.query.file_types import type_of
from store.columns import Column, Columns
from store.labels import Labels
from store.sql.filter_sql import fold
from store.vectors import Ids

MOST = 12  # values shown of a facet


class Count(NamedTuple):
    """A value to filter by, and how many photos meet that filter."""

    value: str
    photos: int


@dataclass(frozen=True)
class Folder:
    """A folder, how many photos are in and below it, and the folders in it.

    ``path`` is as the filter ``in:`` takes it, in which ``[`` and the like have a meaning.
    """

    path: str
    name: str
    count: int
    inner: tuple[Folder, ...]


def mask_of(columns: Columns, ids: Ids) -> NDArray[np.bool_]:
    """Which rows of the columns are photos of ``ids``: (rows,) bool."""
    mask = np.zeros(len(columns.ids), np.bool_)
    mask[columns.rows(ids)] = True
    return mask


def months(columns: Columns, mask: NDArray[np.bool_]) -> list[Count]:
    """Photos a month ("2019-07"), in order; months without any are left out."""
    each, counts = np.unique(columns.taken[mask].astype("datetime64[M]"), return_counts=True)
    return [Count(*one) for one in zip(each.astype(str).tolist(), counts.tolist(), strict=True)]


def cameras(columns: Columns, mask: NDArray[np.bool_]) -> list[Count]:
    """The most frequent cameras."""
    counts = _counts(columns.camera, mask)
    return _containing(counts, [name for name, _ in counts.most_common(MOST)])


def places(columns: Columns, mask: NDArray[np.bool_]) -> list[Count]:
    """The most frequent towns; a place is "Town, region, country"."""
    counts = _counts(columns.place, mask)
    towns: Counter[str] = Counter()
    for place, count in counts.items():
        towns[place.split(", ")[0]] += count
    return _containing(counts, [name for name, _ in towns.most_common(MOST)])


def kinds(columns: Columns, mask: NDArray[np.bool_]) -> list[Count]:
    """Kinds of files by the names that people know, the most frequent first."""
    total: Counter[str] = Counter()
    for name, count in _counts(columns.format, mask).items():
        total[type_of(name)] += count
    return [Count(*one) for one in total.most_common(MOST)]


def tags(
    tagged: Mapping[str, Sequence[int]], columns: Columns, mask: NDArray[np.bool_]
) -> list[Count]:
    """Every tag that any of the photos has."""
    counted = []
    for name, ids in tagged.items():
        count = int(mask[columns.rows(np.array(ids, np.int64))].sum())
        if count:
            counted.append(Count(name, count))
    return counted


def labels(
    given: Labels,
    vocabulary: Vocabulary,
    columns: Columns,
    mask: NDArray[np.bool_],
    most: int = MOST,
) -> list[Count]:
    """The concepts that most of the photos show."""
    # Both are in order of ids, of the same library a moment apart.
    shown = np.zeros(len(given.ids), np.bool_)
    shown[np.isin(given.ids, columns.ids[mask])] = True
    counts = np.bincount(given.concepts[shown[given.rows]], minlength=len(vocabulary.names))
    best = np.argsort(-counts, kind="stable")[:most]
    return [Count(vocabulary.names[n], int(counts[n])) for n in best.tolist() if counts[n]]


def folders(columns: Columns, mask: NDArray[np.bool_]) -> list[Folder]:
    """The folders as a tree, from where they part; counts include the folders below.

    A photo in several folders counts once in each of them, and once in each folder above them.
    """
    rows, codes = columns.in_folder[mask[columns.in_folder[:, 0]]].T
    parts_of = [Path(folder).parts for folder in columns.folders]
    counts: Counter[tuple[str, ...]] = Counter()
    inner: dict[tuple[str, ...], dict[tuple[str, ...], None]] = {}
    direct = np.bincount(codes, minlength=len(columns.folders))
    for code in np.flatnonzero(direct).tolist():
        for outer in _with_outer(parts_of[code]):
            counts[outer] += int(direct[code])
            inner.setdefault(outer[:-1], {})[outer] = None
    _, starts, numbers = np.unique(rows, return_index=True, return_counts=True)  # in order
    for start, number in zip(starts[numbers > 1], numbers[numbers > 1], strict=True):
        holding = (parts_of[code] for code in codes[start : start + number].tolist())
        times = Counter(outer for parts in holding for outer in _with_outer(parts))
        counts.subtract({outer: seen - 1 for outer, seen in times.items()})
    holding_some = {parts_of[code] for code in np.flatnonzero(direct).tolist()}

    def tree(parts: tuple[str, ...]) -> Folder:
        below = tuple(tree(one) for one in inner.get(parts, {}))
        return Folder(glob.escape(str(Path(*parts))), parts[-1], counts[parts], below)

    tops = list(inner.get((), {}))
    while len(tops) == 1 and tops[0] in inner and tops[0] not in holding_some:
        tops = list(inner[tops[0]])
    return [tree(parts) for parts in tops]


def without_counts(tree: Iterable[Folder]) -> list[Folder]:
    """The same folders, with a count of 0 each."""
    return [replace(one, count=0, inner=tuple(without_counts(one.inner))) for one in tree]


def _with_outer(parts: tuple[str, ...]) -> list[tuple[str, ...]]:
    """A folder and all folders that it is in, the outermost first."""
    return [parts[:depth] for depth in range(1, len(parts) + 1)]


def _counts(column: Column, mask: NDArray[np.bool_]) -> Counter[str]:
    """How many photos have each value of a column."""
    codes = column.codes[mask]
    counts = np.bincount(codes[codes >= 0], minlength=len(column.names))
    return Counter({column.names[code]: int(counts[code]) for code in np.flatnonzero(counts)})


def _containing(counts: Counter[str], names: Iterable[str]) -> list[Count]:
    """For each of ``names``, how many photos have a value that contains it, as filters do."""
    folded = [(fold(value), count) for value, count in counts.items()]
    total = Counter({name: sum(c for value, c in folded if fold(name) in value) for name in names})
    return [Count(*one) for one in total.most_common()]

"""How many photos there are by month, folder, label, camera, ...: what to filter by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.labels.vocabulary import Vocabulary
from store.columns import Column, Columns
from store.labels import Labels
from store.vectors import Ids

_KINDS = {"JPEG": "jpg", "MPO": "jpg", "HEIF": "heic", "JPEG2000": "jp2", "TIFF": "tiff"}
"""Pillow's names as the filter ``type:`` has them; others are the same in lower case."""

MOST = 12  # values of a facet


@dataclass(frozen=True)
class Folder:
    """A folder, how many photos are in and below it, and the folders in it."""

    path: str
    name: str
    count: int
    inner: tuple[Folder, ...]


def mask_of(columns: Columns, ids: Ids) -> NDArray[np.bool_]:
    """Which rows of the columns are of ``ids``: (n,)."""
    mask = np.zeros(len(columns.ids), np.bool_)
    mask[columns.rows(ids)] = True
    return mask


def months(columns: Columns, mask: NDArray[np.bool_]) -> list[tuple[str, int]]:
    """Photos a month ("2019-07"), in order; months without any are left out."""
    found, counts = np.unique(columns.taken[mask].astype("datetime64[M]"), return_counts=True)
    return list(zip(found.astype(str).tolist(), counts.tolist(), strict=True))


def names(column: Column, mask: NDArray[np.bool_], most: int = MOST) -> list[tuple[str, int]]:
    """The most frequent values of a column."""
    codes = column.codes[mask]
    counts = np.bincount(codes[codes >= 0], minlength=len(column.names))
    best = np.argsort(-counts, kind="stable")[:most]
    return [(column.names[code], int(counts[code])) for code in best.tolist() if counts[code]]


def places(columns: Columns, mask: NDArray[np.bool_]) -> list[tuple[str, int]]:
    """Towns; a place is "Town, region, country"."""
    return _merged(names(columns.place, mask, 10_000), lambda place: place.split(", ")[0])


def kinds(columns: Columns, mask: NDArray[np.bool_]) -> list[tuple[str, int]]:
    """Kinds of files, by the names that people know."""
    return _merged(names(columns.format, mask), lambda name: _KINDS.get(name, name.lower()))


def tags(
    tagged: Mapping[str, Sequence[int]], columns: Columns, mask: NDArray[np.bool_]
) -> list[tuple[str, int]]:
    """Every tag that any of the photos has."""
    found = []
    for name, ids in tagged.items():
        count = int(mask[columns.rows(np.array(ids, np.int64))].sum())
        if count:
            found.append((name, count))
    return found


def labels(
    given: Labels,
    vocabulary: Vocabulary,
    columns: Columns,
    mask: NDArray[np.bool_],
    most: int = MOST,
) -> list[tuple[str, int]]:
    """The concepts that most of the photos show."""
    # Both are in order of ids, of the same library a moment apart.
    shown = np.zeros(len(given.ids), np.bool_)
    shown[np.isin(given.ids, columns.ids[mask])] = True
    counts = np.bincount(given.concepts[shown[given.rows]], minlength=len(vocabulary.names))
    best = np.argsort(-counts, kind="stable")[:most]
    return [(vocabulary.names[one], int(counts[one])) for one in best.tolist() if counts[one]]


def folders(columns: Columns, mask: NDArray[np.bool_]) -> list[Folder]:
    """The folders as a tree, beginning where they part; counts include what is below."""
    rows, codes = columns.in_folder.T
    direct = np.bincount(codes[mask[rows]], minlength=len(columns.folders))
    counts: Counter[tuple[str, ...]] = Counter()
    inner: dict[tuple[str, ...], dict[tuple[str, ...], None]] = {}
    for folder, count in zip(columns.folders, direct.tolist(), strict=True):
        if not count:
            continue
        parts = Path(folder).parts
        for depth in range(1, len(parts) + 1):
            counts[parts[:depth]] += count
            inner.setdefault(parts[: depth - 1], {})[parts[:depth]] = None
    direct_of = {
        Path(folder).parts: count
        for folder, count in zip(columns.folders, direct.tolist(), strict=True)
    }

    def tree(parts: tuple[str, ...]) -> Folder:
        below = tuple(tree(one) for one in inner.get(parts, {}))
        return Folder(str(Path(*parts)), parts[-1], counts[parts], below)

    found = [tree(parts) for parts in inner.get((), {})]
    while len(found) == 1 and found[0].inner and not direct_of.get(Path(found[0].path).parts):
        found = list(found[0].inner)
    return found


def _merged(
    counted: Sequence[tuple[str, int]], rename: Callable[[str], str]
) -> list[tuple[str, int]]:
    total: Counter[str] = Counter()
    for name, count in counted:
        total[rename(name)] += count
    return total.most_common(MOST)

"""Columns made of what the database says of paths, and columns caught up with some of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from store.columns import MONTH, TIME, Column, ColumnArrays, digest_keys
from store.vectors import Ids

_OF_ROWS = (
    *("ids", "taken", "by_camera", "width", "height", "latitude", "longitude", "away", "digests"),
)
"""Those columns whose values stay what they are, wherever their row goes."""

_FEW = 10_000
"""Rows that are put between the others; if there are more, all are sorted."""


@dataclass(frozen=True)
class Paths:
    """Living paths, in order of content and of their own id: arrays (p,), lists of as many.

    As in ``ColumnArrays``, but ``folders`` has the folder of each path.
    """

    contents: Ids
    taken: NDArray[np.datetime64]
    by_camera: NDArray[np.bool_]
    width: NDArray[np.int32]
    height: NDArray[np.int32]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    away: NDArray[np.bool_]
    digests: NDArray[np.uint8]
    camera: Column
    place: Column
    format: Column
    folder: NDArray[np.int32]
    folders: Sequence[tuple[int, str]]


def of_paths(paths: Paths, keyword_of: Ids, keyword: Column) -> ColumnArrays:
    """The columns of contents that have these paths and no other.

    Args:
        keyword_of: the content of each keyword, (k,), in order; those of others are left out.
        keyword: the keywords, (k,).
    """
    ids, first, counts = np.unique(paths.contents, return_index=True, return_counts=True)
    row = np.repeat(np.arange(len(ids), dtype=np.int32), counts)
    folders, folder = _in_order(paths.folders, paths.folder)
    away = np.logical_and.reduceat(paths.away, first) if len(first) else paths.away
    several = counts[row] > 1
    own = ("ids", "away")
    values = {name: getattr(paths, name)[first] for name in _OF_ROWS if name not in own}
    texts: dict[str, Any] = {
        name: Column(*_in_order(column.names, column.codes[first]))
        for name in ("camera", "place", "format")
        for column in (getattr(paths, name),)
    }
    of_several = {
        "path_row": row[several],
        "path_folder": folder[several],
        "path_taken": paths.taken[several],
        "path_away": paths.away[several],
    }
    there = np.isin(keyword_of, ids)
    texts["keyword"] = Column(*_in_order(keyword.names, keyword.codes[there]))
    of_several["keyword_row"] = np.searchsorted(ids, keyword_of[there]).astype(np.int32)
    values |= texts | of_several | {"ids": ids, "away": away}
    return _complete(values | {"folder": folder[first], "folders": folders})


def merged(old: ColumnArrays, changed: Ids, new: ColumnArrays) -> ColumnArrays:
    """``old`` without the contents ``changed`` (n,), and with those of them that are in ``new``."""
    stays = np.ones(len(old), np.bool_)
    stays[old.rows(changed)] = False
    kept = np.flatnonzero(stays)
    order = np.argsort(np.concatenate([old.ids[kept], new.ids]), kind="stable")
    values: dict[str, Any] = {
        name: np.concatenate([getattr(old, name)[kept], getattr(new, name)])[order]
        for name in _OF_ROWS
    }
    for name in ("camera", "place", "format"):
        one, other = getattr(old, name), getattr(new, name)
        names = [*one.names, *other.names]
        codes = np.concatenate([one.codes[kept], _moved(other.codes, len(one.names))])
        values[name] = Column(*_in_order(names, codes[order]))
    place = np.empty(len(order), np.int32)  # of what was at each place before
    place[order] = np.arange(len(order), dtype=np.int32)
    of_old = np.full(len(old), -1, np.int32)
    of_old[kept] = place[: len(kept)]
    of_new = place[len(kept) :]
    rows, by_row = _by_row(of_old[old.keyword_row], of_new[new.keyword_row])
    names = [*old.keyword.names, *new.keyword.names]
    moved = _moved(new.keyword.codes, len(old.keyword.names))
    codes = np.concatenate([old.keyword.codes, moved])[by_row]
    values |= {"keyword_row": rows[by_row], "keyword": Column(*_in_order(names, codes))}
    rows, by_row = _by_row(of_old[old.path_row], of_new[new.path_row])
    for name in ("path_taken", "path_away"):
        values[name] = np.concatenate([getattr(old, name), getattr(new, name)])[by_row]
    in_new = np.int32(len(old.folders))
    first = np.concatenate([old.folder[kept], new.folder + in_new])[order]
    of_paths = np.concatenate([old.path_folder, new.path_folder + in_new])[by_row]
    folders, codes = _in_order([*old.folders, *new.folders], np.concatenate([first, of_paths]))
    values |= {"path_row": rows[by_row], "path_folder": codes[len(first) :]}
    values |= {"folders": folders, "folder": codes[: len(first)]}
    by_time = put_between(old.by_time, of_old, of_new, values["taken"].astype(TIME))
    by_digest = put_between(old.by_digest, of_old, of_new, digest_keys(values["digests"]))
    return _complete(values, by_time, by_digest)


def put_between(
    before: NDArray[np.int32], of_old: NDArray[np.int32], new: NDArray[np.int32], keys: NDArray[Any]
) -> NDArray[np.int32]:
    """The rows in order of ``keys`` (n,), and where these are the same, of row: (n,).

    To sort all of a million again takes longer than all else that few changes ask for.

    Args:
        before: the rows that there were, in that order.
        of_old: which row each of them is now, in order; -1: none.
        new: the rows that are none of these, in order.
    """
    if len(new) > _FEW:
        return np.argsort(keys, kind="stable").astype(np.int32)
    order = of_old[before]
    order = order[order >= 0]
    new = new[np.argsort(keys[new], kind="stable")]
    at, end = (np.searchsorted(keys[order], keys[new], side) for side in ("left", "right"))
    for place in np.flatnonzero(at < end).tolist():
        at[place] += np.searchsorted(order[at[place] : end[place]], new[place])
    return np.insert(order, at, new)


def _complete(
    values: dict[str, Any],
    by_time: NDArray[np.int32] | None = None,
    by_digest: NDArray[np.int32] | None = None,
) -> ColumnArrays:
    """The columns of ``values``, by name, with those that are worked out of them."""
    taken: NDArray[np.datetime64] = values["taken"].astype(TIME)
    keys = digest_keys(values["digests"])
    if by_time is None:
        by_time = np.argsort(taken, kind="stable").astype(np.int32)  # rows are as their ids
    if by_digest is None:
        by_digest = np.argsort(keys, kind="stable").astype(np.int32)
    return ColumnArrays(
        by_digest=by_digest,
        digest_keys=keys[by_digest],
        month=taken.astype(MONTH).astype(np.int32),
        by_time=by_time,
        **values,
    )


def _by_row(
    old: NDArray[np.int32], new: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Rows of two sides, one behind the other, and their places in order; those at -1 are gone.

    All of one row are of one side, and stay in their order.
    """
    rows = np.concatenate([old, new])
    order = np.argsort(rows, kind="stable")
    return rows, order[rows[order] >= 0]


def _moved(codes: NDArray[np.int32], by: int) -> NDArray[np.int32]:
    return np.where(codes >= 0, codes + np.int32(by), np.int32(-1))


def _in_order(
    names: Sequence[Any], codes: NDArray[np.int32]
) -> tuple[list[Any], NDArray[np.int32]]:
    """Those of ``names`` that occur, each once and in order, and ``codes`` for these."""
    occurs = np.bincount(codes[codes >= 0], minlength=len(names))
    listed = sorted({names[code] for code in np.flatnonzero(occurs).tolist()})
    place = {name: number for number, name in enumerate(listed)}
    table = np.array([*(place.get(name, -1) for name in names), -1], np.int32)  # the last: none
    return listed, table[codes]

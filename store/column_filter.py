"""Filters decided by columns in milliseconds, where SQL has to look at each row of a million.

As ``store.sql.filter_sql`` decides: of each living path, and a content meets a filter if any of its
paths does. What the columns do not say of a content (its tags, its lens, its title) is asked of the
rows, by itself; where they do not say something of each path (its name, its size), so is the whole
filter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from store import filters
from store.columns import TIME, Column, Columns
from store.distances import distance_km
from store.filters import PhotoFilter
from store.folding import containing, keyword_matcher
from store.online import is_online
from store.sql.fspath import folder_matcher
from store.stacks import RAW_FORMATS
from store.vectors import Ids

Mask = NDArray[np.bool_]
_MOST = 2**31 - 1  # pixels
_HOUR, _DAY = 3_600, 86_400


def meeting(
    columns: Columns, filter: PhotoFilter, of_contents: Callable[[PhotoFilter], Ids]
) -> NDArray[np.int64] | None:
    """The rows of the contents that meet ``filter``, (n,), in order.

    None: it asks for what the columns do not say of paths.

    Args:
        of_contents: gives the ids of the contents that meet a filter, by their rows.
    """
    if any(_is_of_paths(one) for one in filters.conditions(filter)):
        return None
    there: dict[PhotoFilter, Mask] = {}

    def asked(leaf: PhotoFilter) -> Mask:
        if leaf not in there:
            there[leaf] = np.zeros(len(columns), np.bool_)
            there[leaf][columns.rows(of_contents(leaf))] = True
        return there[leaf]

    every: NDArray[np.int64] | slice = slice(None)
    first = _Paths(columns, every, columns.folder, columns.taken, columns.away, asked)
    meets = first.mask(filter)
    if len(columns.path_row):
        rows = columns.path_row.astype(np.int64)
        several = _Paths(
            columns, rows, columns.path_folder, columns.path_taken, columns.path_away, asked
        )
        meets[rows] = False
        meets[rows[several.mask(filter)]] = True
    return np.flatnonzero(meets)


def _is_of_paths(leaf: PhotoFilter) -> bool:
    """Whether the columns do not have what it asks of each path, or not as exactly."""
    match leaf:
        case filters.Name() | filters.Measure("size") | filters.Labelled():
            return True
        case filters.Taken(start, end):
            return any(bound and (bound.microsecond or bound.tzinfo) for bound in (start, end))
    return False


@dataclass(frozen=True)
class _Paths:
    """Paths (p,): the rows of their contents, and what is said of each path itself."""

    columns: Columns
    rows: NDArray[np.int64] | slice
    folder: NDArray[np.int32]
    taken: NDArray[np.datetime64]
    away: Mask
    asked: Callable[[PhotoFilter], Mask]

    def mask(self, filter: PhotoFilter) -> Mask:
        """Which of them meet ``filter``; a new array."""

        def every(inner: Sequence[Mask]) -> Mask:
            return reduce(np.logical_and, inner, np.ones(len(self.folder), np.bool_))

        def some(inner: Sequence[Mask]) -> Mask:
            return reduce(np.logical_or, inner, np.zeros(len(self.folder), np.bool_))

        meets: Mask = filters.fold(filter, self._leaf, every, some, np.logical_not)
        return meets.copy()

    def _leaf(self, leaf: PhotoFilter) -> Mask:
        columns, rows = self.columns, self.rows
        match leaf:
            case filters.InFolder(parts, anchored):
                fits = folder_matcher(parts, anchored=anchored)
                return np.array([fits(one) for one in columns.folder_paths], np.bool_)[self.folder]
            case filters.Taken(start, end):
                return self._within(start, end)
            case filters.InMonth(month, day):
                months = self.taken.astype("datetime64[M]")
                in_month = np.equal(months.astype(np.int64) % 12, month - 1)
                if day is not None:
                    days = self.taken.astype("datetime64[D]") - months.astype("datetime64[D]")
                    in_month &= np.equal(days.astype(np.int64), day - 1)
                return in_month
            case filters.InHours(start, end):
                hour = self.taken.astype(TIME).astype(np.int64) % _DAY // _HOUR
                return columns.by_camera[rows] & (hour >= start) & (hour < end)
            case filters.IsOffline():
                unseen = {id for id, path in columns.root_paths.items() if not is_online(path)}
                offline = np.array([root in unseen for root, _ in columns.folders], np.bool_)
                return offline[self.folder] | self.away
        return self._of_content(leaf)

    def _of_content(self, leaf: PhotoFilter) -> Mask:
        columns, rows = self.columns, self.rows
        match leaf:
            case filters.HasKeyword(keyword):
                names = columns.keyword.names
                fits = np.array([*map(keyword_matcher(keyword), names)], np.bool_)
                having = np.zeros(len(columns), np.bool_)
                having[columns.keyword_row[fits[columns.keyword.codes]]] = True
                return having[rows]
            case filters.Contains("camera" | "place" as what, text, last):
                column = columns.camera if what == "camera" else columns.place
                fits_name = containing(text, last=last, words=what == "place")
                return _among(column, rows, fits_name)
            case filters.Format(name):
                own = _among(columns.format, rows, lambda one: one == name)
                return own | self.asked(leaf)[rows] if name in RAW_FORMATS else own
            case filters.Measure("width" | "height" as what, low, high):
                size = (columns.width if what == "width" else columns.height)[rows]
                fits_low = True if low is None else size >= low
                return (
                    np.ones(len(size), np.bool_)
                    & fits_low
                    & (True if high is None else size <= high)
                )
            case filters.Orientation(shape):
                return _shape(columns.width[rows], columns.height[rows], shape)
            case filters.Near(latitude, longitude, km):
                north, east = columns.latitude[rows], columns.longitude[rows]
                near = np.zeros(len(north), np.bool_)
                placed = ~np.isnan(north) & ~np.isnan(east)
                near[placed] = distance_km(latitude, longitude, north[placed], east[placed]) <= km
                return near
            case filters.HasPlace():
                return ~np.isnan(columns.latitude[rows]) & ~np.isnan(columns.longitude[rows])
            case filters.OneOf(content_ids):
                one_of = np.zeros(len(columns), np.bool_)
                one_of[columns.rows(np.array(content_ids, np.int64))] = True
                return one_of[rows]
        return self.asked(leaf)[rows]

    def _within(self, start: datetime | None, end: datetime | None) -> Mask:
        within = np.ones(len(self.taken), np.bool_)
        if start is not None:
            within &= self.taken >= np.datetime64(start, "s")
        if end is not None:
            within &= self.taken < np.datetime64(end, "s")
        return within


def _among(column: Column, rows: NDArray[np.int64] | slice, fits: Callable[[str], bool]) -> Mask:
    """Whether each text is one that fits; those without one do not."""
    table = np.array([*(fits(name) for name in column.names), False], np.bool_)
    return table[column.codes[rows]]


def _shape(width: NDArray[np.int32], height: NDArray[np.int32], shape: str) -> Mask:
    wide = width / np.maximum(height, 1)
    limit = 1 + filters.SQUARE_WITHIN
    if shape == "landscape":
        return np.greater(wide, limit)
    if shape == "portrait":
        return np.less(wide, 1 / limit)
    return (wide <= limit) & (wide >= 1 / limit)

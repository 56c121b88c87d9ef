"""The photos of a library in a folder for its page, from their columns: see ``Catalogue``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cache

import numpy as np

from store.catalogue import PhotoRows
from store.column_filter import meeting
from store.column_moments import ColumnMoments
from store.column_set import ColumnSet, digests
from store.columns import Columns, Rows
from store.filters import Format, InAlbum, PhotoFilter, Tagged
from store.online import is_online
from store.vectors import Ids


class ColumnCatalogue:
    """See ``store.catalogue.Catalogue``.

    Args:
        matching: gives the ids of the photos that meet a filter.
        tagged: gives the digests of the pictures with each tag, by its name.
        in_album: gives the digests of the pictures in an album.
        raw_formats: gives the contents that show for stacked raws, by the format of these.
    """

    def __init__(
        self,
        columns: Columns,
        matching: Callable[[PhotoFilter], Ids],
        tagged: Callable[[], Mapping[str, Sequence[bytes]]],
        in_album: Callable[[str], Sequence[bytes]],
        raw_formats: Callable[[], Mapping[str, Sequence[int]]],
    ) -> None:
        self.columns, self.tagged = columns, tagged
        self._matching, self._in_album = matching, in_album
        self.raw_formats = cache(raw_formats)

    @property
    def generation(self) -> int:
        return self.columns.generation

    @property
    def everything(self) -> ColumnSet:
        return self.choose(None)

    def choose(self, filter: PhotoFilter | None, ids: Ids | None = None) -> ColumnSet:
        columns = self.columns
        rows = None if ids is None else columns.rows(ids)
        if filter is not None:
            chosen = meeting(columns, filter, self._of_contents)
            if chosen is None:
                chosen = columns.rows(self._matching(filter))
            if rows is None:
                rows = chosen
            else:
                meets = np.zeros(len(columns), np.bool_)
                meets[chosen] = True
                rows = rows[meets[rows]]
        return ColumnSet(columns, rows, self.tagged, self.raw_formats, in_order=ids is not None)

    def _of_contents(self, filter: PhotoFilter) -> Ids:
        match filter:
            case Tagged(tag):
                held = self.tagged().get(tag.lower(), ())
            case InAlbum(album):
                held = self._in_album(album)
            case Format(name):
                return np.array(self.raw_formats().get(name, ()), np.int64)
            case _:
                return self._matching(filter)
        rows, has = self.columns.rows_of_digests(held)
        return self.columns.ids[rows[has]]

    def rows(self, ids: Ids) -> PhotoRows:
        columns = self.columns
        rows = columns.rows(ids)
        return PhotoRows(
            columns.ids[rows],
            columns.taken[rows],
            columns.width[rows],
            columns.height[rows],
            self._offline(rows) | columns.away[rows],
            digests(columns, rows),
        )

    def _offline(self, rows: Rows) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        columns = self.columns
        unseen = {id for id, path in columns.root_paths.items() if not is_online(path)}
        offline = np.array([root in unseen for root, _ in columns.folders], np.bool_)
        return offline[columns.folder[rows]]

    def taken(self, ids: Ids) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
        columns = self.columns
        rows, known = columns.places(ids)
        taken = np.full(len(ids), np.datetime64("NaT", "s"), "datetime64[s]")
        taken[known] = columns.taken[rows[known]]
        return taken

    def moments(self, within: timedelta) -> ColumnMoments:
        return ColumnMoments(self.columns, within)

"""When photos were taken, from the columns that are in memory: no row is read again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import numpy as np

from store.catalogue import in_seconds
from store.columns import Columns
from store.vectors import Ids


class ColumnMoments:
    """See ``store.catalogue.Moments``.

    Args:
        within: photos so near in time may be of one burst.
    """

    def __init__(self, columns: Columns, within: timedelta) -> None:
        self._columns, self._within = columns, within

    def of(self, ids: Ids) -> dict[int, datetime]:
        columns = self._columns
        rows = columns.rows(ids)
        rows = rows[columns.by_camera[rows]]
        return dict(zip(columns.ids[rows].tolist(), columns.taken[rows].tolist(), strict=True))

    def around(self, moments: Collection[datetime]) -> dict[int, datetime]:
        columns = self._columns
        rows = columns.rows_by_camera_time
        taken = columns.taken[rows].astype(np.int64)
        asked = np.floor(in_seconds(sorted(moments)))
        reach = self._within.total_seconds()
        first = np.searchsorted(taken, asked - reach, "left")
        last = np.searchsorted(taken, asked + reach, "right")
        # +1 where a stretch begins and -1 behind its end: what sums to more than 0 is in one.
        steps = np.bincount(first, minlength=len(taken) + 1)
        steps = steps - np.bincount(last, minlength=len(taken) + 1)
        near = rows[np.cumsum(steps)[:-1] > 0]
        return dict(zip(columns.ids[near].tolist(), columns.taken[near].tolist(), strict=True))

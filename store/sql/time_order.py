"""Photos by time, read from a server part by part: no list of them is anywhere.

There are two streams, each in the order of an index: photos with the camera's time, and those with
their file's. A part goes on where the one before it ended in each. What was read last is at most
some keys, however many photos there are.
"""

from __future__ import annotations

import heapq
import threading
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import ColumnElement, Connection, Engine, select, tuple_

from store.filters import PhotoFilter
from store.online import is_online
from store.sql import filter_sql, first_paths
from store.sql.database import reading
from store.sql.schema import Content, Photo
from store.states import State
from store.values import ModelInfo
from store.vectors import Ids

_STEP = 10_000  # photos that are passed over at once, where somebody jumps ahead


class _Next(NamedTuple):
    """A photo of one of the streams, by which it sorts against the other, and its key there."""

    taken: datetime
    id: int
    stream: int
    key: tuple[Any, int]


@dataclass(frozen=True)
class _Mark:
    """How far a part went: the key of the last photo of each stream, None before the first."""

    keys: tuple[tuple[Any, int] | None, tuple[Any, int] | None] = (None, None)


class TimeOrder:
    """See ``store.catalogue.InOrder``; safe to share by threads.

    Args:
        count: how many photos meet ``filter``.
    """

    def __init__(
        self,
        engine: Engine,
        model: ModelInfo,
        filter: PhotoFilter | None,
        count: int,
        *,
        newest: bool,
    ) -> None:
        self._engine, self._model, self._filter = engine, model, filter
        self._count, self._newest = count, newest
        self._places, self._marks = [0], [_Mark()]
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return self._count

    def part(self, start: int, count: int) -> Ids:
        if start >= self._count or count <= 0:
            return np.empty(0, np.int64)
        with self._lock:
            nearest = bisect_right(self._places, start) - 1
            place, mark = self._places[nearest], self._marks[nearest]
        with reading(self._engine) as connection:
            while place < start:
                passed, mark = self._read(connection, mark, min(_STEP, start - place))
                if not passed:
                    return np.empty(0, np.int64)
                place += len(passed)
                self._keep(place, mark)
            ids, mark = self._read(connection, mark, count)
        self._keep(place + len(ids), mark)
        return np.array(ids, np.int64)

    def _keep(self, place: int, mark: _Mark) -> None:
        with self._lock:
            where = bisect_right(self._places, place)
            if self._places[where - 1] != place:
                self._places.insert(where, place)
                self._marks.insert(where, mark)

    def _read(self, connection: Connection, mark: _Mark, count: int) -> tuple[list[int], _Mark]:
        streams = [
            [
                _Next(taken, id, 0, (taken, id))
                for id, taken in self._dated(connection, mark, count)
            ],
            [
                _Next(taken, id, 1, (second, id))
                for id, taken, second in self._undated(connection, mark, count)
            ],
        ]
        merged = heapq.merge(*streams, key=lambda one: one[:2], reverse=self._newest)
        listed = list(islice(merged, count))
        keys = list(mark.keys)
        for one in listed:
            keys[one.stream] = one.key
        return [one.id for one in listed], _Mark((keys[0], keys[1]))

    def _dated(self, connection: Connection, mark: _Mark, count: int) -> Any:
        """(id, taken) of photos with the camera's time."""
        query = select(Content.id, Content.taken_at).where(
            Content.taken_at.is_not(None),
            first_paths.embedded(self._model.id),
            filter_sql.living(connection, self._filter, is_online)
            .where(Content.id == filter_sql.CONTENT)
            .correlate(Content)
            .exists()
            if self._filter is None
            else Content.id.in_(filter_sql.living(connection, self._filter, is_online)),
        )
        key = (Content.taken_at, Content.id)
        return connection.execute(self._after(query, key, mark.keys[0], count)).all()

    def _undated(self, connection: Connection, mark: _Mark, count: int) -> Any:
        """(id, taken, second) of photos with only their file's time."""
        query = (
            select(Content.id, first_paths.file_moment(), first_paths.FILE_SECOND)
            .select_from(Photo)
            .join(Content, Content.id == Photo.content_id)
            .where(
                Content.taken_at.is_(None),
                Photo.state == State.INDEXED,
                first_paths.first(),
                first_paths.embedded(self._model.id),
            )
        )
        if self._filter is not None:
            living = filter_sql.living(connection, self._filter, is_online)
            query = query.where(Content.id.in_(living))
        key = (first_paths.FILE_SECOND, Photo.content_id)
        return connection.execute(self._after(query, key, mark.keys[1], count)).all()

    def _after(
        self, query: Any, key: tuple[Any, Any], last: tuple[Any, int] | None, count: int
    ) -> Any:
        if last is not None:
            there: ColumnElement[Any] = tuple_(*key)
            query = query.where(there < last if self._newest else there > last)
        order = [one.desc() if self._newest else one.asc() for one in key]
        return query.order_by(*order).limit(count)

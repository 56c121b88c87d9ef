"""The vectors of a library on a server, searched there: a ``store.vectors.VectorSearch``."""

from __future__ import annotations

import time
from functools import cached_property

import numpy as np
from sqlalchemy import Connection, Engine, Select

from store.filters import PhotoFilter
from store.online import is_online
from store.sql import embeddings, filter_sql
from store.sql.database import reading
from store.sql.dialect.nearest import count_nearer, estimated, nearest, nearest_of
from store.sql.samples import evenly_embedded, first_embedded
from store.sql.schema import Embedding
from store.sql.searchable import count_embedded
from store.values import ModelInfo
from store.vectors import Ids, Vectors, spread

_AT_ONCE = 5_000  # vectors in memory
_NUMBERED = 5_000  # photos, from which a sample is taken by their places; of more, by their ids
_JUDGED = 5_000  # photos, of which a share is taken
_FILTERS, _KNOWN_S = 100, 60.0  # so many are remembered, for so long
_SPARE = 24  # more candidates than asked for: half precision may mistake their order


class ServerIndex:
    """All photos that a search with one model may find, or those that meet ``filter``.

    The filter is part of each statement, so that no list of ids travels. Candidates come by half
    precision; the stored vectors decide.
    """

    def __init__(self, engine: Engine, model: ModelInfo, filter: PhotoFilter | None = None) -> None:
        self._engine, self._model, self._filter = engine, model, filter
        self._expectations: dict[PhotoFilter, tuple[int, float]] = {}

    def within(self, filter: PhotoFilter) -> ServerIndex:
        """The same among the photos only that meet ``filter``."""
        narrowed = ServerIndex(self._engine, self._model, filter)
        narrowed._expectations = self._expectations
        return narrowed

    @property
    def dim(self) -> int:
        return self._model.dim

    @cached_property
    def _count(self) -> int:
        with reading(self._engine) as connection:
            living = filter_sql.living(connection, self._filter, is_online)
            return count_embedded(connection, self._model.id, living)

    def __len__(self) -> int:
        return self._count

    def ids(self) -> Ids:
        """See ``VectorSearch``: as many as there are, so that no search asks for them."""
        with reading(self._engine) as connection:
            embedded = self._embedded(filter_sql.living(connection, self._filter, is_online))
            every = connection.execute(embedded.distinct()).scalars()
            return np.sort(np.fromiter(every, np.int64))

    def some(self, count: int) -> Ids:
        with reading(self._engine) as connection:
            living = filter_sql.living(connection, self._filter, is_online)
            first = first_embedded(connection, self._model.id, living, _NUMBERED + 1)
            if len(first) <= _NUMBERED:
                return spread(first, count)
            ids = evenly_embedded(connection, self._model.id, count)
        return self.among(ids)

    def among(self, ids: Ids) -> Ids:
        if not len(ids):
            return ids
        with reading(self._engine) as connection:
            embedded = self._embedded(
                filter_sql.living(connection, self._filter, is_online, among_ids=ids.tolist())
            )
            there = np.fromiter(connection.execute(embedded.distinct()).scalars(), np.int64)
        return ids[np.isin(ids, there)]

    def vectors(self, ids: Ids) -> Vectors:
        with reading(self._engine) as connection:
            return embeddings.sound_vectors(connection, self._model, ids)

    def search(self, query: Vectors, k: int, ids: Ids | None = None) -> tuple[Ids, Vectors]:
        wanted = k + _SPARE
        with reading(self._engine) as connection:
            if ids is None:
                living = filter_sql.living(connection, self._filter, is_online)
                expected = self._expected(connection, living)
                near = nearest(connection, self._model, query, wanted, living, expected)
            else:
                near = nearest_of(connection, self._model, query, wanted, self.among(ids))
        cosines = near.require_sound() @ query
        order = np.lexsort((near.ids, -cosines))[:k]
        return near.ids[order], cosines[order].astype(np.float32)

    def _expected(self, connection: Connection, living: Select[int]) -> int | None:
        """About how many photos the filter leaves; None without one.

        Remembered for a while: to ask the server takes a part of the time of a search.
        """
        if self._filter is None:
            return None
        count, until = self._expectations.get(self._filter, (0, 0.0))
        if time.monotonic() > until:
            count = estimated(connection, living)
            if len(self._expectations) >= _FILTERS:
                self._expectations.clear()
            self._expectations[self._filter] = (count, time.monotonic() + _KNOWN_S)
        return count

    def count_above(self, query: Vectors, cosine: float) -> int:
        with reading(self._engine) as connection:
            living = filter_sql.living(connection, self._filter, is_online)
            return count_nearer(connection, self._model, query, cosine, living)

    def share_below(self, query: Vectors, cosine: float) -> float:
        ids = self.some(_JUDGED)
        with reading(self._engine) as connection:
            return float((self._cosines(connection, query, ids) < cosine).mean())

    def _cosines(self, connection: Connection, query: Vectors, ids: Ids) -> Vectors:
        """The cosines of ``ids`` (n,) with ``query`` (dim,), by the stored vectors: (n,)."""
        cosines = np.empty(len(ids), np.float32)
        for start in range(0, len(ids), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            cosines[part] = embeddings.sound_vectors(connection, self._model, ids[part]) @ query
        return cosines

    def _embedded(self, living: Select[int]) -> Select[int]:
        return living.join(Embedding, Embedding.content_id == filter_sql.CONTENT).where(
            Embedding.model_id == self._model.id
        )

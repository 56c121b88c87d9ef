"""The vectors of a library on a server, searched there: a ``store.vectors.VectorSearch``."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from sqlalchemy import Engine, Select, func, select

from store.filters import PhotoFilter
from store.online import is_online
from store.sql import embeddings, filter_sql
from store.sql.database import reading
from store.sql.dialect import nearby
from store.sql.schema import Embedding
from store.values import ModelInfo
from store.vectors import Ids, Vectors

_SPARE = 24  # more candidates than asked for: half precision may mistake their order


class ServerIndex:
    """All photos that a search with one model may find, or those that meet ``filter``.

    The filter is part of each statement, so that no list of ids travels. Candidates come by half
    precision; the stored vectors decide.
    """

    def __init__(self, engine: Engine, model: ModelInfo, filter: PhotoFilter | None = None) -> None:
        self._engine, self._model, self._filter = engine, model, filter

    def within(self, filter: PhotoFilter) -> ServerIndex:
        """The same among the photos only that meet ``filter``."""
        return ServerIndex(self._engine, self._model, filter)

    @property
    def dim(self) -> int:
        return self._model.dim

    @cached_property
    def _count(self) -> int:
        with reading(self._engine) as connection:
            embedded = self._embedded(filter_sql.living(connection, self._filter, is_online))
            some = embedded.distinct().subquery()
            return connection.execute(select(func.count()).select_from(some)).scalar_one()

    def __len__(self) -> int:
        return self._count

    def ids(self) -> Ids:
        return self._ids

    @cached_property
    def _ids(self) -> Ids:
        with reading(self._engine) as connection:
            return filter_sql.matching_ids(connection, self._model.id, self._filter, is_online)

    def some(self, count: int) -> Ids:
        with reading(self._engine) as connection:
            embedded = self._embedded(filter_sql.living(connection, self._filter, is_online))
            every = embedded.distinct().subquery().c.content_id
            number = func.row_number().over(order_by=every) - 1
            numbered = select(every, number.label("n")).subquery()
            step = max(1, len(self) // count)
            query = select(numbered.c.content_id).where(numbered.c.n % step == 0).order_by("n")
            return np.fromiter(connection.execute(query.limit(count)).scalars(), np.int64)

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
                near = nearby.nearest(connection, self._model, query, wanted, living)
            else:
                near = nearby.nearest_of(connection, self._model, query, wanted, self.among(ids))
            cosines = embeddings.sound_vectors(connection, self._model, near) @ query
        order = np.lexsort((near, -cosines))[:k]
        return near[order], cosines[order].astype(np.float32)

    def _embedded(self, living: Select[int]) -> Select[int]:
        return living.join(Embedding, Embedding.content_id == filter_sql.CONTENT).where(
            Embedding.model_id == self._model.id
        )

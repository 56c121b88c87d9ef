"""A sample of the photos on a server, drawn there without numbering them all.

Ids are given one after the other, so that places spread evenly over them hit photos evenly, but for
those that were removed. Each place is looked up in an index: 2,000 of them cost the same of ten
million photos as of ten thousand. Everybody who asks draws the same.
"""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection, Select, func, select

from store.sql.filter_sql import CONTENT
from store.sql.schema import Embedding
from store.vectors import Ids


def first_embedded(connection: Connection, model_id: int, living: Select[int], count: int) -> Ids:
    """The first ``count`` of the contents ``living`` that the model has embedded, in order."""
    return _ids(connection, _embedded(model_id, living).limit(count))


def evenly_embedded(connection: Connection, model_id: int, count: int) -> Ids:
    """About ``count`` of the contents that the model has embedded, spread evenly over all ids, in
    order; whether they live was not looked up."""
    ends = select(func.min(Embedding.content_id), func.max(Embedding.content_id))
    first, last = connection.execute(ends.where(Embedding.model_id == model_id)).one()
    step = max(1, (last - first) // count)
    places = func.generate_series(first, last, step).table_valued("place").render_derived()
    # The least, and not the first that lives: nothing but a look into the index is possible.
    nearest = (
        select(func.min(Embedding.content_id))
        .where(Embedding.model_id == model_id, Embedding.content_id >= places.c.place)
        .correlate(places)
        .scalar_subquery()
    )
    ids = np.unique(_ids(connection, select(nearest).select_from(places)))
    return ids[:count]


def _embedded(model_id: int, living: Select[int]) -> Select[int]:
    lives = living.where(Embedding.content_id == CONTENT).correlate(Embedding).exists()
    query = select(Embedding.content_id).where(Embedding.model_id == model_id, lives)
    return query.order_by(Embedding.content_id)


def _ids(connection: Connection, query: Select[int]) -> Ids:
    return np.fromiter(connection.execute(query).scalars(), np.int64)

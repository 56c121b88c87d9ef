"""A sample of the photos on a server, drawn there without numbering them all.

Ids are given one after the other, so that places spread evenly over them hit photos evenly, but for
those that were removed. Each place is looked up in an index: 2,000 of them cost the same of ten
million photos as of ten thousand. Everybody who asks draws the same.
"""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection, Select, func, select, true

from store.sql.dialect import nearby
from store.sql.filter_sql import CONTENT
from store.vectors import Ids

_COMPARED = nearby.TABLE.c


def first_embedded(connection: Connection, model_id: int, living: Select[int], count: int) -> Ids:
    """The first ``count`` of the contents ``living`` that the model has embedded, in order."""
    return _ids(connection, _embedded(model_id, living).limit(count))


def evenly_embedded(connection: Connection, model_id: int, living: Select[int], count: int) -> Ids:
    """About ``count`` of them, spread evenly over all ids, in order."""
    ends = select(func.min(_COMPARED.content_id), func.max(_COMPARED.content_id))
    first, last = connection.execute(ends.where(_COMPARED.model_id == model_id)).one()
    step = max(1, (last - first) // count)
    places = func.generate_series(first, last, step).table_valued("place").render_derived()
    beyond = _embedded(model_id, living).where(_COMPARED.content_id >= places.c.place)
    nearest = beyond.limit(1).lateral()
    query = select(nearest.c.content_id).select_from(places).join(nearest, true()).distinct()
    return _ids(connection, query.order_by(nearest.c.content_id).limit(count))


def _embedded(model_id: int, living: Select[int]) -> Select[int]:
    lives = living.where(_COMPARED.content_id == CONTENT).correlate(nearby.TABLE).exists()
    query = select(_COMPARED.content_id).where(_COMPARED.model_id == model_id, lives)
    return query.order_by(_COMPARED.content_id)


def _ids(connection: Connection, query: Select[int]) -> Ids:
    return np.fromiter(connection.execute(query).scalars(), np.int64)

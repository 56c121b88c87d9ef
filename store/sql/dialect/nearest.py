"""The nearest vectors by pgvector: candidates at half precision, in the statement of the filter."""

from __future__ import annotations

import json
import math
from typing import Any

from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    Connection,
    Executable,
    Float,
    Select,
    and_,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from store.sql import embeddings
from store.sql.dialect import nearby
from store.sql.dialect.expressions import among
from store.sql.dialect.nearby import TABLE
from store.sql.embeddings import Embeddings
from store.sql.schema import Content, Embedding
from store.values import ModelInfo
from store.vectors import Ids, Vectors

_EF = 500
"""Candidates that the index keeps in view: with 400, one of 45 was missed in a million photos."""

_EF_FILTERED = 800  # the nearest that a filter leaves are further away
COMPARED = 20_000
"""So many photos that a filter leaves, or fewer, are all compared where ``_FEW`` are wanted: the
index knows nothing of the filter, and passes over most of what it meets. Where more are wanted it
meets more, and this grows with the root of their number."""

_FEW = 34

_MOST_NEAREST = 4_000  # of which the index is asked; beyond, comparing all is not slower by much
_ONLY_BY_INDEX = {
    "hnsw.ef_search": ":ef",
    "hnsw.iterative_scan": "'relaxed_order'",  # off, it would come back with too few
    "hnsw.max_scan_tuples": "'200000'",
    "enable_seqscan": "'off'",
    "enable_hashjoin": "'off'",  # each candidate is looked up by its id
    "enable_mergejoin": "'off'",
    "enable_sort": "'off'",
}
_SET_IF_INDEXED = text(
    "SELECT indexed, "
    + ", ".join(
        f"set_config('{name}', CASE WHEN indexed THEN {value} "
        f"ELSE current_setting('{name}', true) END, true)"
        for name, value in _ONLY_BY_INDEX.items()
    )
    + " FROM (SELECT to_regclass(:index) IS NOT NULL) AS known (indexed)"
)
"""For the rest of the transaction; whether the model's vectors have an index."""

_FOR_FEW = text("SET LOCAL max_parallel_workers_per_gather = 0")  # to start them takes longer


def nearest(
    connection: Connection,
    model: ModelInfo,
    query: Vectors,
    k: int,
    living: Select[int],
    expected: int | None,
) -> Embeddings:
    """About the ``k`` nearest to ``query`` (dim,), as they are stored, in no set order.

    Args:
        living: the contents to choose from, by ``photo.content_id``.
        expected: about how many that are; None: all that there are.
    """
    values = {"query": json.dumps(query.tolist())}
    filtered = expected is not None
    if k <= _MOST_NEAREST and (expected is None or expected > COMPARED * math.sqrt(k / _FEW)):
        least = _EF_FILTERED if filtered else _EF
        asked = {"index": nearby.index_name(model), "ef": str(max(least, min(4 * k, 1_000)))}
        if connection.execute(_SET_IF_INDEXED, asked).one()[0]:
            by_index = _by_index if filtered else _of_all_by_index
            statement = by_index(model, k, living)
            rows = embeddings.of_rows(model, connection.execute(statement, values).all())
            if len(rows.ids) >= k:
                return rows
            connection.rollback()  # with the settings
    if expected is None:
        expected = estimated(connection, living)
    if expected > COMPARED:
        statement = _among_many(model, k, living)
    else:
        connection.execute(_FOR_FEW)
        statement = _among_few(model, k, living)
    return embeddings.of_rows(model, connection.execute(statement, values).all())


def nearest_of(
    connection: Connection, model: ModelInfo, query: Vectors, k: int, ids: Ids
) -> Embeddings:
    """The same among ``ids`` (n,)."""
    statement = _stored(model, _candidates(model, k).where(among(TABLE.c.content_id, ids.tolist())))
    values = {"query": json.dumps(query.tolist())}
    return embeddings.of_rows(model, connection.execute(statement, values).all())


def count_nearer(
    connection: Connection, model: ModelInfo, query: Vectors, cosine: float, living: Select[int]
) -> int:
    """How many of the contents ``living`` have a greater cosine with ``query`` (dim,): by pgvector.

    At half precision: of photos whose cosines differ by less than 0.001, some may count wrongly.
    """
    nearer = _distance(model) < -float(cosine)
    chosen = (TABLE.c.model_id == model.id, TABLE.c.content_id.in_(living), nearer)
    statement = select(func.count()).select_from(TABLE).where(*chosen)
    return connection.execute(statement, {"query": json.dumps(query.tolist())}).scalar_one()


# -- statements -------------------------------------------------------------------------------


def _candidates(model: ModelInfo, k: int) -> Select[int]:
    # The model as a literal, as the index has it in its condition.
    own = select(TABLE.c.content_id).where(literal_column(f"nearby.model_id = {model.id}"))
    return own.order_by(_distance(model)).limit(k)


def _distance(model: ModelInfo) -> ColumnElement[float]:
    """The negative cosine at half precision; ``query`` is its value."""
    kind = f"halfvec({model.dim})"
    vector: ColumnElement[float] = literal_column(f"nearby.vector::{kind}", Float)
    return vector.op("<#>", return_type=Float())(text(f"CAST(:query AS {kind})"))


def _by_index(model: ModelInfo, k: int, living: Select[int]) -> Select[Any]:
    lives = living.where(text("photo.content_id = nearby.content_id")).correlate(TABLE).exists()
    return _stored(model, _candidates(model, k).where(lives))


_made: dict[tuple[ModelInfo, int], Select[Any]] = {}


def _of_all_by_index(model: ModelInfo, k: int, living: Select[int]) -> Select[Any]:
    """The same where ``living`` is all that there are: a statement that is made once."""
    if (model, k) not in _made:
        _made[model, k] = _by_index(model, k, living)
    return _made[model, k]


def _among_few(model: ModelInfo, k: int, living: Select[int]) -> Select[Any]:
    """As one list, in whose order the index is gone through once, and not once for each."""
    chosen = func.any(func.array(living.scalar_subquery()))
    return _stored(model, _candidates(model, k).where(TABLE.c.content_id == chosen))


def _among_many(model: ModelInfo, k: int, living: Select[int]) -> Select[Any]:
    chosen = living.distinct().cte("chosen").prefix_with("MATERIALIZED", dialect="postgresql")
    candidates = _candidates(model, k).join(chosen, chosen.c.content_id == TABLE.c.content_id)
    return _stored(model, candidates)


def _stored(model: ModelInfo, candidates: Select[int]) -> Select[Any]:
    """The rows of ``embedding`` of the candidates, as ``embeddings.of_rows`` takes them."""
    near = candidates.subquery("near")
    embedded = and_(
        Embedding.content_id == near.c.content_id,
        Embedding.model_id == literal_column(str(model.id)),
    )
    return (
        select(near.c.content_id, Embedding.vector, Embedding.checksum, Content.digest)
        .select_from(near)
        .join(Embedding, embedded)
        .join(Content, Content.id == near.c.content_id)
    )


# -- what the server is asked before ------------------------------------------------------------


class _Plan(Executable, ClauseElement):
    """How the server would carry a statement out."""

    inherit_cache = False

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement


@compiles(_Plan, "postgresql")
def _plan_in_postgresql(element: _Plan, compiler: SQLCompiler, **options: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.statement, **options)}"


def estimated(connection: Connection, living: Select[int]) -> int:
    """How many rows the server expects. To count them takes it longer than to search.

    Where it is wrong, the search takes longer too, and its results are the same.
    """
    plan = connection.execute(_Plan(living)).scalar_one()
    return int(plan[0]["Plan"]["Plan Rows"])

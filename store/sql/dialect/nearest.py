"""The nearest vectors by pgvector: candidates at half precision, in the statement of the filter."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ClauseElement,
    ColumnElement,
    Connection,
    Executable,
    Float,
    Select,
    and_,
    case,
    func,
    literal,
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

_EF = 800  # candidates that the index keeps in view: of 400, one of 45 was missed in a million
COMPARED = 20_000
"""So many photos that a filter leaves, or fewer, are all compared: the index knows nothing of it,
and would have to pass over most of what it meets."""

_MOST_NEAREST = 1_000  # of which the index is asked; beyond, comparing all is not slower by much
_ONLY_BY_INDEX = {
    "hnsw.iterative_scan": "relaxed_order",  # off, it would come back with too few
    "enable_seqscan": "off",
    "enable_hashjoin": "off",  # each candidate is looked up by its id
    "enable_mergejoin": "off",
    "enable_sort": "off",
}
_FOR_FEW = {"max_parallel_workers_per_gather": "0"}  # to start workers takes longer than they save


def nearest(
    connection: Connection,
    model: ModelInfo,
    query: Vectors,
    k: int,
    living: Select[int],
    *,
    filtered: bool,
) -> Embeddings:
    """About the ``k`` nearest to ``query`` (dim,), as they are stored, in no set order.

    Args:
        living: the contents to choose from, by ``photo.content_id``.
        filtered: whether they are not all that there are.
    """
    expected = _estimated(connection, living) if filtered else None
    if k <= _MOST_NEAREST and (expected is None or expected > COMPARED):
        settings = _ONLY_BY_INDEX | {"hnsw.ef_search": str(max(_EF, min(4 * k, 1_000)))}
        if _set_if_indexed(connection, model, settings):
            rows = _read(connection, model, _by_index(model, query, k, living))
            if len(rows.ids) >= k:
                return rows
            connection.rollback()  # with the settings
    if expected is None:
        expected = _estimated(connection, living)
    if expected > COMPARED:
        return _read(connection, model, _among_many(model, query, k, living))
    _set(connection, _FOR_FEW)
    return _read(connection, model, _among_few(model, query, k, living))


def nearest_of(
    connection: Connection, model: ModelInfo, query: Vectors, k: int, ids: Ids
) -> Embeddings:
    """The same among ``ids`` (n,)."""
    chosen = among(TABLE.c.content_id, ids.tolist())
    return _read(connection, model, _candidates(model, query, k).where(chosen))


# -- statements -------------------------------------------------------------------------------


def _candidates(model: ModelInfo, query: Vectors, k: int) -> Select[int]:
    # The model as a literal, as the index has it in its condition.
    own = select(TABLE.c.content_id).where(literal_column(f"nearby.model_id = {model.id}"))
    return own.order_by(_distance(model, query)).limit(k)


def _by_index(model: ModelInfo, query: Vectors, k: int, living: Select[int]) -> Select[int]:
    lives = living.where(text("photo.content_id = nearby.content_id")).correlate(TABLE).exists()
    return _candidates(model, query, k).where(lives)


def _among_few(model: ModelInfo, query: Vectors, k: int, living: Select[int]) -> Select[int]:
    """As one list, in whose order the index is gone through once, and not once for each."""
    chosen = func.any(func.array(living.scalar_subquery()))
    return _candidates(model, query, k).where(TABLE.c.content_id == chosen)


def _among_many(model: ModelInfo, query: Vectors, k: int, living: Select[int]) -> Select[int]:
    chosen = living.distinct().cte("chosen").prefix_with("MATERIALIZED", dialect="postgresql")
    return _candidates(model, query, k).join(chosen, chosen.c.content_id == TABLE.c.content_id)


def _read(connection: Connection, model: ModelInfo, candidates: Select[int]) -> Embeddings:
    near = candidates.subquery("near")
    embedded = and_(
        Embedding.content_id == near.c.content_id,
        Embedding.model_id == literal_column(str(model.id)),
    )
    query = (
        select(near.c.content_id, Embedding.vector, Embedding.checksum, Content.digest)
        .select_from(near)
        .join(Embedding, embedded)
        .join(Content, Content.id == near.c.content_id)
    )
    return embeddings.of_rows(model, connection.execute(query).all())


def _distance(model: ModelInfo, query: Vectors) -> ColumnElement[float]:
    kind = f"halfvec({model.dim})"
    wanted = text(f"CAST(:query AS {kind})").bindparams(query=json.dumps(query.tolist()))
    left: ColumnElement[float] = literal_column(f"nearby.vector::{kind}", Float)
    return left.op("<#>", return_type=Float())(wanted)


# -- what the server is asked before ------------------------------------------------------------


class _Plan(Executable, ClauseElement):
    """How the server would carry a statement out."""

    inherit_cache = False

    def __init__(self, statement: Select[Any]) -> None:
        self.statement = statement


@compiles(_Plan, "postgresql")
def _plan_in_postgresql(element: _Plan, compiler: SQLCompiler, **options: Any) -> str:
    return f"EXPLAIN (FORMAT JSON) {compiler.process(element.statement, **options)}"


def _estimated(connection: Connection, living: Select[int]) -> int:
    """How many rows the server expects. To count them takes it longer than to search.

    Where it is wrong, the search takes longer too, and its results are the same.
    """
    plan = connection.execute(_Plan(living)).scalar_one()
    return int(plan[0]["Plan"]["Plan Rows"])


def _set(connection: Connection, settings: Mapping[str, str]) -> None:
    """Change settings of the server for the rest of this transaction."""
    calls = [func.set_config(name, value, True) for name, value in settings.items()]
    connection.execute(select(*calls))


def _set_if_indexed(connection: Connection, model: ModelInfo, settings: Mapping[str, str]) -> bool:
    """The same if the model's vectors have an index. Returns whether they have."""
    has = func.to_regclass(literal(nearby.index_name(model))).is_not(None)
    calls = [
        func.set_config(name, case((has, value), else_=func.current_setting(name, True)), True)
        for name, value in settings.items()
    ]
    return bool(connection.execute(select(has, *calls)).one()[0])

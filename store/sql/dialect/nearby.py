"""The nearest vectors by pgvector: candidates by half precision, in the statement of the filter."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import (
    BigInteger,
    ClauseElement,
    ColumnElement,
    Connection,
    Executable,
    Float,
    Select,
    column,
    func,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from store.sql import embeddings
from store.sql.dialect import server
from store.sql.dialect.expressions import among, chunks
from store.sql.schema import Content, Embedding
from store.values import ModelInfo
from store.vectors import Ids, Vectors

MOST_DIMENSIONS = 4_000
"""Of a vector that pgvector's index takes; longer ones are all compared."""

FEW = 10_000
"""So many photos, or fewer, are all compared: the index knows nothing of the filter, and would have
to pass over most of what it meets. A guess; ``benchmarks/bench_server.py`` measures both sides."""

_EF = 200  # candidates that the index keeps in view
_LINKS = 16  # of a vector in the index
_GRAPH = f"m = {_LINKS}, ef_construction = 200"
_MOST_NEAREST = 1_000  # of which the index is asked; beyond, comparing all is not slower by much
TABLE = table("nearby", column("content_id", BigInteger), column("model_id", BigInteger))
_COPY = "COPY nearby (model_id, content_id, vector) FROM STDIN (FORMAT binary)"
_HEADER, _END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"


# -- writing ----------------------------------------------------------------------------------


def fill(connection: Connection, model: ModelInfo, digests: Sequence[bytes]) -> None:
    """Make the vectors of the contents of ``digests`` known to searches, those not known yet."""
    for part in chunks(digests):
        known = select(TABLE.c.content_id).where(
            TABLE.c.model_id == model.id, TABLE.c.content_id == Embedding.content_id
        )
        missing = (
            select(Embedding.content_id)
            .join(Content, Content.id == Embedding.content_id)
            .where(Embedding.model_id == model.id, Content.digest.in_(part), ~known.exists())
        )
        ids = np.fromiter(connection.execute(missing).scalars(), np.int64)
        rows = embeddings.read(connection, model, ids)
        put(connection, model, rows.ids, rows.vectors)


def put(connection: Connection, model: ModelInfo, ids: Ids, vectors: Vectors) -> None:
    """Make ``vectors`` (n, dim) of the contents ``ids`` (n,) known, which have rows already."""
    if len(ids):
        cursor = connection.connection.cursor()
        # An INSERT of each takes ten times as long.
        with server.errors_of(connection), cursor.copy(_COPY) as copy:
            copy.write(_HEADER + _binary(model, ids, vectors) + _END)
        cursor.close()


def _binary(model: ModelInfo, ids: Ids, vectors: Vectors) -> bytes:
    """Rows of ``nearby`` as COPY takes them: before each field its length in bytes."""
    fields = [("fields", ">i2"), ("size1", ">i4"), ("model", ">i8"), ("size2", ">i4")]
    fields += [("content", ">i8"), ("size3", ">i4"), ("dim", ">i2"), ("unused", ">i2")]
    rows = np.zeros(len(ids), np.dtype([*fields, ("vector", ">f2", (model.dim,))]))
    rows["fields"], rows["size1"], rows["size2"], rows["size3"] = 3, 8, 8, 4 + 2 * model.dim
    rows["model"], rows["content"], rows["dim"], rows["vector"] = model.id, ids, model.dim, vectors
    return rows.tobytes()


def is_worth_an_index(connection: Connection, model: ModelInfo) -> bool:
    """Whether there are so many vectors that comparing them all takes long, and pgvector can."""
    some = select(TABLE.c.content_id).where(TABLE.c.model_id == model.id).limit(FEW + 1)
    count = connection.execute(select(func.count()).select_from(some.subquery())).scalar_one()
    return count > FEW and model.dim <= MOST_DIMENSIONS


def has_index(connection: Connection, model: ModelInfo) -> bool:
    """Whether the model's vectors have an index."""
    query = text("SELECT to_regclass(:name) IS NOT NULL")
    return bool(connection.execute(query, {"name": _index(model)}).scalar_one())


def make_index(connection: Connection, model: ModelInfo, *, anew: bool = False) -> None:
    """The index of a model's vectors, one for each model, since each has its own width.

    Args:
        anew: in place of the one that is there.
    """
    if anew:
        connection.execute(text(f"DROP INDEX IF EXISTS {_index(model)}"))
    _take_memory(connection, model)
    connection.execute(
        text(
            f"CREATE INDEX IF NOT EXISTS {_index(model)} ON nearby USING hnsw "
            f"((vector::halfvec({model.dim})) halfvec_ip_ops) WITH ({_GRAPH}) "
            f"WHERE model_id = {model.id}"
        )
    )
    connection.execute(text("ANALYZE nearby, photo, content"))


def _take_memory(connection: Connection, model: ModelInfo) -> None:
    """Let the index be built in memory, in this transaction: on disk it takes ten times as long.

    At most a quarter of what the server's administrator says its system keeps of files.
    """
    vector = 2 * model.dim + 24 * 2 * _LINKS + 400  # bytes, as measured
    connection.execute(
        text(
            "SELECT set_config('maintenance_work_mem', greatest(pg_size_bytes("
            "current_setting('maintenance_work_mem')), least(count * :vector, pg_size_bytes("
            "current_setting('effective_cache_size')) / 4)) / 1024 || 'kB', true) "
            "FROM (SELECT count(*) FROM nearby WHERE model_id = :model) AS vectors(count)"
        ),
        {"vector": vector, "model": model.id},
    )


def _index(model: ModelInfo) -> str:
    return f"nearby_{model.id}"


def _as_text(vector: Vectors) -> str:
    return json.dumps(vector.tolist())


# -- searching --------------------------------------------------------------------------------


def nearest(
    connection: Connection, model: ModelInfo, query: Vectors, k: int, living: Select[int]
) -> Ids:
    """Ids (m,) of about the ``k`` nearest to ``query`` (dim,), in no set order.

    Args:
        living: the contents to choose from, by ``photo.content_id``.
    """
    indexed = k <= _MOST_NEAREST and has_index(connection, model)
    if indexed and _estimated(connection, living) > FEW:
        ids = _by_index(connection, model, query, k, living)
        if len(ids) >= k:
            return ids
    return _by_comparing(connection, model, query, k, living)


def nearest_of(connection: Connection, model: ModelInfo, query: Vectors, k: int, ids: Ids) -> Ids:
    """The same among ``ids`` (n,)."""
    statement = (
        select(TABLE.c.content_id)
        .where(TABLE.c.model_id == model.id, among(TABLE.c.content_id, ids.tolist()))
        .order_by(_distance(model, query))
        .limit(k)
    )
    return np.fromiter(connection.execute(statement).scalars(), np.int64)


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


def _by_index(
    connection: Connection, model: ModelInfo, query: Vectors, k: int, living: Select[int]
) -> Ids:
    settings = {
        "hnsw.ef_search": str(min(1_000, max(_EF, 4 * k))),
        "hnsw.iterative_scan": "relaxed_order",  # off, it would come back with too few
        "enable_seqscan": "off",
        "enable_hashjoin": "off",  # each candidate is looked up by its id
        "enable_mergejoin": "off",
        "enable_sort": "off",
    }
    _set(connection, settings)
    lives = living.where(text("photo.content_id = nearby.content_id")).correlate(TABLE).exists()
    statement = (
        select(TABLE.c.content_id)
        .where(literal_column(f"nearby.model_id = {model.id}"), lives)
        .order_by(_distance(model, query))
        .limit(k)
    )
    ids = np.fromiter(connection.execute(statement).scalars(), np.int64)
    connection.rollback()  # with the settings, which are for this statement only
    return ids


def _set(connection: Connection, settings: Mapping[str, str]) -> None:
    """Change settings of the server for the rest of this transaction."""
    calls = [func.set_config(name, value, True) for name, value in settings.items()]
    connection.execute(select(*calls))


def _by_comparing(
    connection: Connection, model: ModelInfo, query: Vectors, k: int, living: Select[int]
) -> Ids:
    chosen = living.distinct().cte("chosen").prefix_with("MATERIALIZED", dialect="postgresql")
    statement = (
        select(TABLE.c.content_id)
        .join(chosen, chosen.c.content_id == TABLE.c.content_id)
        .where(TABLE.c.model_id == model.id)
        .order_by(_distance(model, query))
        .limit(k)
    )
    return np.fromiter(connection.execute(statement).scalars(), np.int64)


def _distance(model: ModelInfo, query: Vectors) -> ColumnElement[float]:
    kind = f"halfvec({model.dim})"
    wanted = text(f"CAST(:query AS {kind})").bindparams(query=_as_text(query))
    left: ColumnElement[float] = literal_column(f"nearby.vector::{kind}", Float)
    return left.op("<#>", return_type=Float())(wanted)

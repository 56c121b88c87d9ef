"""The table ``nearby``: vectors once more at half precision, and pgvector's index of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import BigInteger, Connection, column, func, select, table, text

from store.sql import embeddings
from store.sql.dialect import server
from store.sql.dialect.expressions import chunks
from store.sql.schema import Content, Embedding
from store.values import ModelInfo
from store.vectors import Ids, Vectors

MOST_DIMENSIONS = 4_000
"""Of a vector that pgvector's index takes; longer ones are all compared."""

FEW = 10_000
"""So many vectors, or fewer, are all compared; an index is of use for more."""

_LINKS = 16  # of a vector in the index
_GRAPH = f"m = {_LINKS}, ef_construction = 200"
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
    return bool(connection.execute(query, {"name": index_name(model)}).scalar_one())


def make_index(connection: Connection, model: ModelInfo, *, anew: bool = False) -> None:
    """The index of a model's vectors, one for each model, since each has its own width.

    Args:
        anew: in place of the one that is there.
    """
    if anew:
        connection.execute(text(f"DROP INDEX IF EXISTS {index_name(model)}"))
    _take_memory(connection, model)
    connection.execute(
        text(
            f"CREATE INDEX IF NOT EXISTS {index_name(model)} ON nearby USING hnsw "
            f"((vector::halfvec({model.dim})) halfvec_ip_ops) WITH ({_GRAPH}) "
            f"WHERE model_id = {model.id}"
        )
    )
    connection.execute(text("ANALYZE nearby, photo, content"))


def _take_memory(connection: Connection, model: ModelInfo) -> None:
    """Let the index be built in memory, in this transaction: on disk it takes longer.

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


def index_name(model: ModelInfo) -> str:
    return f"nearby_{model.id}"

"""Whether a file's content is embedded already: asked once a file, by many threads."""

from __future__ import annotations

import threading

from sqlalchemy import Engine, Integer, Select, bindparam, literal_column, select

from store.sql.dialect import sessions
from store.sql.schema import Content, Embedding
from store.sql.searchable import embedded_digests
from store.values import ModelInfo


class EmbeddedDigests:
    """The digests that a model has embedded, as the database has them at each moment.

    One statement on one connection of its own, at 10 microseconds a question; SQLAlchemy's way
    takes 400, which all decoding threads would have to wait for in turn.
    """

    def __init__(self, engine: Engine, model: ModelInfo) -> None:
        self._engine, self._model = engine, model
        number = literal_column(str(model.id), Integer)
        query: Select[int] = (
            select(literal_column("1", Integer))
            .join_from(Content, Embedding, Embedding.content_id == Content.id)
            .where(Content.digest == bindparam("digest"), Embedding.model_id == number)
        )
        compiled = query.compile(engine)
        self._query, self._by_position = str(compiled), compiled.positional
        self._opened = sessions.seeing_each_commit(engine).connect()
        self._connection = self._opened.connection
        self._lock = threading.Lock()

    def __contains__(self, digest: bytes) -> bool:
        value = (digest,) if self._by_position else {"digest": digest}
        try:
            with self._lock:
                cursor = self._connection.cursor()
                cursor.execute(self._query, value)
                row = cursor.fetchone()
                cursor.close()
            return row is not None
        except self._engine.dialect.loaded_dbapi.Error:  # asked again where errors become ours
            with self._engine.connect() as connection:
                return bool(embedded_digests(connection, [digest], self._model.id))

    def close(self) -> None:
        self._opened.close()

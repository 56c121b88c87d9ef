"""Whether a file's content is embedded already: asked once a file, by many threads."""

from __future__ import annotations

import sqlite3
import threading

from sqlalchemy import Engine

from store.sql import queries
from store.values import ModelInfo

_QUERY = (
    "SELECT 1 FROM content JOIN embedding ON embedding.content_id = content.id "
    "WHERE content.digest = ? AND embedding.model_id = ?"
)


class EmbeddedDigests:
    """The digests that a model has embedded, as the database has them at each moment.

    One statement on one connection of its own, at 10 microseconds a question; SQLAlchemy's way
    takes 400, which all decoding threads would have to wait for in turn.
    """

    def __init__(self, engine: Engine, model: ModelInfo) -> None:
        self._engine, self._model = engine, model
        self._connection = engine.raw_connection()
        self._lock = threading.Lock()

    def __contains__(self, digest: bytes) -> bool:
        try:
            with self._lock:
                cursor = self._connection.cursor()
                found = cursor.execute(_QUERY, (digest, self._model.id)).fetchone()
                cursor.close()
            return found is not None
        except sqlite3.Error:  # asked again where errors become ours
            with self._engine.connect() as connection:
                return bool(queries.embedded_digests(connection, [digest], self._model.id))

    def close(self) -> None:
        self._connection.close()

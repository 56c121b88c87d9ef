"""Engines for SQLite files that, once they are disposed of, leave no connection open."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry, NullPool


def writing_engine(path: Path, **options: Any) -> Engine:
    """An engine that keeps a few connections open until ``Engine.dispose``.

    Other threads may be in the middle of a question then. SQLAlchemy forgets the connection that
    they use without closing it; here it is closed as soon as they give it back.

    Args:
        options: see ``sqlalchemy.create_engine``.
    """
    engine = create_engine(URL.create("sqlite", database=str(path)), **options)
    pool = engine.pool
    is_disposed = False

    def disposed(_: Engine) -> None:
        nonlocal is_disposed
        is_disposed = True
        pool.dispose()  # once more: what was given back between the first time and this event

    def given_back(_: sqlite3.Connection | None, entry: ConnectionPoolEntry) -> None:
        if is_disposed:
            entry.invalidate()

    event.listen(engine, "engine_disposed", disposed)
    event.listen(engine, "checkin", given_back)
    return engine


def reading_engine(connect: Callable[[], sqlite3.Connection], **options: Any) -> Engine:
    """An engine that closes each connection after its use; such files may change unnoticed.

    Args:
        connect: makes a connection.
        options: see ``sqlalchemy.create_engine``.
    """
    return create_engine("sqlite://", creator=connect, poolclass=NullPool, **options)

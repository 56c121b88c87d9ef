"""Saved searches, and the history of searches."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, delete, func, select

from store.sql.dialect.expressions import insert
from store.sql.schema import PastSearch, SavedSearch


def save(connection: Connection, name: str, query: str) -> None:
    """Keep a search under a name; one of the same name is replaced."""
    statement = insert(SavedSearch).values(name=name, query=query)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_={"query": query})
    )


def forget(connection: Connection, name: str) -> None:
    connection.execute(delete(SavedSearch).where(SavedSearch.name == name))


def saved(connection: Connection) -> dict[str, str]:
    """Every saved search's query by its name, in order of names."""
    query = select(SavedSearch.name, SavedSearch.query)
    return dict(connection.execute(query.order_by(func.lower(SavedSearch.name))).all())


def remember(connection: Connection, query: str, most: int) -> None:
    """Put a search at the end of the history, which keeps the last ``most`` of them."""
    now = datetime.now(UTC).replace(tzinfo=None)
    statement = insert(PastSearch).values(query=query, at=now)
    connection.execute(statement.on_conflict_do_update(index_elements=["query"], set_={"at": now}))
    newest = select(PastSearch.query).order_by(PastSearch.at.desc()).limit(most)
    connection.execute(delete(PastSearch).where(PastSearch.query.not_in(newest)))


def history(connection: Connection, limit: int) -> list[str]:
    """The last searches, each once, the latest first."""
    query = select(PastSearch.query).order_by(PastSearch.at.desc()).limit(limit)
    return list(connection.execute(query).scalars())


def clear_history(connection: Connection) -> None:
    connection.execute(delete(PastSearch))

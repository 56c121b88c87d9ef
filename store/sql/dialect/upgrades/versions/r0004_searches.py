"""Saved searches, and the history of searches."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision: str | None = "0003"

_STATEMENTS = (
    "CREATE TABLE saved_search (name VARCHAR NOT NULL, query VARCHAR NOT NULL, PRIMARY KEY (name))",
    "CREATE TABLE past_search (query VARCHAR NOT NULL, at DATETIME NOT NULL, PRIMARY KEY (query))",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.get_bind().exec_driver_sql(statement)

"""Tags, concepts, and the names of places."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision: str | None = "0002"

_STATEMENTS = (
    "CREATE TABLE tag (content_id INTEGER NOT NULL, name VARCHAR NOT NULL, "
    "PRIMARY KEY (content_id, name), "
    "FOREIGN KEY(content_id) REFERENCES content (id) ON DELETE CASCADE)",
    "CREATE INDEX tag_name ON tag (name)",
    "ALTER TABLE content ADD COLUMN place VARCHAR",
    "CREATE INDEX content_unplaced ON content (id) "
    "WHERE latitude IS NOT NULL AND longitude IS NOT NULL AND place IS NULL",
    "CREATE TABLE concept_example (id INTEGER NOT NULL, concept VARCHAR NOT NULL, "
    "path VARCHAR NOT NULL, negative BOOLEAN NOT NULL, content_id INTEGER, "
    "model_id INTEGER NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (id), "
    "UNIQUE (concept, path), "
    "FOREIGN KEY(content_id) REFERENCES content (id) ON DELETE SET NULL, "
    "FOREIGN KEY(model_id) REFERENCES model (id))",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.get_bind().exec_driver_sql(statement)

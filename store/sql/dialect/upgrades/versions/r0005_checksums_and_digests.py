"""Checksums of vectors; marks hang on digests; file systems, and what is away from them."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision: str | None = "0004"

_STATEMENTS = (
    "CREATE TABLE filesystem (id INTEGER NOT NULL, name VARCHAR NOT NULL, PRIMARY KEY (id), "
    "UNIQUE (name))",
    "ALTER TABLE photo ADD COLUMN filesystem_id INTEGER REFERENCES filesystem (id)",
    "ALTER TABLE photo ADD COLUMN away BOOLEAN NOT NULL DEFAULT 0",
    "ALTER TABLE photo ADD COLUMN previous_id INTEGER REFERENCES content (id)",
    "CREATE INDEX photo_away ON photo (root_id) WHERE away",
    "CREATE INDEX photo_previous ON photo (previous_id) WHERE previous_id IS NOT NULL",
    "ALTER TABLE embedding ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0",
    "UPDATE embedding SET checksum = checksum_of("
    "(SELECT digest FROM content WHERE content.id = embedding.content_id), vector)",
    "ALTER TABLE tag RENAME TO tag_of_content",
    "CREATE TABLE tag (digest BLOB NOT NULL, name VARCHAR NOT NULL, PRIMARY KEY (digest, name))",
    "INSERT INTO tag SELECT content.digest, tag_of_content.name FROM tag_of_content "
    "JOIN content ON content.id = tag_of_content.content_id",
    "DROP TABLE tag_of_content",
    "CREATE INDEX tag_name ON tag (name)",
    "ALTER TABLE concept_example RENAME TO example_of_content",
    "CREATE TABLE concept_example (id INTEGER NOT NULL, concept VARCHAR NOT NULL, "
    "path VARCHAR NOT NULL, negative BOOLEAN NOT NULL, digest BLOB, "
    "model_id INTEGER NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (id), "
    "UNIQUE (concept, path), FOREIGN KEY(model_id) REFERENCES model (id))",
    "INSERT INTO concept_example SELECT e.id, e.concept, e.path, e.negative, content.digest, "
    "e.model_id, e.vector FROM example_of_content e "
    "LEFT JOIN content ON content.id = e.content_id",
    "DROP TABLE example_of_content",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.get_bind().exec_driver_sql(statement)

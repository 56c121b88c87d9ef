"""The text in pictures, with an index of every three characters in a row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision: str | None = "0009"

# As ``dialect.ddl`` had them: text that a server compares by its bytes, and ids.
_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_INTO = "INSERT OR REPLACE INTO picture_trigrams (rowid, folded)"
_IN_FILE = (
    "CREATE VIRTUAL TABLE picture_trigrams USING fts5("
    "folded, tokenize = 'trigram case_sensitive 1', detail = 'none', columnsize = 0)",
    f"""CREATE TRIGGER picture_text_added AFTER INSERT ON picture_text WHEN new.folded <> ''
    BEGIN {_INTO} VALUES (new.content_id, new.folded); END""",
    f"""CREATE TRIGGER picture_text_changed AFTER UPDATE OF folded ON picture_text
    WHEN old.folded IS NOT new.folded
    BEGIN DELETE FROM picture_trigrams WHERE rowid = old.content_id;
    {_INTO} SELECT new.content_id, new.folded WHERE new.folded <> ''; END""",
    """CREATE TRIGGER picture_text_removed AFTER DELETE ON picture_text
    BEGIN DELETE FROM picture_trigrams WHERE rowid = old.content_id; END""",
)
_ON_SERVER = (
    """CREATE FUNCTION trigrams_of(folded text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT substr(folded, start, 3))
    FROM generate_series(1, length(folded) - 2) AS start $$""",
    "ALTER TABLE picture_text ADD COLUMN trigrams text[] "
    "GENERATED ALWAYS AS (trigrams_of(folded)) STORED",
    "CREATE INDEX picture_trigrams ON picture_text USING gin (trigrams) WITH (fastupdate = off)",
)


def upgrade() -> None:
    connection = op.get_bind()
    op.create_table(
        "picture_text",
        sa.Column("content_id", _NUMBER, nullable=False),
        sa.Column("lines", sa.JSON, nullable=False),
        sa.Column("folded", _TEXT, nullable=False),
        sa.Column("reader", _TEXT, nullable=False),
        sa.Column("problem", _TEXT),
        sa.PrimaryKeyConstraint("content_id"),
        sa.ForeignKeyConstraint(["content_id"], ["content.id"], ondelete="CASCADE"),
    )
    for statement in _IN_FILE if connection.dialect.name == "sqlite" else _ON_SERVER:
        connection.exec_driver_sql(statement)

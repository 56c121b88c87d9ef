"""The log of changes, which derived files catch up by."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision: str | None = None

_STATEMENTS = (
    "CREATE TABLE change (number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "
    "content_id INTEGER NOT NULL)",
    "DROP INDEX photo_state",
    "CREATE INDEX photo_visible ON photo (state, content_id)",
    """CREATE TRIGGER photo_added AFTER INSERT ON photo WHEN new.content_id IS NOT NULL
    BEGIN INSERT INTO change (content_id) VALUES (new.content_id); END""",
    """CREATE TRIGGER photo_changed AFTER UPDATE OF state, content_id ON photo
    WHEN old.state IS NOT new.state OR old.content_id IS NOT new.content_id
    BEGIN INSERT INTO change (content_id)
    SELECT old.content_id WHERE old.content_id IS NOT NULL
    UNION SELECT new.content_id WHERE new.content_id IS NOT NULL; END""",
    """CREATE TRIGGER photo_removed AFTER DELETE ON photo WHEN old.content_id IS NOT NULL
    BEGIN INSERT INTO change (content_id) VALUES (old.content_id); END""",
    """CREATE TRIGGER embedding_added AFTER INSERT ON embedding
    BEGIN INSERT INTO change (content_id) VALUES (new.content_id); END""",
    """CREATE TRIGGER embedding_removed AFTER DELETE ON embedding
    BEGIN INSERT INTO change (content_id) VALUES (old.content_id); END""",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.get_bind().exec_driver_sql(statement)

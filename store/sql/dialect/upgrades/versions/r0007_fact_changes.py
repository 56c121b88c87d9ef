"""The log of changes to what the page shows of photos; of a library in a folder only."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision: str | None = "0006"

_LOG = "INSERT INTO fact_change (content_id)"
_STATEMENTS = (
    "CREATE TABLE fact_change (number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "
    "content_id INTEGER NOT NULL)",
    f"""CREATE TRIGGER photo_facts_added AFTER INSERT ON photo WHEN new.content_id IS NOT NULL
    BEGIN {_LOG} VALUES (new.content_id); END""",
    f"""CREATE TRIGGER photo_facts_changed
    AFTER UPDATE OF state, content_id, root_id, folder, mtime_ns, away ON photo
    WHEN old.state IS NOT new.state OR old.content_id IS NOT new.content_id
    OR old.root_id IS NOT new.root_id OR old.folder IS NOT new.folder
    OR old.mtime_ns IS NOT new.mtime_ns OR old.away IS NOT new.away
    BEGIN {_LOG} SELECT old.content_id WHERE old.content_id IS NOT NULL
    UNION SELECT new.content_id WHERE new.content_id IS NOT NULL; END""",
    f"""CREATE TRIGGER photo_facts_removed AFTER DELETE ON photo WHEN old.content_id IS NOT NULL
    BEGIN {_LOG} VALUES (old.content_id); END""",
    f"""CREATE TRIGGER content_facts_changed AFTER UPDATE ON content
    BEGIN {_LOG} VALUES (new.id); END""",
    f"""CREATE TRIGGER embedding_facts_added AFTER INSERT ON embedding
    BEGIN {_LOG} VALUES (new.content_id); END""",
    f"""CREATE TRIGGER embedding_facts_removed AFTER DELETE ON embedding
    BEGIN {_LOG} VALUES (old.content_id); END""",
)


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.get_bind().exec_driver_sql(statement)

"""What SQLite wants of tables: how ids count up, partial indexes, and the triggers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, text

ID = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts up ids only in a column that is an INTEGER by name."""

TEXT = String().with_variant(String(collation="C"), "postgresql")
"""Text that both databases compare and sort by its bytes, whatever a server's language is."""

NEVER_USED_TWICE: dict[str, Any] = {"sqlite_autoincrement": True}
"""For a table whose ids are not given away again once their rows are gone."""


def partial_index(name: str, column: str, where: str) -> Index:
    """An index of only those rows that ``where`` selects; in other databases, of all rows.

    To name ``postgresql_where`` too would import that dialect, which costs each command 0.1 s.
    """
    return Index(name, column, sqlite_where=text(where))


FACT_CHANGE = (
    "CREATE TABLE fact_change (number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, "
    "content_id INTEGER NOT NULL)"
)
"""The log of ``store.sql.changes.FACTS``: a server keeps no files that would need it."""

_FACTS = "INSERT INTO fact_change (content_id)"

TRIGGERS: tuple[str, ...] = (
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
    f"""CREATE TRIGGER photo_facts_added AFTER INSERT ON photo WHEN new.content_id IS NOT NULL
    BEGIN {_FACTS} VALUES (new.content_id); END""",
    f"""CREATE TRIGGER photo_facts_changed
    AFTER UPDATE OF state, content_id, root_id, folder, mtime_ns, away ON photo
    WHEN old.state IS NOT new.state OR old.content_id IS NOT new.content_id
    OR old.root_id IS NOT new.root_id OR old.folder IS NOT new.folder
    OR old.mtime_ns IS NOT new.mtime_ns OR old.away IS NOT new.away
    BEGIN {_FACTS} SELECT old.content_id WHERE old.content_id IS NOT NULL
    UNION SELECT new.content_id WHERE new.content_id IS NOT NULL; END""",
    f"""CREATE TRIGGER photo_facts_removed AFTER DELETE ON photo WHEN old.content_id IS NOT NULL
    BEGIN {_FACTS} VALUES (old.content_id); END""",
    f"""CREATE TRIGGER content_facts_changed AFTER UPDATE ON content
    BEGIN {_FACTS} VALUES (new.id); END""",
    f"""CREATE TRIGGER embedding_facts_added AFTER INSERT ON embedding
    BEGIN {_FACTS} VALUES (new.content_id); END""",
    f"""CREATE TRIGGER embedding_facts_removed AFTER DELETE ON embedding
    BEGIN {_FACTS} VALUES (old.content_id); END""",
)
"""In the database, so that no way to change a row can forget it."""

"""The index of the text in pictures: of every three characters in a row, wherever a word begins.

In a file it is a table of SQLite's full-text search (FTS5), which triggers keep as ``picture_text``
is; on a server a column of ``picture_text`` that the server fills itself, with an index (GIN).
PostgreSQL's own ``pg_trgm`` is not on every server, and knows the letters of its language only.
Either finds candidates, among which the text itself is compared; either can be made again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Text,
    column,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy import cast as sql_cast

from store.sql.dialect import statements
from store.sql.dialect.expressions import texts

TABLE = (
    "CREATE VIRTUAL TABLE picture_trigrams USING fts5("
    "folded, tokenize = 'trigram case_sensitive 1', detail = 'none', columnsize = 0)"
)

_INTO = "INSERT OR REPLACE INTO picture_trigrams (rowid, folded)"
TRIGGERS = (
    f"""CREATE TRIGGER picture_text_added AFTER INSERT ON picture_text WHEN new.folded <> ''
    BEGIN {_INTO} VALUES (new.content_id, new.folded); END""",
    f"""CREATE TRIGGER picture_text_changed AFTER UPDATE OF folded ON picture_text
    WHEN old.folded IS NOT new.folded
    BEGIN DELETE FROM picture_trigrams WHERE rowid = old.content_id;
    {_INTO} SELECT new.content_id, new.folded WHERE new.folded <> ''; END""",
    """CREATE TRIGGER picture_text_removed AFTER DELETE ON picture_text
    BEGIN DELETE FROM picture_trigrams WHERE rowid = old.content_id; END""",
)

SERVER_DDL = (
    """CREATE FUNCTION trigrams_of(folded text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(DISTINCT substr(folded, start, 3))
    FROM generate_series(1, length(folded) - 2) AS start $$""",
    "ALTER TABLE picture_text ADD COLUMN trigrams text[] "
    "GENERATED ALWAYS AS (trigrams_of(folded)) STORED",
    "CREATE INDEX picture_trigrams ON picture_text USING gin (trigrams) WITH (fastupdate = off)",
)
"""What a server has for this beside the tables of ``store.sql.schema``."""


def candidates(
    connection: Connection, content_id: ColumnElement[int], wanted: Sequence[Sequence[str]]
) -> ColumnElement[bool]:
    """Whether a row of ``picture_text`` has all trigrams of one of ``wanted``, none of them empty.

    Args:
        content_id: its column of that name.
    """
    if connection.dialect.name == "postgresql":
        trigrams: ColumnElement[Any] = literal_column("picture_text.trigrams")
        return or_(*(trigrams.op("@>", is_comparison=True)(_array(each)) for each in wanted))
    # What was folded has letters and digits only, and quotes keep AND a word.
    said = " OR ".join(
        f"({' AND '.join(f'{chr(34)}{one}{chr(34)}' for one in each)})" for each in wanted
    )
    index = table("picture_trigrams", column("rowid"))
    matches = literal_column("picture_trigrams").op("MATCH", is_comparison=True)(said)
    return content_id.in_(select(index.c.rowid).where(matches))


def _array(trigrams: Sequence[str]) -> ColumnElement[Any]:
    return sql_cast(texts(list(trigrams)), ARRAY(Text()))


_FILL = f"{_INTO} SELECT content_id, folded FROM picture_text WHERE folded <> ''"
_DIFFERENT = (
    "SELECT count(*) FROM picture_text t LEFT JOIN picture_trigrams i ON i.rowid = t.content_id "
    "WHERE coalesce(i.folded, '') IS NOT t.folded"
)
_SURPLUS = (
    "SELECT count(*) FROM picture_trigrams i LEFT JOIN picture_text t ON t.content_id = i.rowid "
    "WHERE t.content_id IS NULL"
)


def make_anew(connection: Connection) -> None:
    """Make the index of all rows in a file, whether there is one or not."""
    for statement in ("DROP TABLE IF EXISTS picture_trigrams", TABLE, _FILL):
        connection.exec_driver_sql(statement)


def different(connection: Connection) -> int:
    """How many entries of a file's index are not what the rows say, or missing, or surplus."""
    queries = (_DIFFERENT, _SURPLUS)
    return sum(int(connection.exec_driver_sql(query).scalar_one()) for query in queries)


def mend(connection: Connection) -> bool:
    """Make a file's index anew if it is not what the rows say, or can't be read; whether it was."""
    return statements.mend_words(connection, "picture_trigrams", different, make_anew)

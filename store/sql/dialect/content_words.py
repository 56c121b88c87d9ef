"""The index of the words in titles and descriptions, which photos or their sidecars say.

In a file it is a table of SQLite's full-text search (FTS5), which triggers keep as ``content`` is;
on a server a column of ``content`` that the server fills itself, with an index (GIN). Either can be
made again from the rows. The words are those of ``store.words``, as in ``name_words``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Literal

from sqlalchemy import Connection, text

from store.sql.dialect import statements
from store.sql.dialect.expressions import chunks
from store.sql.dialect.name_words import AT_ONCE, Forms, words_apart
from store.vectors import Ids

Field = Literal["title", "whole", "description"]
"""Where a word stands: in a title, as all of it, in a description."""

Asked = tuple[Field, Forms]

TABLE = (
    "CREATE VIRTUAL TABLE content_words USING fts5("
    "title, whole, description, tokenize = 'ascii', detail = 'column', columnsize = 0)"
)

_WORDS = "text_words({0}.title), whole_text({0}.title), text_words({0}.description)"
_SAYS = "({0}.title IS NOT NULL OR {0}.description IS NOT NULL)"
_INTO = "INSERT OR REPLACE INTO content_words (rowid, title, whole, description)"

TRIGGERS = (
    f"""CREATE TRIGGER content_words_added AFTER INSERT ON content WHEN {_SAYS.format("new")}
    BEGIN {_INTO} VALUES (new.id, {_WORDS.format("new")}); END""",
    f"""CREATE TRIGGER content_words_changed AFTER UPDATE OF title, description ON content
    WHEN old.title IS NOT new.title OR old.description IS NOT new.description
    BEGIN DELETE FROM content_words WHERE rowid = old.id;
    {_INTO} SELECT new.id, {_WORDS.format("new")} WHERE {_SAYS.format("new")}; END""",
    f"""CREATE TRIGGER content_words_removed AFTER DELETE ON content WHEN {_SAYS.format("old")}
    BEGIN DELETE FROM content_words WHERE rowid = old.id; END""",
)

_LONGEST = 500
"""Bytes of a word; PostgreSQL's index takes no very long ones, so that of these it has a digest."""

SERVER_DDL = (
    # As ``name_words`` has it for names. A word of a description begins with "/", a whole title
    # with "=".
    f"""CREATE FUNCTION words_of_content(title text, description text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$ DECLARE said text[]; BEGIN
    IF title IS NULL AND description IS NULL THEN RETURN NULL; END IF;
    {words_apart("title")} {words_apart("description")}
    said := string_to_array(concat_ws(' ', nullif(title, ''),
    '=' || nullif(replace(title, ' ', ''), ''),
    '/' || nullif(replace(description, ' ', ' /'), '')), ' ');
    IF octet_length(title) >= {_LONGEST} OR octet_length(description) >= {_LONGEST} THEN
    said := ARRAY(SELECT CASE WHEN octet_length(word) <= {_LONGEST} THEN word
    ELSE encode(sha256(convert_to(word, 'UTF8')), 'hex') END FROM unnest(said) AS word); END IF;
    RETURN said; END $$""",
    "ALTER TABLE content ADD COLUMN words text[] "
    "GENERATED ALWAYS AS (words_of_content(title, description)) STORED",
    "CREATE INDEX content_words ON content USING gin (words) WITH (fastupdate = off) "
    "WHERE words IS NOT NULL",
)
"""What a server has for this beside the tables of ``store.sql.schema``."""

_SIGNS: dict[Field, str] = {"title": "", "whole": "=", "description": "/"}

_IN_FILE = (
    "SELECT {place} AS place, rowid AS id FROM content_words "
    "WHERE content_words MATCH :said{place} LIMIT :most"
)
_ON_SERVER = (
    "SELECT {place} AS place, id FROM content "
    "WHERE words && CAST(:said{place} AS text[]) LIMIT :most"
)
_KNOWN_IN_FILE = text(
    "SELECT rowid, title, description FROM content_words "
    "WHERE rowid IN (SELECT value FROM json_each(:known))"
)
_KNOWN_ON_SERVER = (
    "SELECT id, {has} FROM content WHERE id = ANY (CAST(:known AS bigint[])) AND words IS NOT NULL"
)
_HAS = "words && CAST(:said{place} AS text[])"


def contents_each(connection: Connection, asked: Sequence[Asked], limit: int) -> list[list[int]]:
    """For each of ``asked``, the contents that have any form of the word there; at most ``limit``
    of them."""
    on_server = connection.dialect.name == "postgresql"
    part, say = (_ON_SERVER, _in_array) if on_server else (_IN_FILE, _match)
    contents: list[list[int]] = []
    for some in chunks(asked, AT_ONCE):
        each = (f"SELECT * FROM ({part.format(place=place)}) AS said" for place in range(len(some)))
        values = {f"said{place}": say(*one) for place, one in enumerate(some)}
        ids: list[list[int]] = [[] for _ in some]
        every = text(" UNION ALL ".join(each))
        for place, id in connection.execute(every, values | {"most": limit}):
            ids[place].append(id)
        contents += ids
    return contents


def contents_among(connection: Connection, asked: Sequence[Asked], known: Ids) -> list[list[int]]:
    """For each of ``asked``, those of the contents ``known`` (n,) that have the word there.

    It takes as long for a word that very many contents have as for any other.
    """
    contents: list[list[int]] = []
    for some in chunks(asked, AT_ONCE) if len(known) else ():
        ids: list[list[int]] = [[] for _ in some]
        for id, has_each in _known(connection, some, known):
            for having, has_it in zip(ids, has_each, strict=True):
                if has_it:
                    having.append(id)
        contents += ids
    return contents or [[] for _ in asked]


def _known(
    connection: Connection, asked: Sequence[Asked], known: Ids
) -> Iterator[tuple[int, Sequence[bool]]]:
    """Those of ``known`` that say anything, and whether each of ``asked`` is there."""
    if connection.dialect.name == "postgresql":
        has = ", ".join(_HAS.format(place=place) for place in range(len(asked)))
        values = {f"said{place}": _in_array(*one) for place, one in enumerate(asked)}
        query = text(_KNOWN_ON_SERVER.format(has=has))
        for id, *has_each in connection.execute(query, values | {"known": known.tolist()}):
            yield id, has_each
        return
    rows = connection.execute(_KNOWN_IN_FILE, {"known": json.dumps(known.tolist())})
    for id, title, description in rows:
        there = {"title": set(title.split()), "description": set(description.split())}
        yield id, [not there[field].isdisjoint(forms) for field, forms in asked]


def _match(field: Field, forms: Forms) -> str:
    """The query for FTS5: words are letters and digits only, and quotes keep AND a word."""
    return f"{field} : ({' OR '.join(f'{chr(34)}{form}{chr(34)}' for form in forms)})"


def _in_array(field: Field, forms: Forms) -> list[str]:
    """The words as a server's column has them."""
    words = [(_SIGNS[field] + form) for form in forms]
    return [
        word if len(code := word.encode()) <= _LONGEST else hashlib.sha256(code).hexdigest()
        for word in words
    ]


# -- made, looked through, and made again ---------------------------------------------------------

_FILL = (
    f"{_INTO} SELECT id, {_WORDS.format('content')} FROM content WHERE {_SAYS.format('content')}"
)
_DIFFERENT = (
    f"SELECT count(*) FROM content c LEFT JOIN content_words w ON w.rowid = c.id "
    f"WHERE {_SAYS.format('c')} AND (w.title IS NOT text_words(c.title) "
    "OR w.whole IS NOT whole_text(c.title) OR w.description IS NOT text_words(c.description))"
)
_SURPLUS = (
    "SELECT count(*) FROM content_words w LEFT JOIN content c ON c.id = w.rowid "
    f"WHERE NOT {_SAYS.format('c')}"
)


def make_anew(connection: Connection) -> None:
    """Make the index of all rows in a file, whether there is one or not."""
    for statement in ("DROP TABLE IF EXISTS content_words", TABLE, _FILL):
        connection.exec_driver_sql(statement)


def different(connection: Connection) -> int:
    """How many entries of a file's index are not what the rows say, or missing, or surplus."""
    queries = (_DIFFERENT, _SURPLUS)
    return sum(int(connection.exec_driver_sql(query).scalar_one()) for query in queries)


def mend(connection: Connection) -> bool:
    """Make a file's index anew if it is not what the rows say, or can't be read; whether it was."""
    return statements.mend_words(connection, "content_words", different, make_anew)

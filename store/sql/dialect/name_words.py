"""The index of the words in the names of photos and of their folders.

In a file it is a table of SQLite's full-text search (FTS5), which triggers keep as ``photo`` is;
on a server a column of ``photo`` that the server fills itself, with an index (GIN). Either can be
made again from the rows. The words are those of ``store.words``.

Tags and roots are not in it: there are few different ones, and whoever searches looks through them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import Connection, text

from store.sql.dialect import statements
from store.sql.dialect.expressions import chunks
from store.states import State
from store.words import APART, BETWEEN, CAPITALS, ENDING, MARKS, SMALL, UNSPACED

Field = Literal["name", "whole", "folder", "any"]
"""Where a word stands: in a file's name, as all of it, in the folders' names; in name or folder."""

Forms = Sequence[str]
"""A word as it may be written, any of which counts."""

TABLE = (
    # ``store.words`` has told the words apart, and put spaces between them: nothing else is left
    # to a tokenizer, each of which knows scripts of its own.
    "CREATE VIRTUAL TABLE photo_words USING fts5("
    "name, whole, folder, tokenize = 'ascii', detail = 'column', columnsize = 0)"
)

_WORDS = "name_words({0}.name), whole_name({0}.name), folder_words({0}.folder)"
_INTO = "INSERT OR REPLACE INTO photo_words (rowid, name, whole, folder)"

TRIGGERS = (
    f"""CREATE TRIGGER photo_words_added AFTER INSERT ON photo WHEN new.content_id IS NOT NULL
    BEGIN {_INTO} VALUES (new.id, {_WORDS.format("new")}); END""",
    f"""CREATE TRIGGER photo_words_changed AFTER UPDATE OF name, folder, content_id ON photo
    WHEN old.name IS NOT new.name OR old.folder IS NOT new.folder
    OR (old.content_id IS NULL) <> (new.content_id IS NULL)
    BEGIN DELETE FROM photo_words WHERE rowid = old.id;
    {_INTO} SELECT new.id, {_WORDS.format("new")} WHERE new.content_id IS NOT NULL; END""",
    """CREATE TRIGGER photo_words_removed AFTER DELETE ON photo WHEN old.content_id IS NOT NULL
    BEGIN DELETE FROM photo_words WHERE rowid = old.id; END""",
)

FILL = f"{_INTO} SELECT id, {_WORDS.format('photo')} FROM photo WHERE content_id IS NOT NULL"


def words_apart(variable: str) -> str:
    """A server's statements that make of the text in ``variable`` its words, with spaces between
    them, as ``store.words.words_of`` does."""
    return (
        # Most names are ASCII, which has no accents: to look for them takes most of the time.
        f"IF octet_length({variable}) <> length({variable}) THEN {variable} := regexp_replace("
        f"normalize(regexp_replace(normalize({variable}, NFKD), '{MARKS}', '', 'g'), NFC), "
        rf"'{UNSPACED}', ' \1 ', 'g'); END IF; "
        f"{variable} := btrim(translate(regexp_replace(regexp_replace({variable}, '{BETWEEN}', "
        f"' ', 'g'), '{APART}', ' ', 'g'), '{CAPITALS}', '{SMALL}'));"
    )


SERVER_DDL = (
    # In one function, which names no other of ours: a server that looks after its indexes calls
    # it without the path to them. A word of a folder begins with "/", a whole name with "=".
    rf"""CREATE FUNCTION words_of_path(name text, folder text) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$ BEGIN
    name := regexp_replace(name, '{ENDING}', '');
    {words_apart("name")} {words_apart("folder")}
    RETURN string_to_array(name || ' =' || replace(name, ' ', '')
    || ' /' || replace(folder, ' ', ' /'), ' '); END $$""",
    # Kept in the row: a search for what is in every name would work it out of thousands.
    "ALTER TABLE photo ADD COLUMN words text[] "
    "GENERATED ALWAYS AS (words_of_path(name, folder)) STORED",
    "CREATE INDEX photo_words ON photo USING gin (words) WITH (fastupdate = off)",
)
"""What a server has for this beside the tables of ``store.sql.schema``."""

_SIGNS: dict[Field, str] = {"name": "", "whole": "=", "folder": "/"}
_COLUMNS: dict[Field, str] = {"name": "name", "whole": "whole", "folder": "folder"}
_COLUMNS["any"] = "name folder"

_COUNTED_IN_FILE = "SELECT rowid FROM photo_words WHERE photo_words MATCH :{said} LIMIT :most"
_CONTENTS_IN_FILE = (
    "SELECT {place} AS place, photo.content_id AS id FROM photo_words "
    # CROSS: words first, then their photos; SQLite would take the photos first.
    "CROSS JOIN photo ON photo.id = photo_words.rowid "
    f"WHERE photo_words MATCH :{{said}} AND photo.state = '{State.INDEXED}' LIMIT :most"
)
_COUNTED = "SELECT 1 FROM photo WHERE {where} LIMIT :most"
_CONTENTS = (
    "SELECT {place} AS place, content_id AS id FROM photo "
    f"WHERE {{where}} AND state = '{State.INDEXED}' AND content_id IS NOT NULL LIMIT :most"
)

AT_ONCE = 200
"""What is asked for in one statement; SQLite takes up to 500 parts of one."""

Asked = Sequence[tuple[Field, Forms]]
"""Words, each with where it stands; all of them in the names of one path."""


def count_each(connection: Connection, words: Sequence[Forms], limit: int) -> list[int]:
    """How many paths have each word in name or folder; ``limit`` of more."""
    if not words:
        return []
    parts, values = _parts(
        connection, [[("any", word)] for word in words], _COUNTED_IN_FILE, _COUNTED
    )
    each = ", ".join(f"(SELECT count(*) FROM ({part}) AS named)" for part in parts)
    return list(connection.execute(text(f"SELECT {each}"), values | {"most": limit}).one())


def contents_each(connection: Connection, asked: Sequence[Asked], limit: int) -> list[list[int]]:
    """For each of ``asked``, the contents at its living paths, at most ``limit`` of them."""
    contents: list[list[int]] = []
    for some in chunks(asked, AT_ONCE):
        parts, values = _parts(connection, some, _CONTENTS_IN_FILE, _CONTENTS)
        every = " UNION ALL ".join(f"SELECT * FROM ({part}) AS named" for part in parts)
        ids: list[list[int]] = [[] for _ in some]
        for place, id in connection.execute(text(every), values | {"most": limit}).all():
            ids[place].append(id)
        contents += ids
    return contents


def _parts(
    connection: Connection, asked: Sequence[Asked], in_file: str, on_server: str
) -> tuple[list[str], dict[str, Any]]:
    """A statement for each of ``asked``, and the values of all."""
    parts: list[str] = []
    values: dict[str, Any] = {}
    for place, words in enumerate(asked):
        if connection.dialect.name != "postgresql":
            values[f"said{place}"] = _match(words)
            parts.append(in_file.format(place=place, said=f"said{place}"))
        else:
            for number, (field, forms) in enumerate(words):
                signs = ("", "/") if field == "any" else (_SIGNS[field],)
                values[f"said{place}_{number}"] = [s + form for form in forms for s in signs]
            where = " AND ".join(
                f"words && CAST(:said{place}_{number} AS text[])" for number in range(len(words))
            )
            parts.append(on_server.format(place=place, where=where))
    return parts, values


def _match(words: Asked) -> str:
    """The query for FTS5: words are letters and digits only, and quotes keep AND a word."""
    each = ((_COLUMNS[field], " OR ".join(f'"{form}"' for form in forms)) for field, forms in words)
    return " AND ".join(f"({{{columns}}} : ({said}))" for columns, said in each)


# -- made, looked through, and made again ---------------------------------------------------------

_DIFFERENT = text(
    "SELECT count(*) FROM photo LEFT JOIN photo_words ON photo_words.rowid = photo.id "
    "WHERE content_id IS NOT NULL AND (photo_words.name IS NOT name_words(photo.name) "
    "OR photo_words.whole IS NOT whole_name(photo.name) "
    "OR photo_words.folder IS NOT folder_words(photo.folder))"
)
_SURPLUS = text(
    "SELECT count(*) FROM photo_words LEFT JOIN photo ON photo.id = photo_words.rowid "
    "WHERE photo.content_id IS NULL"
)


def fill(connection: Connection) -> None:
    """Make the index of all rows, in a file that has none of it yet, or an empty one."""
    connection.execute(text(FILL))


def make_anew(connection: Connection) -> None:
    """The same in a file whose index may be damaged."""
    connection.execute(text("DROP TABLE IF EXISTS photo_words"))
    connection.execute(text(TABLE))
    fill(connection)


def different(connection: Connection) -> int:
    """How many entries of a file's index are not what the rows say, or missing, or surplus."""
    return sum(int(connection.execute(query).scalar_one()) for query in (_DIFFERENT, _SURPLUS))


def mend(connection: Connection) -> bool:
    """Make a file's index anew if it is not what the rows say, or can't be read; whether it was."""
    return statements.mend_words(connection, "photo_words", different, make_anew)

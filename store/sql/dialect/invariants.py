"""What must hold of every row, beyond what the database checks; and how a broken row is mended.

SQLite takes any value into any column. PostgreSQL sees to types and references as rows are written:
damage, a restore with constraints turned off, and hands of administrators come after that.

What a file's entry says can be read again from the file: a damaged one is marked as unreadable,
which every run tries again. What only the user could know is never touched.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from store.states import LIVING, State

_STATES = ", ".join(f"'{state}'" for state in State)
REASON = "its entry in the library was damaged"
_AGAIN = f"state = '{State.UNREADABLE}', reason = '{REASON}'"
_LIVING = ", ".join(f"'{state}'" for state in LIVING)
_ODD_STATE = f"state NOT IN ({_STATES}) OR (state IN ({_LIVING}) AND content_id IS NULL)"
_ODD_CONTENT = (
    "length(digest) <> 32 OR width < 1 OR height < 1 "
    "OR NOT coalesce(latitude, 0) BETWEEN -90 AND 90 "
    "OR NOT coalesce(longitude, 0) BETWEEN -180 AND 180"
)
_ODD_CONTENTS = "(SELECT id FROM content WHERE {where})"
_MODEL_SETTINGS = "key IN ('model_id', 'building_model_id')"


def _lost(table: str, column: str, parent: str) -> str:
    """Rows of ``table`` that refer to none of ``parent``: not by NOT IN, with which a server would
    go through all of a long list for each."""
    there = f"SELECT 1 FROM {parent} p WHERE p.id = {table}.{column}"
    return f"{table}.{column} IS NOT NULL AND NOT EXISTS ({there})"


_NO_PICTURE = _lost("photo", "content_id", "content")
_NO_PICTURE_BEFORE = _lost("photo", "previous_id", "content")
_OF_NO_PICTURE = _lost("embedding", "content_id", "content")
_KEYWORD_OF_NONE = _lost("keyword", "content_id", "content")
_TEXT_OF_NONE = _lost("picture_text", "content_id", "content")
_BY_NO_MODEL = _lost("embedding", "model_id", "model")
_FRAME_OF_NONE = _lost("frame", "content_id", "content")
_FRAME_BY_NONE = _lost("frame", "model_id", "model")
_IN_NO_FOLDER = _lost("photo", "root_id", "root")


@dataclass(frozen=True)
class Rule:
    """What is wrong with some rows of ``table``, and what mends them.

    Attributes:
        in_file, on_server: which rows they are, in SQLite and in PostgreSQL; None: there are none.
        mend: statements, in which ``{where}`` stands for that.
    """

    wrong: str
    table: str
    in_file: str | None
    on_server: str | None
    mend: tuple[str, ...] = ()


RULES = (
    Rule(
        "entries of files are damaged",
        "photo",
        f"{_ODD_STATE} OR typeof(size) <> 'integer' OR size < 0 "
        "OR typeof(mtime_ns) <> 'integer' OR typeof(run) <> 'integer'",
        f"{_ODD_STATE} OR size < 0",
        # A size that no file has, so that it is read again whatever its time says.
        (f"UPDATE photo SET {_AGAIN}, size = 0, mtime_ns = 0, run = 0 WHERE {{where}}",),
    ),
    Rule(
        "entries of pictures are damaged",
        "content",
        f"{_ODD_CONTENT} OR typeof(digest) <> 'blob' OR typeof(width) <> 'integer' "
        "OR typeof(height) <> 'integer' OR (taken_at IS NOT NULL AND julianday(taken_at) IS NULL)",
        _ODD_CONTENT,
        (
            f"UPDATE photo SET {_AGAIN}, content_id = NULL WHERE content_id IN {_ODD_CONTENTS}",
            f"UPDATE photo SET previous_id = NULL WHERE previous_id IN {_ODD_CONTENTS}",
            "DELETE FROM content WHERE {where}",
        ),
    ),
    Rule(
        "files belong to a picture that is not there",
        "photo",
        _NO_PICTURE,
        _NO_PICTURE,
        (f"UPDATE photo SET {_AGAIN}, content_id = NULL WHERE {{where}}",),
    ),
    Rule(
        "files had a picture before that is not there",
        "photo",
        _NO_PICTURE_BEFORE,
        _NO_PICTURE_BEFORE,
        ("UPDATE photo SET previous_id = NULL WHERE {where}",),
    ),
    Rule(
        "vectors belong to a picture or model that is not there",
        "embedding",
        f"({_OF_NO_PICTURE}) OR ({_BY_NO_MODEL})",
        f"({_OF_NO_PICTURE}) OR ({_BY_NO_MODEL})",
        ("DELETE FROM embedding WHERE {where}",),
    ),
    Rule(
        "frames of videos belong to a video or model that is not there",
        "frame",
        f"({_FRAME_OF_NONE}) OR ({_FRAME_BY_NONE})",
        f"({_FRAME_OF_NONE}) OR ({_FRAME_BY_NONE})",
        ("DELETE FROM frame WHERE {where}",),
    ),
    Rule(
        "entries of videos are damaged",
        "content",
        "duration_ms IS NOT NULL AND (typeof(duration_ms) <> 'integer' OR duration_ms < 0)",
        "duration_ms < 0",
        ("UPDATE content SET duration_ms = 0 WHERE {where}",),
    ),
    Rule(
        "vectors that searches compare belong to no stored vector",
        "nearby",
        None,
        "NOT EXISTS (SELECT 1 FROM embedding e WHERE e.content_id = nearby.content_id "
        "AND e.model_id = nearby.model_id)",
        ("DELETE FROM nearby WHERE {where}",),
    ),
    Rule(
        "entries of what photos say are damaged",
        "content",
        "(embedded IS NOT NULL AND NOT json_valid(embedded)) "
        "OR (taken_offset IS NOT NULL AND typeof(taken_offset) <> 'integer') "
        "OR (rating IS NOT NULL AND typeof(rating) <> 'integer')",
        None,
        # The next run reads it again.
        ("UPDATE content SET embedded = NULL, taken_offset = NULL, rating = NULL WHERE {where}",),
    ),
    Rule(
        "entries of sidecars are damaged",
        "photo",
        "sidecar IS NOT NULL AND NOT json_valid(sidecar)",
        None,
        ("UPDATE photo SET sidecar = NULL, size = 0, mtime_ns = 0 WHERE {where}",),
    ),
    Rule(
        "keywords belong to a picture that is not there",
        "keyword",
        _KEYWORD_OF_NONE,
        _KEYWORD_OF_NONE,
        ("DELETE FROM keyword WHERE {where}",),
    ),
    Rule(
        "texts in pictures are damaged, or belong to a picture that is not there",
        "picture_text",
        f"NOT json_valid(lines) OR typeof(folded) <> 'text' OR ({_TEXT_OF_NONE})",
        f"json_typeof(lines) <> 'array' OR ({_TEXT_OF_NONE})",
        # It is read again from the picture.
        ("DELETE FROM picture_text WHERE {where}",),
    ),
    Rule(
        "settings are damaged",
        "setting",
        f"NOT json_valid(value) AND NOT {_MODEL_SETTINGS}",
        None,
        ("DELETE FROM setting WHERE {where}",),  # all of these can be found out again
    ),
    Rule(
        "folders have a damaged list of what to exclude (say it again with: "
        "clipsearch index --exclude)",
        "root",
        "NOT json_valid(excludes)",
        "json_typeof(excludes) <> 'array'",
        ("UPDATE root SET excludes = '[]' WHERE {where}",),
    ),
    Rule("files are in no folder of the library", "photo", _IN_NO_FOLDER, _IN_NO_FOLDER),
    Rule("files have no name", "photo", "typeof(name) <> 'text' OR typeof(folder) <> 'text'", None),
    Rule("folders have no path", "root", "typeof(path) <> 'text' OR path = ''", "path = ''"),
    Rule(
        "models are damaged",
        "model",
        "typeof(dim) <> 'integer' OR NOT dim BETWEEN 1 AND 65536",
        "NOT dim BETWEEN 1 AND 65536",
    ),
    Rule(
        "settings name a model that is not there",
        "setting",
        f"{_MODEL_SETTINGS} AND (NOT json_valid(value) OR value NOT IN (SELECT id FROM model))",
        f"{_MODEL_SETTINGS} "
        "AND NOT EXISTS (SELECT 1 FROM model m WHERE CAST(m.id AS text) = CAST(value AS text))",
    ),
    Rule(
        "tags are damaged",
        "tag",
        "typeof(digest) <> 'blob' OR length(digest) <> 32",
        "length(digest) <> 32",
    ),
    Rule(
        "places in albums are damaged",
        "album_photo",
        "typeof(digest) <> 'blob' OR length(digest) <> 32 OR typeof(place) <> 'integer'",
        "length(digest) <> 32",
    ),
)


def broken(connection: Connection) -> list[str]:
    """One line for each rule that some row breaks."""
    counted = [(_count(connection, rule.table, where), rule) for rule, where in _rules(connection)]
    return [f"{count} {rule.wrong}" for count, rule in counted if count]


def mend(connection: Connection) -> list[str]:
    """Mend what can be mended without the user. Returns a line for each kind of damage."""
    mended = []
    for rule, where in _rules(connection):
        count = _count(connection, rule.table, where) if rule.mend else 0
        if count:
            mended.append(f"{count} {rule.wrong}")
            for statement in rule.mend:
                connection.exec_driver_sql(statement.format(where=where))
    return mended


def _rules(connection: Connection) -> list[tuple[Rule, str]]:
    """The rules for this database, each with the condition of rows that break it."""
    in_file = connection.dialect.name == "sqlite"
    chosen = [(rule, rule.in_file if in_file else rule.on_server) for rule in RULES]
    return [(rule, where) for rule, where in chosen if where is not None]


def _count(connection: Connection, table: str, where: str) -> int:
    query = f"SELECT count(*) FROM {table} WHERE {where}"
    count: int = connection.exec_driver_sql(query).scalar_one()
    return count

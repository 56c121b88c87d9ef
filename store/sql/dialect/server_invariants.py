"""What must hold of every row on a server, beyond what its tables already promise.

PostgreSQL sees to types and references as rows are written. Damage, a restore with constraints
turned off, and hands of administrators come after that.
"""

from __future__ import annotations

from store.sql.dialect.invariants import AGAIN, STATES, Rule

_CONTENT = (
    "length(digest) <> 32 OR width < 1 OR height < 1 "
    "OR NOT coalesce(latitude, 0) BETWEEN -90 AND 90 "
    "OR NOT coalesce(longitude, 0) BETWEEN -180 AND 180"
)
_ODD_CONTENT = f"SELECT id FROM content WHERE {_CONTENT}"


def _lost(table: str, column: str, parent: str) -> str:
    """Rows of ``table`` that refer to none of ``parent``: not by NOT IN, which takes for ever."""
    there = f"SELECT 1 FROM {parent} p WHERE p.id = {table}.{column}"
    return f"{table}.{column} IS NOT NULL AND NOT EXISTS ({there})"


RULES = (
    Rule(
        "entries of files are damaged",
        "photo",
        f"state NOT IN ({STATES}) OR size < 0 OR (state = 'indexed' AND content_id IS NULL)",
        (f"UPDATE photo SET {AGAIN}, size = 0, mtime_ns = 0, run = 0 WHERE {{where}}",),
    ),
    Rule(
        "entries of pictures are damaged",
        "content",
        _CONTENT,
        (
            f"UPDATE photo SET {AGAIN}, content_id = NULL WHERE content_id IN ({_ODD_CONTENT})",
            f"UPDATE photo SET previous_id = NULL WHERE previous_id IN ({_ODD_CONTENT})",
            "DELETE FROM content WHERE {where}",
        ),
    ),
    Rule(
        "files belong to a picture that is not there",
        "photo",
        _lost("photo", "content_id", "content"),
        (f"UPDATE photo SET {AGAIN}, content_id = NULL WHERE {{where}}",),
    ),
    Rule(
        "files had a picture before that is not there",
        "photo",
        _lost("photo", "previous_id", "content"),
        ("UPDATE photo SET previous_id = NULL WHERE {where}",),
    ),
    Rule(
        "vectors belong to a picture or model that is not there",
        "embedding",
        f"({_lost('embedding', 'content_id', 'content')}) "
        f"OR ({_lost('embedding', 'model_id', 'model')})",
        ("DELETE FROM embedding WHERE {where}",),
    ),
    Rule(
        "vectors that searches compare belong to no stored vector",
        "nearby",
        "NOT EXISTS (SELECT 1 FROM embedding e WHERE e.content_id = nearby.content_id "
        "AND e.model_id = nearby.model_id)",
        ("DELETE FROM nearby WHERE {where}",),
    ),
    Rule(
        "folders have a damaged list of what to exclude (say it again with: "
        "clipsearch index --exclude)",
        "root",
        "json_typeof(excludes) <> 'array'",
        ("UPDATE root SET excludes = '[]' WHERE {where}",),
    ),
    Rule("files are in no folder of the library", "photo", _lost("photo", "root_id", "root")),
    Rule("folders have no path", "root", "path = ''"),
    Rule("models are damaged", "model", "NOT dim BETWEEN 1 AND 65536"),
    Rule(
        "settings name a model that is not there",
        "setting",
        "key IN ('model_id', 'building_model_id') "
        "AND NOT EXISTS (SELECT 1 FROM model m WHERE CAST(m.id AS text) = CAST(value AS text))",
    ),
    Rule("tags are damaged", "tag", "length(digest) <> 32"),
)

"""What must hold of every row, beyond what SQLite checks; and how a row that breaks it is mended.

``server_invariants`` has the same for a server.

What a file's entry says can be read again from the file: a damaged one is marked as unreadable,
which every run tries again. What only the user could know is never touched.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from store.states import State

STATES = ", ".join(f"'{state}'" for state in State)
REASON = "its entry in the library was damaged"
AGAIN = f"state = '{State.UNREADABLE}', reason = '{REASON}'"
_ODD_CONTENT = (
    "SELECT id FROM content WHERE typeof(digest) <> 'blob' OR length(digest) <> 32 "
    "OR typeof(width) <> 'integer' OR typeof(height) <> 'integer' OR width < 1 OR height < 1 "
    "OR (taken_at IS NOT NULL AND julianday(taken_at) IS NULL) "
    "OR NOT coalesce(latitude, 0) BETWEEN -90 AND 90 "
    "OR NOT coalesce(longitude, 0) BETWEEN -180 AND 180"
)


@dataclass(frozen=True)
class Rule:
    """What is wrong with those rows of ``table`` that ``where`` selects, and what mends it."""

    wrong: str
    table: str
    where: str
    mend: tuple[str, ...] = ()


RULES = (
    Rule(
        "entries of files are damaged",
        "photo",
        f"state NOT IN ({STATES}) OR typeof(size) <> 'integer' OR size < 0 "
        "OR typeof(mtime_ns) <> 'integer' OR typeof(run) <> 'integer' "
        f"OR (state = '{State.INDEXED}' AND content_id IS NULL)",
        # A size that no file has, so that it is read again whatever its time says.
        (f"UPDATE photo SET {AGAIN}, size = 0, mtime_ns = 0, run = 0 WHERE {{where}}",),
    ),
    Rule(
        "entries of pictures are damaged",
        "content",
        f"id IN ({_ODD_CONTENT})",
        (
            f"UPDATE photo SET {AGAIN}, content_id = NULL WHERE content_id IN ({_ODD_CONTENT})",
            f"UPDATE photo SET previous_id = NULL WHERE previous_id IN ({_ODD_CONTENT})",
            "DELETE FROM content WHERE {where}",
        ),
    ),
    Rule(
        "files belong to a picture that is not there",
        "photo",
        "content_id NOT IN (SELECT id FROM content)",
        (f"UPDATE photo SET {AGAIN}, content_id = NULL WHERE {{where}}",),
    ),
    Rule(
        "files had a picture before that is not there",
        "photo",
        "previous_id NOT IN (SELECT id FROM content)",
        ("UPDATE photo SET previous_id = NULL WHERE {where}",),
    ),
    Rule(
        "vectors belong to a picture or model that is not there",
        "embedding",
        "content_id NOT IN (SELECT id FROM content) OR model_id NOT IN (SELECT id FROM model)",
        ("DELETE FROM embedding WHERE {where}",),
    ),
    Rule(
        "settings are damaged",
        "setting",
        "NOT json_valid(value) AND key NOT IN ('model_id', 'building_model_id')",
        ("DELETE FROM setting WHERE {where}",),  # all of these can be found out again
    ),
    Rule(
        "folders have a damaged list of what to exclude (say it again with: "
        "clipsearch index --exclude)",
        "root",
        "NOT json_valid(excludes)",
        ("UPDATE root SET excludes = '[]' WHERE {where}",),
    ),
    Rule("files are in no folder of the library", "photo", "root_id NOT IN (SELECT id FROM root)"),
    Rule("files have no name", "photo", "typeof(name) <> 'text' OR typeof(folder) <> 'text'"),
    Rule("folders have no path", "root", "typeof(path) <> 'text' OR path = ''"),
    Rule("models are damaged", "model", "typeof(dim) <> 'integer' OR NOT dim BETWEEN 1 AND 65536"),
    Rule(
        "settings name a model that is not there",
        "setting",
        "key IN ('model_id', 'building_model_id') AND "
        "(NOT json_valid(value) OR value NOT IN (SELECT id FROM model))",
    ),
    Rule("tags are damaged", "tag", "typeof(digest) <> 'blob' OR length(digest) <> 32"),
)


def broken(connection: Connection) -> list[str]:
    """One line for each rule that some row breaks."""
    counted = [(rule, _count(connection, rule)) for rule in _rules_of(connection)]
    return [f"{count} {rule.wrong}" for rule, count in counted if count]


def mend(connection: Connection) -> list[str]:
    """Mend what can be mended without the user. Returns a line for each kind of damage."""
    mended = []
    for rule in _rules_of(connection):
        count = _count(connection, rule) if rule.mend else 0
        if count:
            mended.append(f"{count} {rule.wrong}")
            for statement in rule.mend:
                connection.exec_driver_sql(statement.format(where=rule.where))
    return mended


def _rules_of(connection: Connection) -> tuple[Rule, ...]:
    if connection.dialect.name == "sqlite":
        return RULES
    from store.sql.dialect import server_invariants

    return server_invariants.RULES


def _count(connection: Connection, rule: Rule) -> int:
    query = f"SELECT count(*) FROM {rule.table} WHERE {rule.where}"
    count: int = connection.exec_driver_sql(query).scalar_one()
    return count

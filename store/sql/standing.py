"""Questions about how a library stands, in SQL that both databases take.

SQLAlchemy takes longer to import than ``clipsearch status`` does for all else. So these are plain
text, for whoever has an engine (``asking``) and for ``dialect.first_look``, which does without.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.filters import HIDDEN
from store.picture_text import TextCounts
from store.sql.fspath import from_text
from store.states import State
from store.values import ModelInfo, RootInfo, RootStatus

if TYPE_CHECKING:
    from sqlalchemy import Connection

Ask = Callable[[str, dict[str, Any]], Sequence[Sequence[Any]]]
"""Gives the rows of a statement, in which ``:name`` stands for the value of that name."""

LEFT_OUT = "left_out:"
"""The setting, with a model's id behind it, of contents that its index goes without."""

_LIVING = f"SELECT content_id FROM photo WHERE state = '{State.INDEXED}' AND content_id IS NOT NULL"
_SETTING = "SELECT CAST(value AS TEXT) FROM setting WHERE key = :key"
_MODELS = "SELECT id, name, fingerprint, dim FROM model"
_ROOTS = "SELECT id, path, CAST(excludes AS TEXT) FROM root ORDER BY path"
_COUNTS = "SELECT root_id, state, count(*), count(*) FILTER (WHERE away) FROM photo GROUP BY 1, 2"
_VISIBLE = (
    "embedding.model_id = :model AND EXISTS "
    f"({_LIVING} AND photo.content_id = embedding.content_id)"
)
_SEARCHABLE = f"SELECT count(*) FROM embedding WHERE {_VISIBLE}"
# The tags first: joined, SQLite would begin with the embeddings, and look up the tags of each.
_HIDDEN = (
    "SELECT count(*) FROM embedding WHERE content_id IN (SELECT content.id FROM tag JOIN content "
    f"ON content.digest = tag.digest WHERE tag.name = :name) AND {_VISIBLE}"
)
_TEXTS = (
    f"SELECT (SELECT count(DISTINCT content_id) FROM ({_LIVING}) AS living), count(*), "
    "count(*) FILTER (WHERE folded <> ''), count(problem) "
    f"FROM picture_text WHERE content_id IN ({_LIVING})"
)


def asking(connection: Connection) -> Ask:
    """Asks by ``connection``."""
    from sqlalchemy import text

    return lambda statement, values: connection.execute(text(statement), values).all()


def model(ask: Ask, key: str) -> ModelInfo | None:
    """The model that a setting names: ``model_id`` or ``building_model_id``."""
    wanted = _setting(ask, key)
    rows = [] if wanted is None else ask(_MODELS, {})
    return next((ModelInfo(*row) for row in rows if row[0] == wanted), None)


def roots(ask: Ask, is_online: Callable[[Path, bool], bool]) -> list[RootStatus]:
    """Each root in order of path, and how many of its files are in each state."""
    counts: dict[int, dict[State, int]] = {}
    away: dict[int, int] = {}
    for root_id, state, count, missed in ask(_COUNTS, {}):
        counts.setdefault(root_id, {})[State(state)] = count
        away[root_id] = away.get(root_id, 0) + missed
    return [
        RootStatus(
            RootInfo(id, path, tuple(json.loads(excludes))),
            is_online(path, id in counts),
            counts.get(id, {}),
            away.get(id, 0),
        )
        for id, path, excludes in (
            (id, Path(from_text(path)), excludes) for id, path, excludes in ask(_ROOTS, {})
        )
    ]


def searchable_count(ask: Ask, model: ModelInfo) -> int:
    """How many contents a search may find: embedded, and at some path that is not gone."""
    return int(ask(_SEARCHABLE, {"model": model.id})[0][0])


def hidden_count(ask: Ask, model: ModelInfo) -> int:
    """How many of those are hidden."""
    return int(ask(_HIDDEN, {"model": model.id, "name": HIDDEN})[0][0])


def left_out_count(ask: Ask, model: ModelInfo) -> int:
    """How many of those the index goes without, because their vectors are damaged."""
    return len(_setting(ask, f"{LEFT_OUT}{model.id}", []))


def text_counts(ask: Ask) -> TextCounts:
    """How far the reading is, in pictures at living paths."""
    return TextCounts(*ask(_TEXTS, {})[0])


def _setting(ask: Ask, key: str, default: Any = None) -> Any:
    rows = ask(_SETTING, {"key": key})
    return json.loads(rows[0][0]) if rows else default

"""Which rows of a damaged database can be believed: each column has to be what its table holds.

The columns are in the order in which every format so far has them; later ones were added at the
end of their tables. Two kinds of rows were others in earlier formats: tags and examples of concepts
had the id of a content where they have a digest now.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from store.rescue.sqlite_pages import Cell, Value
from store.states import State
from store.vectors import are_unit

Row = dict[str, Value]
Check = Callable[[Value], bool]
_DATE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?")
_STATES = frozenset(State)
_MOST, _MOST_IDS = 2**62, 2**40


def _integer(value: Value) -> bool:
    return isinstance(value, int)


def _count(value: Value) -> bool:
    return isinstance(value, int) and 0 <= value < _MOST


def _id(value: Value) -> bool:
    # A damaged one may be huge, and new ones would go on from there.
    return isinstance(value, int) and 0 < value < _MOST_IDS


def _flag(value: Value) -> bool:
    return value in (0, 1)


def _number(value: Value) -> bool:
    return isinstance(value, int | float)


def _text(value: Value) -> bool:
    return isinstance(value, str) and "\0" not in value


def _word(value: Value) -> bool:
    return _text(value) and value != ""


def _date(value: Value) -> bool:
    return isinstance(value, str) and bool(_DATE.fullmatch(value))


def _json(value: Value) -> bool:
    try:
        json.loads(str(value))  # numbers come as such: the column's name makes SQLite turn them
    except ValueError:
        return False
    return True


def _list(value: Value) -> bool:
    return _json(value) and isinstance(value, str) and value.startswith("[")


def _digest(value: Value) -> bool:
    return isinstance(value, bytes) and len(value) == 32


def _vector(value: Value) -> bool:
    if not isinstance(value, bytes) or not value or len(value) % 4:
        return False
    return bool(are_unit(np.frombuffer(value, "<f4")[None])[0])


def _state(value: Value) -> bool:
    return value in _STATES


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


@dataclass(frozen=True)
class Shape:
    """What the rows of a table look like.

    Attributes:
        columns: each one's check by its name, in order.
        least: how many of them a row has at least.
        has_id: whether the first column is the row's number, which is not kept with the others.
    """

    columns: Mapping[str, Check]
    least: int
    has_id: bool = True

    def row(self, cell: Cell) -> Row | None:
        """The row in a cell, if it has this shape."""
        values = cell.values
        if cell.rowid is None or not self.least <= len(values) <= len(self.columns):
            return None
        if self.has_id:
            if values[0] is not None:
                return None
            values = (cell.rowid, *values[1:])
        checked = zip(self.columns.items(), values, strict=False)
        row: Row = {}
        for (name, check), value in checked:
            if not check(value):
                return None
            row[name] = value
        return row


_EXAMPLE: dict[str, Check] = {
    "id": _id,
    "concept": _word,
    "path": _word,
    "negative": _flag,
    "digest": _or_none(_digest),
    "model_id": _id,
    "vector": _vector,
}
SHAPES: dict[str, Shape] = {
    "root": Shape({"id": _id, "path": _word, "excludes": _list}, 3),
    "model": Shape({"id": _id, "name": _word, "fingerprint": _word, "dim": _count}, 4),
    "content": Shape(
        {
            "id": _id,
            "digest": _digest,
            "width": _count,
            "height": _count,
            "format": _word,
            "taken_at": _or_none(_date),
            "camera": _or_none(_text),
            "lens": _or_none(_text),
            "latitude": _or_none(_number),
            "longitude": _or_none(_number),
            "place": _or_none(_text),
            "taken_from": _or_none(_word),
            "taken_offset": _or_none(_integer),
            "only_day": _flag,
            "title": _or_none(_text),
            "description": _or_none(_text),
            "creator": _or_none(_text),
            "copyright": _or_none(_text),
            "rating": _or_none(_integer),
            "colour_label": _or_none(_text),
            "embedded": _or_none(_json),
            "duration_ms": _or_none(_count),
        },
        10,
    ),
    "filesystem": Shape({"id": _id, "name": _word}, 2),
    "photo": Shape(
        {
            "id": _id,
            "root_id": _id,
            "folder": _text,
            "name": _word,
            "size": _count,
            "mtime_ns": _integer,
            "state": _state,
            "reason": _or_none(_text),
            "content_id": _or_none(_id),
            "run": _count,
            "filesystem_id": _or_none(_id),
            "away": _flag,
            "previous_id": _or_none(_id),
            "sidecar": _or_none(_json),
        },
        10,
    ),
    "embedding": Shape(
        {"content_id": _id, "model_id": _id, "vector": _vector, "checksum": _count},
        3,
        has_id=False,
    ),
    "frame": Shape(
        {
            "content_id": _id,
            "model_id": _id,
            "at_ms": _count,
            "vector": _vector,
            "checksum": _count,
        },
        5,
        has_id=False,
    ),
    "concept_example": Shape(_EXAMPLE, 7),
    "tag": Shape({"digest": _digest, "name": _word}, 2, has_id=False),
    "album_photo": Shape({"album": _word, "digest": _digest, "place": _integer}, 3, has_id=False),
    "keyword": Shape({"content_id": _id, "name": _word}, 2, has_id=False),
    "past_search": Shape({"query": _word, "at": _date}, 2, has_id=False),
    "setting": Shape({"key": _word, "value": _json}, 2, has_id=False),
    "saved_search": Shape({"name": _word, "query": _text}, 2, has_id=False),
}
"""By table, in the order in which rows can be put in: what they refer to comes first."""

EARLIER: dict[str, Shape] = {
    "tag": Shape({"content_id": _id, "name": _word}, 2, has_id=False),
    "concept_example": Shape(
        {
            ("content_id" if name == "digest" else name): (
                _or_none(_id) if name == "digest" else check
            )
            for name, check in _EXAMPLE.items()
        },
        7,
    ),
}
"""What rows looked like before format 5. A keyword (format 8) looks as a tag did."""

SETTINGS = frozenset({"model_id", "building_model_id", "generation", "run", "settled_run", "views"})


def row_of(cell: Cell, table: str, *, earlier: bool = True) -> Row | None:
    """The row of ``table`` in a cell; None if it can't be one.

    Args:
        earlier: whether it may be of a format before 5.
    """
    row = SHAPES[table].row(cell)
    if row is None and earlier and table in EARLIER:
        row = EARLIER[table].row(cell)
    return row


def lost_row(cell: Cell, *, earlier: bool) -> tuple[int, str, Row] | None:
    """The number, table and row of a cell that no table leads to, told by its shape."""
    for table in SHAPES:
        row = row_of(cell, table, earlier=earlier)
        # Any two texts could be a setting.
        if row is not None and (table != "setting" or row["key"] in SETTINGS):
            assert cell.rowid is not None
            return cell.rowid, table, row
    return None


def indexed_tag(cell: Cell, *, earlier: bool) -> tuple[int, str, Row] | None:
    """As ``lost_row``, of an entry of the index of tags, which holds a whole row; else None."""
    match cell.values:
        case (key, name, int(number)):
            row = row_of(Cell(cell.root, number, (key, name)), "tag", earlier=earlier)
            return None if row is None else (number, "tag", row)
    return None

"""Which rows of a damaged database can be believed: each column has to be what its table holds.

The columns are in the order in which every format so far has them; later ones were added at the
end of their tables. Two kinds of rows were others in earlier formats: tags and examples of concepts
had the id of a content where they have a digest now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from store.rescue.cell_checks import (
    Check,
    is_count,
    is_date,
    is_digest,
    is_flag,
    is_id,
    is_integer,
    is_json,
    is_list,
    is_number,
    is_state,
    is_text,
    is_vector,
    is_word,
    or_none,
)
from store.rescue.sqlite_pages import Cell, Value

Row = dict[str, Value]


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
    "id": is_id,
    "concept": is_word,
    "path": is_word,
    "negative": is_flag,
    "digest": or_none(is_digest),
    "model_id": is_id,
    "vector": is_vector,
}
SHAPES: dict[str, Shape] = {
    "root": Shape({"id": is_id, "path": is_word, "excludes": is_list}, 3),
    "model": Shape({"id": is_id, "name": is_word, "fingerprint": is_word, "dim": is_count}, 4),
    "content": Shape(
        {
            "id": is_id,
            "digest": is_digest,
            "width": is_count,
            "height": is_count,
            "format": is_word,
            "taken_at": or_none(is_date),
            "camera": or_none(is_text),
            "lens": or_none(is_text),
            "latitude": or_none(is_number),
            "longitude": or_none(is_number),
            "place": or_none(is_text),
            "taken_from": or_none(is_word),
            "taken_offset": or_none(is_integer),
            "only_day": is_flag,
            "title": or_none(is_text),
            "description": or_none(is_text),
            "creator": or_none(is_text),
            "copyright": or_none(is_text),
            "rating": or_none(is_integer),
            "colour_label": or_none(is_text),
            "embedded": or_none(is_json),
            "duration_ms": or_none(is_count),
        },
        10,
    ),
    "filesystem": Shape({"id": is_id, "name": is_word}, 2),
    "photo": Shape(
        {
            "id": is_id,
            "root_id": is_id,
            "folder": is_text,
            "name": is_word,
            "size": is_count,
            "mtime_ns": is_integer,
            "state": is_state,
            "reason": or_none(is_text),
            "content_id": or_none(is_id),
            "run": is_count,
            "filesystem_id": or_none(is_id),
            "away": is_flag,
            "previous_id": or_none(is_id),
            "sidecar": or_none(is_json),
        },
        10,
    ),
    "embedding": Shape(
        {"content_id": is_id, "model_id": is_id, "vector": is_vector, "checksum": is_count},
        3,
        has_id=False,
    ),
    "frame": Shape(
        {
            "content_id": is_id,
            "model_id": is_id,
            "at_ms": is_count,
            "vector": is_vector,
            "checksum": is_count,
        },
        5,
        has_id=False,
    ),
    "concept_example": Shape(_EXAMPLE, 7),
    "tag": Shape({"digest": is_digest, "name": is_word}, 2, has_id=False),
    "album_photo": Shape(
        {"album": is_word, "digest": is_digest, "place": is_integer}, 3, has_id=False
    ),
    "keyword": Shape({"content_id": is_id, "name": is_word}, 2, has_id=False),
    "picture_text": Shape(
        {
            "content_id": is_id,
            "lines": is_list,
            "folded": is_text,
            "reader": is_word,
            "problem": or_none(is_text),
        },
        4,
    ),
    "past_search": Shape({"query": is_word, "at": is_date}, 2, has_id=False),
    "setting": Shape({"key": is_word, "value": is_json}, 2, has_id=False),
    "saved_search": Shape({"name": is_word, "query": is_text}, 2, has_id=False),
}
"""By table, in the order in which rows can be put in: what they refer to comes first."""

EARLIER: dict[str, Shape] = {
    "tag": Shape({"content_id": is_id, "name": is_word}, 2, has_id=False),
    "concept_example": Shape(
        {
            ("content_id" if name == "digest" else name): (
                or_none(is_id) if name == "digest" else check
            )
            for name, check in _EXAMPLE.items()
        },
        7,
    ),
}
"""What rows looked like before format 5. A keyword (format 8) looks as a tag did."""

SETTINGS = frozenset(
    {
        *("model_id", "building_model_id", "generation", "run", "settled_run", "views"),
        *("read_text", "write_sidecars", "place_edition"),
    }
)


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

"""What a copy of a library has: which tables and settings, and their rows in order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Table,
    func,
    literal,
    select,
    tuple_,
)

from store.sql.schema import Base, Embedding, PastSearch, Setting

Rows = Iterator[Row[Any]]

COPIED = frozenset(
    {
        *("root", "content", "filesystem", "photo", "model", "embedding", "frame"),
        *("keyword", "picture_text"),
        *("tag", "album_photo", "concept_example", "saved_search", "past_search", "setting"),
    }
)
DERIVED = frozenset({"change"})
"""Tables whose rows say what the files beside a library have taken in: of no use to another."""

COPIED_SETTINGS = frozenset(
    {
        *("model_id", "building_model_id", "generation"),
        *("views", "read_text", "write_sidecars", "place_edition"),
    }
)
OWN_SETTINGS = frozenset(
    {
        *("format", "past", "library_id", "copy_of", "unfinished_copy_of", "run", "settled_run"),
        "hidden_revision",
    }
)
"""Settings that each library has for itself, or of the copy that it is."""

DERIVED_SETTINGS = ("taken_in:", "facts_taken_in:", "left_out:")
"""How the names of those settings begin that are about the files beside a library."""

_PAGE = 2_000  # rows in memory at once


@dataclass(frozen=True)
class Part:
    """One table of a copy.

    Attributes:
        columns: those that are compared; a vector is not, but its checksum is.
        key: places of the primary key in ``columns``.
        unique: places of what else no two rows may have the same.
        referenced: whether rows of other tables refer to these.
        counted: whether a row of it that changes in the copy is a change to the library.
    """

    table: Table
    columns: tuple[Column[Any], ...]
    key: tuple[int, ...]
    unique: tuple[int, ...]
    referenced: bool
    counted: bool = True

    @property
    def name(self) -> str:
        return self.table.name

    def key_of(self, row: Row[Any]) -> tuple[Any, ...]:
        return tuple(row[place] for place in self.key)


def parts() -> list[Part]:
    """All that a copy has, what is referred to before what refers to it."""
    copied = [table for table in Base.metadata.sorted_tables if table.name not in DERIVED]
    referenced = {key.column.table.name for table in copied for key in table.foreign_keys}
    return [_part(table, table.name in referenced) for table in copied]


def _part(table: Table, referenced: bool) -> Part:
    vector = Embedding.__table__.c.vector
    columns = tuple(column for column in table.columns if column is not vector)
    places = {column: place for place, column in enumerate(columns)}
    return Part(
        table,
        columns,
        tuple(places[column] for column in table.primary_key.columns),
        tuple(place for place, column in enumerate(columns) if column.unique),
        referenced,
        # A search in the copy is remembered there.
        counted=table.name != PastSearch.__tablename__,
    )


def rows(connection: Connection, part: Part) -> Rows:
    """The rows of a table in order of its primary key, a page at a time."""
    key = [part.columns[place] for place in part.key]
    query = select(*part.columns).order_by(*key).limit(_PAGE)
    chosen = _chosen(part)
    if chosen is not None:
        query = query.where(chosen)
    page = connection.execute(query).all()
    while page:
        yield from page
        if len(page) < _PAGE:
            return
        last = part.key_of(page[-1])
        page = connection.execute(query.where(_after(key, last))).all()


def count(connection: Connection, part: Part) -> int:
    query = select(func.count()).select_from(part.table)
    chosen = _chosen(part)
    return connection.execute(query if chosen is None else query.where(chosen)).scalar_one()


def _after(key: list[Column[Any]], last: tuple[Any, ...]) -> ColumnElement[bool]:
    values = (literal(value, column.type) for column, value in zip(key, last, strict=True))
    return tuple_(*key) > tuple_(*values)


def _chosen(part: Part) -> ColumnElement[bool] | None:
    """Which of a table's rows a copy has; None: all of them."""
    if part.name != Setting.__tablename__:
        return None
    return Setting.key.in_(sorted(COPIED_SETTINGS))


class Fingerprint:
    """Tells whether rows are the same as at another time, all but vectors and past searches."""

    def __init__(self) -> None:
        self._hash = hashlib.blake2b(digest_size=16)

    def taking(self, part: Part, passing: Rows) -> Rows:
        """The rows that are passing by, taken in."""
        self._hash.update(part.name.encode())
        for row in passing:
            if part.counted:
                self._hash.update(repr(tuple(row)).encode("utf-8", "surrogatepass"))
            yield row

    def text(self) -> str:
        return self._hash.hexdigest()


def fingerprint(connection: Connection, listed: Iterable[Part]) -> str:
    """The fingerprint of a library as it is."""
    taken = Fingerprint()
    for part in listed:
        for _ in taken.taking(part, rows(connection, part)):
            pass
    return taken.text()


def differences(
    wanted: Rows, there: Rows, part: Part
) -> Iterator[tuple[Row[Any] | None, Row[Any] | None]]:
    """Each row that is wanted, and the one that is there under its key, where they differ.

    None stands for no such row. Both come in order of the key, and only a page of each is held:
    ``there`` never reads again what is written before its place meanwhile.
    """
    left, right = next(wanted, None), next(there, None)
    while left is not None or right is not None:
        first, second = (None if row is None else part.key_of(row) for row in (left, right))
        if first == second:
            if left != right:
                yield left, right
            left, right = next(wanted, None), next(there, None)
        elif second is None or (first is not None and first < second):
            yield left, None
            left = next(wanted, None)
        else:
            yield None, right
            right = next(there, None)

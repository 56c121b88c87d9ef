"""Rows of one library brought to another, until both have the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    Row,
    and_,
    bindparam,
    delete,
    update,
)

from store.checksums import stored
from store.sql import embeddings, models
from store.sql.copying.meter import Meter
from store.sql.copying.tables import Part, count, differences, rows
from store.sql.dialect import bulk
from store.sql.schema import Embedding

_BATCH = 2_000  # rows written at once, and kept at once in a new copy
_VECTORS = 500
_VECTOR_COLUMNS = ("content_id", "model_id", "vector", "checksum")
_Key = tuple[Any, ...]


class Transfer:
    """From one connection to another.

    Args:
        listed: the tables, what is referred to before what refers to it.
        keep: called after each step that may stay whatever happens next.

    Attributes:
        added, changed, removed: rows of the target by table.
        damaged: (content, model) of the source's vectors that are not what was written. They are
            left out; a sound one that the target has from before stays.
    """

    def __init__(
        self,
        source: Connection,
        target: Connection,
        listed: Sequence[Part],
        keep: Callable[[], None],
        meter: Meter,
    ) -> None:
        self._source, self._target, self._listed = source, target, listed
        self._keep, self._meter = keep, meter
        self._models = {model.id: model for model in models.models(source)}
        self.added: Counter[str] = Counter()
        self.changed: Counter[str] = Counter()
        self.removed: Counter[str] = Counter()
        self._replaced: Counter[str] = Counter()  # they went, and come back otherwise
        self.damaged: set[tuple[int, int]] = set()

    def carry_out(self) -> None:
        """Let the target have what the source has."""
        if any(count(self._target, part) for part in self._listed):
            # All that goes, goes first: what comes may have its name.
            self._meter.begin("compare")
            for part in reversed(self._listed):
                self._clear(part)
        self._meter.begin("copy")
        for part in self._listed:
            self._fill(part)
        self._meter.end()

    def remove_vectors(self, keys: Sequence[tuple[int, int]]) -> None:
        """Remove vectors of the target, by content and model."""
        (part,) = (part for part in self._listed if part.name == Embedding.__tablename__)
        self._remove(part, list(keys))
        self._keep()

    # -- what goes --------------------------------------------------------------------------

    def _clear(self, part: Part) -> None:
        surplus: list[_Key] = []
        renamed: list[_Key] = []
        wanted = self._meter.passing(rows(self._source, part))
        for row, there in differences(wanted, rows(self._target, part), part):
            if there is None or (row is not None and part.name == Embedding.__tablename__):
                continue  # a vector goes when a sound one comes
            key = part.key_of(there)
            if row is None:
                self.removed[part.name] += 1
                surplus.append(key)
            elif not part.referenced:
                self._replaced[part.name] += 1
                surplus.append(key)
            elif any(row[place] != there[place] for place in part.unique):
                renamed.append(key)
            if len(surplus) + len(renamed) >= _BATCH:
                self._remove(part, surplus)
                self._park(part, renamed)
        self._remove(part, surplus)
        self._park(part, renamed)
        self._keep()

    def _remove(self, part: Part, keys: list[_Key]) -> None:
        if keys:
            named = [_named(part, key) for key in keys]
            self._target.execute(delete(part.table).where(_is(part)), named)
            keys.clear()

    def _park(self, part: Part, keys: list[_Key]) -> None:
        """Give rows names that none has, until they get their own: others may have those now."""
        columns = [part.columns[place] for place in part.unique]
        if keys:
            values = [
                _named(part, key) | {column.name: _no_name(column, key) for column in columns}
                for key in keys
            ]
            self._target.execute(update(part.table).where(_is(part)), values)
            keys.clear()

    # -- what comes -------------------------------------------------------------------------

    def _fill(self, part: Part) -> None:
        with_vectors = part.name == Embedding.__tablename__
        write = self._write_vectors if with_vectors else self._write
        new: list[Row[Any]] = []
        other: list[Row[Any]] = []
        wanted = self._meter.passing(rows(self._source, part))
        for row, there in differences(wanted, rows(self._target, part), part):
            if row is not None:
                (new if there is None else other).append(row)
            if len(new) + len(other) >= (_VECTORS if with_vectors else _BATCH):
                write(part, new, other)
                self._keep()
                new.clear()
                other.clear()
        write(part, new, other)
        self._keep()
        replaced = self._replaced.pop(part.name, 0)
        self.added[part.name] -= replaced
        self.changed[part.name] += replaced

    def _write(self, part: Part, new: Sequence[Row[Any]], other: Sequence[Row[Any]]) -> None:
        bulk.write(self._target, part.table, part.columns, new)
        self.added[part.name] += len(new)
        if other:
            values = [
                _named(part, part.key_of(row))
                | {
                    column.name: value
                    for place, (column, value) in enumerate(zip(part.columns, row, strict=True))
                    if place not in part.key
                }
                for row in other
            ]
            self._target.execute(update(part.table).where(_is(part)), values)
            self.changed[part.name] += len(other)

    def _write_vectors(
        self, part: Part, new: Sequence[Row[Any]], other: Sequence[Row[Any]]
    ) -> None:
        replaced = {part.key_of(row) for row in other}
        for model_id in sorted({row.model_id for row in (*new, *other)}):
            model = self._models[model_id]
            ids = [row.content_id for row in (*new, *other) if row.model_id == model_id]
            read = embeddings.read(self._source, model, np.sort(np.array(ids, np.int64)))
            self.damaged |= {(id, model_id) for id in read.ids[~read.sound].tolist()}
            places = np.flatnonzero(read.sound)
            keys = [(id, model_id) for id in read.ids[places].tolist()]
            going = [key for key in keys if key in replaced]
            self._remove(part, list(going))
            bulk.write(
                self._target,
                part.table,
                [part.table.c[name] for name in _VECTOR_COLUMNS],
                [
                    (*key, stored(read.vectors[place]), read.sums[place])
                    for key, place in zip(keys, places.tolist(), strict=True)
                ],
            )
            bulk.know_vectors(self._target, model, read.ids[places], read.vectors[places])
            self.added[part.name] += len(keys) - len(going)
            self.changed[part.name] += len(going)


def _no_name(column: Column[Any], key: _Key) -> str | bytes:
    name = f"waits for its name: {key[0]}"
    return name.encode() if isinstance(column.type, LargeBinary) else name


def _is(part: Part) -> ColumnElement[bool]:
    """Whether a row is the one that ``_named`` names."""
    key = [part.columns[place] for place in part.key]
    return and_(*(column == bindparam(f"key_{column.name}") for column in key))


def _named(part: Part, key: _Key) -> dict[str, Any]:
    names = (f"key_{part.columns[place].name}" for place in part.key)
    return dict(zip(names, key, strict=True))

"""The columns of photos, read from their rows: of all, or of some contents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, Select, String, select
from sqlalchemy import cast as sql_cast

from store.column_merge import Paths, of_paths
from store.columns import TIME, Column, ColumnArrays, Columns, digest_array
from store.sql import key_values
from store.sql.dialect.expressions import among, chunks
from store.sql.filter_sql import taken
from store.sql.roots import roots
from store.sql.schema import Content, Embedding, Keyword, Photo, Root
from store.states import State
from store.vectors import Ids

_AT_ONCE = 20_000  # rows in memory as Python's objects
_LONGEST = 2**31 - 1  # pixels
_FEW = 20_000  # contents that are asked for by their ids in one statement


def read(connection: Connection, model_id: int) -> Columns:
    """The columns of what a search with one model may find, all from the rows."""
    return resolved(connection, arrays(connection, model_id))


def resolved(connection: Connection, kept: ColumnArrays) -> Columns:
    """``kept`` with the roots as they are now.

    Raises:
        KeyError: it has a folder of a root that is not there.
    """
    paths = {root.id: root.path for root in roots(connection)}
    return Columns.of(kept, key_values.generation(connection), paths)


def arrays(connection: Connection, model_id: int, ids: Ids | None = None) -> ColumnArrays:
    """The columns of what a search with one model may find, of all or of ``ids`` (n,)."""
    query = _query(model_id)
    if ids is None:
        return of_paths(_Gathered(_parts(connection, query)).paths(), *_keywords(connection, None))

    def parts() -> Iterator[Sequence[Row[Any]]]:
        ordered = np.sort(ids)
        for start in range(0, len(ids), _FEW):
            part = ordered[start : start + _FEW].tolist()
            yield from _parts(connection, query.where(among(Photo.content_id, part)))

    return of_paths(_Gathered(parts()).paths(), *_keywords(connection, ids))


def _keywords(connection: Connection, ids: Ids | None) -> tuple[Ids, Column]:
    """The keywords of all contents or of ``ids`` (n,): whose each is, and what it is."""
    wanted: list[Any] = [Keyword.content_id, Keyword.name]
    query = select(*wanted).order_by(*wanted)
    parts = [None] if ids is None else [*chunks(np.sort(ids).tolist(), _FEW)]
    contents: list[np.ndarray[Any, Any]] = [np.empty(0, np.int64)]
    codes: list[np.ndarray[Any, Any]] = [np.empty(0, np.int32)]
    known: dict[Any, int] = {}
    for part in parts:
        asked = query if part is None else query.where(among(Keyword.content_id, list(part)))
        for rows in _parts(connection, asked):
            of, names = zip(*rows, strict=True)
            contents.append(np.array(of, np.int64))
            codes.append(_codes(names, known))
    return np.concatenate(contents), Column(list(known), np.concatenate(codes))


def _query(model_id: int) -> Select[Any]:
    columns: list[Any] = [
        Photo.content_id,
        Photo.root_id,
        sql_cast(Photo.folder, String),
        taken(),
        Content.width,
        Content.height,
        Content.latitude,
        Content.longitude,
        Content.camera,
        Content.place,
        Content.format,
        Content.taken_at.is_not(None) & ~Content.only_day,
        Photo.away,
        Content.digest,
    ]
    return (
        select(*columns)
        .join_from(Photo, Content, Content.id == Photo.content_id)
        .join(Embedding, Embedding.content_id == Photo.content_id)
        .join(Root, Root.id == Photo.root_id)  # of a damaged library some have none
        .where(Embedding.model_id == model_id, Photo.state == State.INDEXED)
        .order_by(Photo.content_id, Photo.id)
    )


def _parts(connection: Connection, query: Select[Any]) -> Iterator[Sequence[Row[Any]]]:
    return connection.execute(query.execution_options(yield_per=_AT_ONCE)).partitions()


class _Gathered:
    """Rows, which become arrays part by part."""

    def __init__(self, parts: Iterator[Sequence[Row[Any]]]) -> None:
        self._names: list[dict[Any, int]] = [{}, {}, {}, {}]  # folders, cameras, places, formats
        self._arrays: list[list[np.ndarray[Any, Any]]] = [[] for _ in range(13)]
        for rows in parts:
            for kept, values in zip(self._arrays, self._part(rows), strict=True):
                kept.append(values)

    def _part(self, rows: Sequence[Row[Any]]) -> list[np.ndarray[Any, Any]]:
        id, root, folder, taken, width, height, north, east, *texts, dated, away, digest = zip(
            *rows, strict=True
        )
        return [
            np.array(id, np.int64),
            np.array([moment[:19] for moment in taken], TIME),
            np.array(dated, np.bool_),
            _pixels(width),
            _pixels(height),
            np.array(north, np.float64),
            np.array(east, np.float64),
            np.array(away, np.bool_),
            digest_array(digest),
            *(
                _codes([text or None for text in column], names)
                for column, names in zip(texts, self._names[1:], strict=True)
            ),
            _codes(list(zip(root, folder, strict=True)), self._names[0]),
        ]

    def paths(self) -> Paths:
        types = (*("i8", TIME, "?", "i4", "i4", "f8", "f8", "?", "u1"), *4 * ["i4"])
        whole: list[Any] = [
            np.concatenate(parts) if parts else np.empty(0, dtype)
            for parts, dtype in zip(self._arrays, types, strict=True)
        ]
        whole[8] = whole[8].reshape(-1, 32)
        texts = [
            Column(list(n), codes) for n, codes in zip(self._names[1:], whole[9:], strict=False)
        ]
        values = [*whole[:9], *texts, whole[12], list(self._names[0])]
        return Paths(**dict(zip(Paths.__dataclass_fields__, values, strict=True)))


def _pixels(sizes: Sequence[int]) -> np.ndarray[Any, Any]:
    return np.array(sizes, np.int64).clip(0, _LONGEST).astype(np.int32)


def _codes(values: Sequence[Any], names: dict[Any, int]) -> np.ndarray[Any, Any]:
    """The number of each value, -1 for None; ``names`` learns those that are new."""
    return np.array(
        [-1 if value is None else names.setdefault(value, len(names)) for value in values],
        np.int32,
    )

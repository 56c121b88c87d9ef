"""The columns of all photos, read in one go.

They are kept as arrays, so that a page can count 100,000 photos by month, folder and camera within
milliseconds.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
from sqlalchemy import Connection, String, func, select
from sqlalchemy import cast as sql_cast

from store.columns import Column, Columns
from store.sql import key_values
from store.sql.filter_sql import taken
from store.sql.fspath import from_text
from store.sql.roots import roots
from store.sql.schema import Content, Embedding, Photo
from store.states import State

_TIME = "datetime64[s]"
_NONE = np.empty(0, np.bool_)


def read(connection: Connection, model_id: int) -> Columns:
    """The columns of what a search with one model may find."""
    generation = key_values.generation(connection)
    paths = {root.id: root.path for root in roots(connection)}
    query = (
        select(
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
            Content.taken_at.is_not(None),
            Photo.away,
            func.substr(Content.digest, 1, 4),
        )
        .join(Content, Content.id == Photo.content_id)
        .join(Embedding, Embedding.content_id == Photo.content_id)
        .where(Embedding.model_id == model_id, Photo.state == State.INDEXED)
        .order_by(Photo.content_id, Photo.id)
    )
    listed = connection.execute(query).all()
    columns = list(zip(*listed, strict=True)) if listed else [()] * 14
    contents = np.array(columns[0], np.int64)
    ids, first = np.unique(contents, return_index=True)
    folder_of = {}
    for key in dict.fromkeys(zip(columns[1], columns[2], strict=True)):
        folder_of[key] = str(paths[key[0]] / from_text(key[1]))
    names = sorted(set(folder_of.values()))
    place_of = {name: place for place, name in enumerate(names)}
    codes = {key: place_of[name] for key, name in folder_of.items()}
    folder_codes = np.fromiter(
        (codes[key] for key in zip(columns[1], columns[2], strict=True)), np.int64, len(listed)
    )
    pairs = np.stack([np.searchsorted(ids, contents), folder_codes], axis=1)
    root_codes = {id: code for code, id in enumerate(paths)}
    moments = np.array([_moment(text) for text in columns[3]], _TIME)
    numbers = [np.array(column, np.float64)[first] for column in columns[4:8]]
    cameras, places, formats = (
        _column([column[row] for row in first.tolist()]) for column in columns[8:11]
    )
    away = np.array(columns[12], np.bool_)
    digests = np.frombuffer(b"".join(columns[13]), ">u4").astype(np.uint32)
    return Columns(
        generation=generation,
        ids=ids,
        taken=moments[first],
        by_camera=np.array(columns[11], np.bool_)[first],
        width=numbers[0].astype(np.int32),
        height=numbers[1].astype(np.int32),
        latitude=numbers[2],
        longitude=numbers[3],
        camera=cameras,
        place=places,
        format=formats,
        away=np.logical_and.reduceat(away, first) if listed else _NONE,
        roots=list(paths.values()),
        root=np.array([root_codes[columns[1][row]] for row in first.tolist()], np.int64),
        folders=names,
        in_folder=np.unique(pairs, axis=0).reshape(-1, 2),
        digest=digests[first],
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text[:19])


def _column(values: list[str | None]) -> Column:
    names = sorted({value for value in values if value})
    code = {name: number for number, name in enumerate(names)}
    return Column(names, np.array([code.get(value or "", -1) for value in values], np.int32))

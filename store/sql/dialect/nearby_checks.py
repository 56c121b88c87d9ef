"""Stored vectors of a library on a server against what searches compare, a page at a time."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, Engine, bindparam, delete, select, text

from store.outcomes import MendedVectors
from store.sql import embeddings, key_values, mending
from store.sql.database import reading
from store.sql.dialect import nearby
from store.sql.dialect.expressions import among
from store.sql.schema import Embedding
from store.values import ModelInfo
from store.vectors import Ids, VectorSearch

_PAGE = 5_000  # rows: 15 MB, of vectors with 512 numbers
_COPIES = text(
    "SELECT content_id, halfvec_send(vector) FROM nearby "
    "WHERE model_id = :model AND content_id = ANY(:ids)"
).bindparams(bindparam("ids", expanding=False))
Change = Callable[[], AbstractContextManager[Connection]]
_SAMPLE = 200  # searches
_NEAREST = 10
_SAME = 0.9999
_MISSED = 0.05  # of them; an index that is whole misses next to none
_NONE = np.empty(0, np.int64)


@dataclass(frozen=True)
class VectorPage:
    """What is wrong with the vectors of some contents.

    Attributes:
        damaged: (n,) whose stored vector is not what was written.
        unlike: (m,) whose stored vector is good, but not what searches compare, or missing there.
    """

    damaged: Ids
    unlike: Ids


def pages(engine: Engine, model: ModelInfo) -> Iterator[VectorPage]:
    """Compare every vector of a model with its checksum, and with what searches compare.

    Each page is a transaction of its own: nobody waits, and no more is in memory.
    """
    last = -1
    while True:
        with reading(engine) as connection:
            page, ids = _page(connection, model, last)
        if not len(ids):
            return
        last = int(ids[-1])
        yield page


def _page(connection: Connection, model: ModelInfo, last: int) -> tuple[VectorPage, Ids]:
    query = (
        select(Embedding.content_id)
        .where(Embedding.model_id == model.id, Embedding.content_id > last)
        .order_by(Embedding.content_id)
        .limit(_PAGE)
    )
    ids = np.fromiter(connection.execute(query).scalars(), np.int64)
    return _compare(connection, model, ids), ids


def _compare(connection: Connection, model: ModelInfo, ids: Ids) -> VectorPage:
    rows = embeddings.read(connection, model, ids)
    asked = {"model": model.id, "ids": rows.ids[rows.sound].tolist()}
    copies = {id: bytes(copy) for id, copy in connection.execute(_COPIES, asked)}
    head = struct.pack(">hh", model.dim, 0)
    unlike = [
        id
        for id, vector, sound in zip(rows.ids.tolist(), rows.vectors, rows.sound, strict=True)
        if sound and copies.get(id) != head + vector.astype(">f2").tobytes()
    ]
    return VectorPage(rows.ids[~rows.sound], np.array(unlike, np.int64))


def mend(engine: Engine, model: ModelInfo, change: Change) -> MendedVectors:
    """Make what searches compare anew where it is not as stored, and see which photos to read.

    A damaged vector whose photo is away is removed: each search that met it would fail. A run of
    ``clipsearch index`` where the photo is makes another.

    Args:
        change: a transaction to change the library in.
    """
    readable, away, again = [_NONE], [_NONE], 0
    for page in pages(engine, model):
        if not (len(page.damaged) or len(page.unlike)):
            continue
        with change() as connection:  # as it is now that nobody else can change it
            now = _compare(connection, model, np.union1d(page.damaged, page.unlike))
            _remove(connection, model, now.unlike)
            nearby.fill(connection, model, embeddings.read(connection, model, now.unlike).digests)
            again += len(now.unlike)
            one, other = mending.can_be_read(connection, now.damaged)
            embeddings.remove(connection, model, other)
            readable.append(one)
            away.append(other)
            key_values.bump_generation(connection)
    with reading(engine) as connection:
        readable.append(mending.unsound_videos(connection, model))
    return MendedVectors(
        _NONE, _NONE, np.unique(np.concatenate(readable)), np.concatenate(away), again
    )


def _remove(connection: Connection, model: ModelInfo, ids: Ids) -> None:
    table, columns = nearby.TABLE, nearby.TABLE.c
    if len(ids):
        of_these = among(columns.content_id, ids.tolist())
        connection.execute(delete(table).where(columns.model_id == model.id, of_these))


def problems(engine: Engine, model: ModelInfo) -> list[str]:
    """What is wrong with the vectors of a model; nothing if all is well."""
    damaged = unlike = 0
    for page in pages(engine, model):
        damaged += len(page.damaged)
        unlike += len(page.unlike)
    wrong = [f"{damaged} stored vectors are not what was written"] if damaged else []
    return wrong + (
        [f"{unlike} vectors that searches compare differ from the stored ones"] if unlike else []
    )


def misses_photos(engine: Engine, model: ModelInfo, index: VectorSearch) -> bool:
    """Whether searches in ``index`` do not find photos by their own vectors, or very few do.

    pgvector can't check its indexes; those of versions before 0.8.4 may have lost entries.
    """
    with reading(engine) as connection:
        rows = embeddings.read(connection, model, index.some(_SAMPLE))
    missed = 0
    for id, vector in zip(rows.ids[rows.sound].tolist(), rows.vectors[rows.sound], strict=True):
        ids, cosines = index.search(vector, _NEAREST)
        # Of many that are equal, any will do.
        missed += id not in ids and not (len(cosines) and cosines[-1] > _SAME)
    return missed > _MISSED * int(rows.sound.sum())

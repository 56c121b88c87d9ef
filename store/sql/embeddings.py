"""Stored vectors, and whether each is what was once written: rows that are damaged give none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, insert, select, update

from store.checksums import checksum, stored
from store.errors import LibraryDamaged
from store.sql import key_values
from store.sql.dialect.expressions import chunks
from store.sql.schema import Change, Content, Embedding
from store.sql.standing import LEFT_OUT
from store.values import ModelInfo
from store.vectors import Ids, Vectors, are_unit


@dataclass(frozen=True)
class Embeddings:
    """Some rows of one model, in order of ``ids`` (n,).

    Attributes:
        vectors: (n, dim) float32; zeros where a row is not even of the right length.
        sums: the checksums as stored, (n,); a row's own is compared with it.
        digests: of the contents.
        sound: (n,) whether a row has its checksum and is a finite vector of unit length.
    """

    ids: Ids
    vectors: Vectors
    sums: list[int]
    digests: list[bytes]
    sound: NDArray[np.bool_]

    def require_sound(self) -> Vectors:
        """The vectors, (n, dim) float32.

        Raises:
            LibraryDamaged: one of them is not what was written.
        """
        if not self.sound.all():
            raise LibraryDamaged(
                f"The library is damaged: {int((~self.sound).sum())} of the stored vectors that "
                "are needed for this are not what was written. Mend it with: clipsearch doctor"
            )
        return self.vectors

    @property
    def is_unit(self) -> bool:
        """Whether all vectors are finite and of unit length, whatever the checksums say."""
        return bool(are_unit(self.vectors).all())


def ids(connection: Connection, model: ModelInfo) -> Ids:
    """The contents that have a row of the model, in order."""
    query = select(Embedding.content_id).where(Embedding.model_id == model.id)
    return np.sort(np.fromiter(connection.execute(query).scalars(), np.int64))


def read(connection: Connection, model: ModelInfo, ids: Ids) -> Embeddings:
    """The rows of ``ids`` (n,), in their order; those that have none are left out."""
    rows: dict[int, tuple[object, int, object]] = {}
    for part in chunks(ids.tolist()):
        query = (
            select(Embedding.content_id, Embedding.vector, Embedding.checksum, Content.digest)
            .join(Content, Content.id == Embedding.content_id)
            .where(Embedding.model_id == model.id, Embedding.content_id.in_(part))
        )
        for id, vector, kept_sum, digest in connection.execute(query).all():
            rows[id] = (vector, kept_sum, digest)
    return of_rows(model, [(id, *rows[id]) for id in ids.tolist() if id in rows])


def of_rows(model: ModelInfo, rows: Sequence[Any]) -> Embeddings:
    """Rows of (content id, vector, checksum, digest of the content) as they were read."""
    size = 4 * model.dim
    stored = [_bytes(row[1]) for row in rows]
    whole = [len(vector) == size for vector in stored]
    joined = b"".join(
        vector if right else bytes(size) for vector, right in zip(stored, whole, strict=True)
    )
    vectors = np.frombuffer(joined, "<f4").astype(np.float32, copy=False).reshape(-1, model.dim)
    digests = [_bytes(row[3]) for row in rows]
    sums = [row[2] for row in rows]
    kept = [
        checksum(digest, vector) == wanted
        for digest, vector, wanted in zip(digests, stored, sums, strict=True)
    ]
    return Embeddings(
        np.array([row[0] for row in rows], np.int64),
        vectors,
        sums,
        digests,
        np.array(kept, np.bool_) & np.array(whole, np.bool_) & are_unit(vectors),
    )


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""  # a damaged value may have any type


def sound_vectors(connection: Connection, model: ModelInfo, ids: Ids) -> Vectors:
    """The embeddings of ``ids`` (n,), in their order: (n, dim) float32.

    Raises:
        KeyError: one of them has no embedding by this model.
        LibraryDamaged: one of them is not what was written.
    """
    rows = read(connection, model, ids)
    if len(rows.ids) != len(ids):
        raise KeyError(int(np.setdiff1d(ids, rows.ids)[0]))
    return rows.require_sound()


# -- vectors that are left out of the index ---------------------------------------------------


def left_out(connection: Connection, model_id: int) -> Ids:
    """Contents whose row was found damaged, so that the index goes without them."""
    known = key_values.get(connection, f"{LEFT_OUT}{model_id}", [])
    return np.array(known, np.int64)


def set_left_out(connection: Connection, model_id: int, ids: Ids) -> None:
    """Remember what is left out: ``clipsearch index`` or ``doctor`` reads the photos again."""
    if not np.array_equal(ids, left_out(connection, model_id)):
        key_values.put(connection, f"{LEFT_OUT}{model_id}", ids.tolist())


# -- mending ----------------------------------------------------------------------------------


def replace_vectors(connection: Connection, model: ModelInfo, ids: Ids, vectors: Vectors) -> None:
    """Replace the vectors of ``ids`` (n,) by ``vectors`` (n, dim); the checksums stay."""
    new = [stored(vector) for vector in vectors]
    _set(connection, model, Embedding.vector, dict(zip(ids.tolist(), new, strict=True)))


def replace_sums(connection: Connection, model: ModelInfo, rows: Embeddings) -> None:
    """Compute the checksums of ``rows`` anew."""
    new = [
        checksum(digest, stored(vector))
        for digest, vector in zip(rows.digests, rows.vectors, strict=True)
    ]
    _set(connection, model, Embedding.checksum, dict(zip(rows.ids.tolist(), new, strict=True)))


def _set(connection: Connection, model: ModelInfo, column: Any, values: dict[int, Any]) -> None:
    """Write one column of rows by id, and tell the index of those that it was made without."""
    without = left_out(connection, model.id)
    for id, value in values.items():
        connection.execute(
            update(Embedding)
            .where(Embedding.content_id == id, Embedding.model_id == model.id)
            .values({column: value})
        )
        if id in without:
            connection.execute(insert(Change).values(content_id=id))


def remove(connection: Connection, model: ModelInfo, ids: Ids) -> None:
    """Take rows away, so that the photos are read again."""
    for part in chunks(ids.tolist()):
        connection.execute(
            delete(Embedding).where(Embedding.model_id == model.id, Embedding.content_id.in_(part))
        )

"""Damaged rows made right again: of two copies of a vector, the one whose checksum holds wins."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection

from store.checksums import checksum, stored
from store.online import is_file
from store.outcomes import MendedVectors
from store.sql import embeddings, frames, photos, stack_states
from store.sql.dialect import content_words, invariants, name_words, statements, text_trigrams
from store.sql.embeddings import Embeddings
from store.values import ModelInfo
from store.vectors import Ids, Vectors

_PART = 10_000


def mend_rows(connection: Connection) -> list[str]:
    """Mend what can be mended but vectors. Returns a line for each kind of damage."""
    if connection.dialect.name == "postgresql":
        from store.sql.dialect import server_checks  # not for a library in a folder

        mended = server_checks.mend_indexes(connection) + invariants.mend(connection)
        return mended + stack_states.release(connection)
    mended = []
    wrong = statements.problems(connection)
    if wrong and statements.only_indexes(wrong):
        statements.make_indexes_anew(connection)
        mended.append("the database's own indexes did not fit its rows, and were made anew")
    mended += invariants.mend(connection)
    mended += stack_states.release(connection)  # after what may have taken a picture away
    if name_words.mend(connection):
        mended.append("the index of names did not fit its rows, and was made anew")
    if text_trigrams.mend(connection):
        mended.append("the index of the text in pictures did not fit its rows, and was made anew")
    if content_words.mend(connection):
        mended.append("the index of titles did not fit its rows, and was made anew")
    return mended


def mend_vectors(
    connection: Connection, model: ModelInfo, copies: tuple[Ids, Vectors] | None
) -> MendedVectors:
    """Mend the vectors of one model from ``copies``: ids (n,) and vectors (n, dim) of an index."""
    none = np.empty(0, np.int64)
    copied, doubtful, lost = [none], [none], [none]
    embedded = embeddings.ids(connection, model)
    for start in range(0, len(embedded), _PART):
        rows = embeddings.read(connection, model, embedded[start : start + _PART])
        for place in np.flatnonzero(~rows.sound).tolist():
            one = _row(rows, place)
            copy = _copy(copies, int(one.ids[0]))
            if copy is None:
                lost.append(one.ids)
            elif checksum(one.digests[0], stored(copy[0])) == one.sums[0]:
                embeddings.replace_vectors(connection, model, one.ids, copy)
                copied.append(one.ids)
            elif one.is_unit and np.array_equal(copy, one.vectors):
                embeddings.replace_sums(connection, model, one)
                doubtful.append(one.ids)
            else:
                lost.append(one.ids)
    readable, away = can_be_read(connection, np.concatenate(lost))
    readable = np.union1d(readable, unsound_videos(connection, model))
    return MendedVectors(np.concatenate(copied), np.concatenate(doubtful), readable, away)


def unsound_videos(connection: Connection, model: ModelInfo) -> Ids:
    """The videos with damaged frames that can be read again; others do without these frames."""
    return can_be_read(connection, frames.damaged(connection, model))[0]


def can_be_read(connection: Connection, ids: Ids) -> tuple[Ids, Ids]:
    """Contents (n,) that a new vector can be made of, and those whose files are away.

    One that no living path leads to counts among the first: nobody misses its vector.
    """
    living = photos.photos_of(connection, ids.tolist())
    away = [id for id, files in living.items() if not any(is_file(one.path) for one in files)]
    return np.setdiff1d(ids, away), np.array(sorted(away), np.int64)


def _row(rows: Embeddings, place: int) -> Embeddings:
    part = slice(place, place + 1)
    return Embeddings(
        rows.ids[part], rows.vectors[part], rows.sums[part], rows.digests[part], rows.sound[part]
    )


def _copy(copies: tuple[Ids, Vectors] | None, id: int) -> Vectors | None:
    """The index's vector under ``id``, (1, dim)."""
    if copies is None:
        return None
    (places,) = np.nonzero(copies[0] == id)
    if not len(places):
        return None
    vector: Vectors = np.array(copies[1][places[:1]], np.float32)
    return vector

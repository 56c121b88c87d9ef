"""Which contents a search with one model may find."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from sqlalchemy import Connection, Select, and_, func, select

from store.sql.dialect.expressions import chunks
from store.sql.schema import Content, Embedding, Photo
from store.states import State
from store.vectors import Ids


def visible_ids(connection: Connection, model_id: int) -> Ids:
    """Contents that a search may find: embedded, and at some path that is not gone."""
    # Each of the two from an index alone, in order; joined, they would look up every row.
    living = select(Photo.content_id).where(
        Photo.state == State.INDEXED, Photo.content_id.is_not(None)
    )
    embedded = select(Embedding.content_id).where(Embedding.model_id == model_id)
    return np.intersect1d(
        _ids(connection, living.distinct()), _ids(connection, embedded), assume_unique=True
    )


def visible_among(connection: Connection, model_id: int, ids: Ids) -> Ids:
    """Those of ``ids`` that a search may find, in order."""
    visible = [np.empty(0, np.int64)]
    for part in chunks(ids.tolist()):
        query = (
            select(Embedding.content_id)
            .join(Photo, Photo.content_id == Embedding.content_id)
            .where(
                Embedding.content_id.in_(part),
                Embedding.model_id == model_id,
                Photo.state == State.INDEXED,
            )
        )
        visible.append(_ids(connection, query.distinct()))
    return np.sort(np.concatenate(visible))


def count_embedded(connection: Connection, model_id: int, living: Select[int]) -> int:
    """How many contents of ``living``, where one may come twice, the model has embedded."""
    query = select(func.count()).where(
        Embedding.model_id == model_id, Embedding.content_id.in_(living)
    )
    return connection.execute(query).scalar_one()


def repeated_ids(connection: Connection, model_id: int) -> Ids:
    """Contents that a search may find, and that are at more than one living path; in order."""
    query = (
        select(Photo.content_id)
        .where(Photo.state == State.INDEXED, Photo.content_id.is_not(None))
        .group_by(Photo.content_id)
        .having(func.count() > 1)
    )
    return visible_among(connection, model_id, _ids(connection, query))


def unembedded_count(connection: Connection, model_id: int) -> int:
    """Contents at some living path that the model has not embedded yet."""
    query = (
        select(func.count(Photo.content_id.distinct()))
        .outerjoin(
            Embedding,
            and_(Embedding.content_id == Photo.content_id, Embedding.model_id == model_id),
        )
        .where(Photo.state == State.INDEXED, Embedding.content_id.is_(None))
    )
    return connection.execute(query).scalar_one()


def embedded_digests(connection: Connection, digests: Iterable[bytes], model_id: int) -> set[bytes]:
    """Those of ``digests`` whose content the model has embedded already."""
    embedded: set[bytes] = set()
    for part in chunks(list(digests)):
        embedded.update(
            connection.execute(
                select(Content.digest)
                .join(Embedding, Embedding.content_id == Content.id)
                .where(Content.digest.in_(part), Embedding.model_id == model_id)
            ).scalars()
        )
    return embedded


def _ids(connection: Connection, query: Select[Any]) -> Ids:
    return np.fromiter(connection.execute(query).scalars(), np.int64)

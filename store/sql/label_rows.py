"""Labels as rows of a library on a server: given in pages, counted there, and looked up by id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine, Select, delete, func, select

from store import filters
from store.errors import LibraryReadOnly
from store.filters import PhotoFilter
from store.labels import Labels
from store.sql import embeddings, first_paths
from store.sql.database import reading
from store.sql.dialect.expressions import among, insert
from store.sql.dialect.server_page import LABEL, LABEL_VERSION, LABELLED, give_labels, look_at
from store.sql.schema import Embedding
from store.values import ModelInfo
from store.vectors import Ids, Vectors

_KEPT = 2  # versions of a model


class LabelRows:
    """See ``store.labels.GivenLabels``; safe to share by threads.

    Args:
        version: of the vocabulary and of what decides; labels of any other do not count.
    """

    def __init__(self, engine: Engine, model: ModelInfo, version: str) -> None:
        self._engine, self._model, self.version = engine, model, version
        self._number: int | None = None

    # -- reading ------------------------------------------------------------------------------

    @property
    def number(self) -> int | None:
        """The number of the version; None if nothing was ever labelled by it."""
        if self._number is None:
            with reading(self._engine) as connection:
                self._number = connection.execute(
                    _number_of(self._model, self.version)
                ).scalar_one_or_none()
        return self._number

    def showing(self, concept: int) -> Ids:
        with reading(self._engine) as connection:
            query = self._showing(concept).order_by(LABEL.c.content_id)
            return np.fromiter(connection.execute(query).scalars(), np.int64)

    def that_show(self, concept: int) -> PhotoFilter:
        return filters.OneOf(()) if self.number is None else filters.Shows(self.number, concept)

    def is_given(self, concept: int) -> bool:
        with reading(self._engine) as connection:
            return connection.execute(self._showing(concept).limit(1)).first() is not None

    def counts(self, ids: Ids | None = None) -> Mapping[int, int]:
        with reading(self._engine) as connection:
            chosen = first_paths.contents(connection, self._model.id, None, ids)
            return label_counts(connection, self._model, self.version, chosen)

    def showing_both(self, concept: int, other: int) -> int:
        both = self._showing(concept).where(LABEL.c.content_id.in_(self._showing(other)))
        with reading(self._engine) as connection:
            return connection.execute(
                select(func.count()).select_from(both.subquery())
            ).scalar_one()

    def of(self, content_id: int) -> list[tuple[int, float]]:
        query = (
            select(LABEL.c.concept, LABEL.c.sure)
            .where(LABEL.c.version_id == self.number, LABEL.c.content_id == content_id)
            .order_by(LABEL.c.place)
        )
        with reading(self._engine) as connection:
            return [(number, float(sure)) for number, sure in connection.execute(query)]

    def _showing(self, concept: int) -> Select[Any]:
        return select(LABEL.c.content_id).where(
            LABEL.c.version_id == self.number, LABEL.c.concept == concept
        )

    # -- giving -------------------------------------------------------------------------------

    def missing(self, count: int, after: int = 0) -> Ids:
        """Up to ``count`` ids of embedded contents without labels of this version, in order.

        Args:
            after: the id behind which to look.
        """
        known = select(LABELLED.c.content_id).where(
            LABELLED.c.version_id == self.number, LABELLED.c.content_id == Embedding.content_id
        )
        query = select(Embedding.content_id).where(
            Embedding.model_id == self._model.id, Embedding.content_id > after
        )
        if self.number is not None:
            query = query.where(~known.exists())
        with reading(self._engine) as connection:
            query = query.order_by(Embedding.content_id).limit(count)
            return np.fromiter(connection.execute(query).scalars(), np.int64)

    def last_embedded(self) -> int:
        """The greatest id of an embedded content, 0 if there is none."""
        query = select(func.max(Embedding.content_id)).where(Embedding.model_id == self._model.id)
        with reading(self._engine) as connection:
            return connection.execute(query).scalar() or 0

    def unlabelled(self, ids: Ids) -> Ids:
        """Those of ``ids`` (n,) without labels of this version."""
        query = select(LABELLED.c.content_id).where(
            LABELLED.c.version_id == self.number, among(LABELLED.c.content_id, ids.tolist())
        )
        with reading(self._engine) as connection:
            return np.setdiff1d(ids, np.array(connection.execute(query).scalars().all(), np.int64))

    def sound(self, ids: Ids) -> tuple[Ids, Vectors]:
        """Those of ``ids`` (n,) with sound vectors, (m,), and these, (m, dim)."""
        with reading(self._engine) as connection:
            rows = embeddings.read(connection, self._model, ids)
        return rows.ids[rows.sound], rows.vectors[rows.sound]

    def add(self, labels: Labels) -> None:
        """Keep the labels of contents that have none of this version; others stay as they are.

        Two processes may add the same at once. What is not embedded any more is passed over.

        Raises:
            LibraryReadOnly: this user may not.
        """
        if not self._engine.get_execution_options()["writable"]:
            raise LibraryReadOnly("The labels can't be kept with the rights that you have there.")
        # Each statement sees what others have committed before it.
        with self._engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
            number = self._register(connection)
            new = look_at(connection, number, self._model.id, labels.ids.tolist())
            theirs = np.isin(labels.ids, new)[labels.rows]
            give_labels(
                connection,
                number,
                labels.ids[labels.rows[theirs]].tolist(),
                labels.concepts[theirs].tolist(),
                labels.confidences[theirs].tolist(),
            )
        self._number = number
        if replica := self._engine.get_execution_options().get("replica"):
            replica.note_change()

    def _register(self, connection: Connection) -> int:
        """The number of the version, new if need be; of earlier ones, only the last is kept."""
        number = connection.execute(_number_of(self._model, self.version)).scalar_one_or_none()
        if number is not None:
            return number
        values = {"model_id": self._model.id, "version": self.version}
        connection.execute(insert(LABEL_VERSION).values(values).on_conflict_do_nothing())
        listed = select(LABEL_VERSION.c.id).where(LABEL_VERSION.c.model_id == self._model.id)
        kept = listed.order_by(LABEL_VERSION.c.id.desc()).limit(_KEPT)
        connection.execute(
            delete(LABEL_VERSION).where(
                LABEL_VERSION.c.model_id == self._model.id, LABEL_VERSION.c.id.not_in(kept)
            )
        )
        return connection.execute(_number_of(self._model, self.version)).scalar_one()


def _number_of(model: ModelInfo, version: str) -> Select[int]:
    return select(LABEL_VERSION.c.id).where(
        LABEL_VERSION.c.model_id == model.id, LABEL_VERSION.c.version == version
    )


def label_counts(
    connection: Connection, model: ModelInfo, version: str, chosen: Select[int]
) -> dict[int, int]:
    """How many of the contents ``chosen`` show each concept."""
    query = (
        select(LABEL.c.concept, func.count())
        .where(
            LABEL.c.version_id == _number_of(model, version).scalar_subquery(),
            LABEL.c.content_id.in_(chosen),
        )
        .group_by(LABEL.c.concept)
    )
    return dict(connection.execute(query).all())

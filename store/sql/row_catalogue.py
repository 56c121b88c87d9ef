"""The photos of a library on a server for its page, counted and listed there: see ``Catalogue``.

Where something is as large as the library, the server counts it; what is read is what is shown.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine, func, select

from store.catalogue import PhotoRows
from store.filters import PhotoFilter
from store.online import is_online
from store.sql import camera_times, first_paths, key_values
from store.sql.database import reading
from store.sql.dialect.expressions import among
from store.sql.roots import roots
from store.sql.row_set import DIGEST, RowSet
from store.sql.schema import Content, Photo
from store.states import State
from store.values import ModelInfo
from store.vectors import Ids

_TIME = "datetime64[s]"


class RowCatalogue:
    """See ``store.catalogue.Catalogue``; safe to share by threads.

    Only ``generation`` and the counts of ``everything`` are of one moment: what is listed is read
    when it is asked for.
    """

    def __init__(self, engine: Engine, model: ModelInfo) -> None:
        self._engine, self._model = engine, model
        with reading(engine) as connection:
            self.generation = key_values.generation(connection)
        self.everything = self.choose(None)
        len(self.everything)  # so that whoever made this knows how long it takes

    def choose(self, filter: PhotoFilter | None, ids: Ids | None = None) -> RowSet:
        if filter is None and ids is None and hasattr(self, "everything"):
            return self.everything
        return RowSet(self._engine, self._model, filter, ids)

    def rows(self, ids: Ids) -> PhotoRows:
        living = (
            select(
                Photo.content_id,
                func.min(Photo.id).label("first"),
                func.bool_and(Photo.away).label("away"),
            )
            .where(Photo.state == State.INDEXED, among(Photo.content_id, ids.tolist()))
            .group_by(Photo.content_id)
            .subquery()
        )
        query = (
            select(
                Content.id,
                first_paths.moment(),
                Content.width,
                Content.height,
                Photo.root_id,
                living.c.away,
                DIGEST,
            )
            .join(living, living.c.content_id == Content.id)
            .join(Photo, Photo.id == living.c.first)
            .where(first_paths.embedded(self._model.id))
        )
        with reading(self._engine) as connection:
            unseen = {root.id for root in roots(connection) if not is_online(root.path)}
            by_id = {row[0]: row for row in connection.execute(query)}
        rows = [by_id[id] for id in ids.tolist() if id in by_id]
        listed, taken, width, height, root, away, digests = (
            zip(*rows, strict=True) if rows else [()] * 7
        )
        return PhotoRows(
            np.array(listed, np.int64),
            np.array(taken, _TIME),
            np.array(width, np.int32),
            np.array(height, np.int32),
            np.array([one in unseen for one in root], np.bool_) | np.array(away, np.bool_),
            digests,
        )

    def taken(self, ids: Ids) -> NDArray[np.datetime64]:
        with reading(self._engine) as connection:
            query = first_paths.rows(
                connection, self._model.id, None, ids, Content.id, first_paths.moment()
            )
            taken: dict[int, datetime] = dict(connection.execute(query).all())
        return np.array([taken.get(id, "NaT") for id in ids.tolist()], _TIME)

    def moments(self, within: timedelta) -> RowMoments:  # noqa: ARG002  # the rows know theirs
        return RowMoments(self._engine)


class RowMoments:
    """See ``store.catalogue.Moments``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, ids: Ids) -> dict[int, datetime]:
        with reading(self._engine) as connection:
            return camera_times.camera_times(connection, ids.tolist())

    def around(self, moments: Collection[datetime]) -> dict[int, datetime]:
        if not moments:
            return {}
        with reading(self._engine) as connection:
            return camera_times.camera_times_around(connection, moments)

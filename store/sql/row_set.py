"""Some of the photos of a library on a server, or all, counted and listed there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    Connection,
    Engine,
    Select,
    String,
    case,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy import cast as sql_cast

from store.catalogue import InFolders, InOrder, Kind, Located
from store.column_set import ListInOrder
from store.filters import PhotoFilter
from store.labels import GivenLabels
from store.sql import first_paths
from store.sql.database import reading
from store.sql.fspath import from_text
from store.sql.label_rows import label_counts
from store.sql.roots import roots
from store.sql.schema import Content, Keyword, Photo, Tag
from store.sql.searchable import count_embedded
from store.sql.stacking import first_raw_formats
from store.sql.tags import are_tags
from store.sql.time_order import TimeOrder
from store.states import State
from store.values import ModelInfo
from store.vectors import Ids

FEW = 10_000
"""So many photos, or fewer, are sorted at once; of more, each part is looked up."""

DIGEST = func.encode(func.substr(Content.digest, 1, 4), "hex")
"""The first eight hexadecimal digits of a content's SHA-256."""


class RowSet:
    """See ``store.catalogue.PhotoSet``: what meets ``filter``, of all or only of ``ids`` (n,)."""

    def __init__(
        self, engine: Engine, model: ModelInfo, filter: PhotoFilter | None, ids: Ids | None
    ) -> None:
        self._engine, self._model = engine, model
        self._filter, self._ids = filter, ids

    @cached_property
    def _count(self) -> int:
        if few := vars(self).get("_few"):
            return len(few[0])
        with reading(self._engine) as connection:
            living = first_paths.living(connection, self._filter, self._ids)
            return count_embedded(connection, self._model.id, living)

    def __len__(self) -> int:
        return self._count

    def counts(self, kind: Kind) -> Mapping[str, int]:
        if kind == "keyword":
            return self._keywords
        return self._counted.get(kind, {})

    @cached_property
    def _counted(self) -> dict[str, dict[str, int]]:
        """The counts of every kind: what takes long is to come by the rows, not to count them."""
        with reading(self._engine) as connection:
            timed = case((Content.only_day, null()), else_=Content.taken_at)
            values = [
                func.date_trunc("month", first_paths.moment()).label("month"),
                func.date_trunc("year", timed).label("year"),
                *(func.nullif(c, "").label(c.key) for c in (Content.camera, Content.place)),
                Content.format,
            ]
            rows = self._rows(connection, *values).cte("rows")
            rows = rows.prefix_with("MATERIALIZED", dialect="postgresql")
            each = [
                select(literal(c.key), sql_cast(c, String), func.count())
                .where(c.is_not(None))
                .group_by(c)
                for c in rows.c
            ]
            counted: dict[str, dict[str, int]] = {}
            for kind, value, count in connection.execute(union_all(*each)):
                text = value[: {"month": 7, "year": 4}.get(kind)]
                counted.setdefault(kind, {})[text] = count
            formats = counted.setdefault("format", {})
            of_raws = first_raw_formats().subquery().c
            query = select(of_raws.format, func.count()).group_by(of_raws.format)
            query = query.where(of_raws.content_id.in_(self._contents(connection)))
            for name, count in connection.execute(query):
                formats[name] = formats.get(name, 0) + count
        return counted

    @cached_property
    def _keywords(self) -> dict[str, int]:
        with reading(self._engine) as connection:
            query = (
                select(Keyword.name, func.count())
                .where(Keyword.content_id.in_(self._contents(connection)))
                .group_by(Keyword.name)
                .order_by(Keyword.name)
            )
            return dict(connection.execute(query).all())

    def folders(self) -> InFolders:
        return self._folders

    @cached_property
    def _folders(self) -> InFolders:
        with reading(self._engine) as connection:
            paths = {root.id: root.path for root in roots(connection)}
            folder = sql_cast(Photo.folder, String).label("folder")
            chosen = self._contents(connection)
            pairs = (
                select(Photo.content_id, Photo.root_id, folder)
                .where(Photo.state == State.INDEXED, Photo.content_id.in_(chosen))
                .distinct()
                .cte("pairs")
                .prefix_with("MATERIALIZED", dialect="postgresql")
            )
            one = pairs.c
            singles = select(
                one.root_id, func.array_agg(one.folder.distinct()), func.count()
            ).group_by(one.root_id, one.folder)
            places = func.array_agg(sql_cast(one.root_id, String) + "/" + one.folder)
            several = (
                select(places.label("places"))
                .group_by(one.content_id)
                .having(func.count() > 1)
                .subquery()
            )
            again = select(null(), several.c.places, func.count()).group_by(several.c.places)
            direct: dict[str, int] = {}
            shared = []
            for root, names, count in connection.execute(union_all(singles, again)):
                if root is not None:
                    name = str(paths[root] / from_text(names[0]))
                    direct[name] = direct.get(name, 0) + count
                else:
                    inside = (name.split("/", 1) for name in names)
                    shared.append(
                        (tuple(str(paths[int(r)] / from_text(f)) for r, f in inside), count)
                    )
        return InFolders(direct, shared)

    def tags(self) -> Mapping[str, int]:
        with reading(self._engine) as connection:
            query = (
                select(Tag.name, func.count())
                .join(Content, Content.digest == Tag.digest)
                .where(Content.id.in_(self._contents(connection)), are_tags())
                .group_by(Tag.name)
                .order_by(Tag.name)
            )
            return dict(connection.execute(query).all())

    def labels(self, given: GivenLabels) -> Mapping[int, int]:
        with reading(self._engine) as connection:
            return label_counts(connection, self._model, given.version, self._contents(connection))

    def located(self, *, newest: bool) -> Located:
        with reading(self._engine) as connection:
            moment = first_paths.moment()
            place = func.coalesce(Content.place, "")
            query = self._rows(
                connection, Content.id, Content.latitude, Content.longitude, DIGEST, place
            ).where(Content.latitude.is_not(None), Content.longitude.is_not(None))
            query = query.order_by(*_by_time(moment, newest=newest))
            rows: Sequence[Any] = connection.execute(query).all()
        if self._ids is not None:
            at = {id: number for number, id in enumerate(self._ids.tolist())}
            rows = sorted(rows, key=lambda row: at[row[0]])
        ids, latitude, longitude, digests, places = zip(*rows, strict=True) if rows else [()] * 5
        return Located(
            np.array(ids, np.int64),
            np.array(latitude, np.float64),
            np.array(longitude, np.float64),
            digests,
            places,
        )

    def in_order(self, *, newest: bool) -> InOrder:
        if self._few is None and self._ids is None:
            return TimeOrder(self._engine, self._model, self._filter, len(self), newest=newest)
        ids, taken = self._few or self._moments(None)
        order = np.lexsort((ids, taken))
        return ListInOrder(ids[order[::-1] if newest else order])

    @cached_property
    def _few(self) -> tuple[Ids, NDArray[np.datetime64]] | None:
        """The ids and moments of all of them, (n,) each, in no order; None if they are many."""
        if vars(self).get("_count", 0) > FEW:
            return None
        ids, taken = self._moments(FEW + 1)
        return None if len(ids) > FEW else (ids, taken)

    def _moments(self, limit: int | None) -> tuple[Ids, NDArray[np.datetime64]]:
        with reading(self._engine) as connection:
            query = self._rows(connection, Content.id, first_paths.moment()).limit(limit)
            rows = connection.execute(query).all()
        ids, taken = zip(*rows, strict=True) if rows else [()] * 2
        return np.array(ids, np.int64), np.array(taken, "datetime64[s]")

    def _contents(self, connection: Connection) -> Select[int]:
        return first_paths.contents(connection, self._model.id, self._filter, self._ids)

    def _rows(self, connection: Connection, *columns: Any) -> Select[Any]:
        return first_paths.rows(connection, self._model.id, self._filter, self._ids, *columns)


def _by_time(moment: Any, *, newest: bool) -> list[Any]:
    return [moment.desc(), Content.id.desc()] if newest else [moment.asc(), Content.id.asc()]

"""Filters as SQL: which contents a search may find.

What needs more than SQL has (globs of folders, case beyond ASCII, distances) is decided here over
the few different values there are, and handed over as a list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    SQLColumnExpression,
    String,
    and_,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy import cast as sql_cast

from store import filters
from store.filters import PhotoFilter
from store.folding import containing, fold
from store.sql import stacking
from store.sql.dialect.distinct import distinct_rows
from store.sql.dialect.expressions import among, file_time
from store.sql.dialect.moments import in_hours, in_month, within
from store.sql.dialect.near_places import taken_near
from store.sql.dialect.server_page import LABEL
from store.sql.fspath import folder_matcher, to_text
from store.sql.metadata_filters import measured, rated, saying, with_keyword
from store.sql.picture_texts import having_text
from store.sql.roots import folder_paths, roots
from store.sql.schema import AlbumPhoto, Content, Embedding, Photo, Root, Tag
from store.states import State
from store.vectors import Ids

CONTENT: ColumnElement[int] = Photo.__table__.c.content_id
Online = Callable[[Path], bool]
Order = Literal["id", "date", "name"]


def matching_ids(
    connection: Connection,
    model_id: int,
    filter: PhotoFilter | None,
    is_online: Online,
    order: Order = "id",
    limit: int | None = None,
) -> Ids:
    """Contents that a search may find and that meet ``filter`` at some living path.

    In order of id, the newest first, or by the first of their paths; at most ``limit`` of them.
    """
    conditions = _Conditions(connection, is_online)
    query = (
        select(Embedding.content_id)
        .join(Content, Content.id == Embedding.content_id)
        .join(Photo, Photo.content_id == Embedding.content_id)
        .join(Root, Root.id == Photo.root_id)
        .where(
            Embedding.model_id == model_id,
            Photo.state == State.INDEXED,
            true() if filter is None else conditions.of(filter),
        )
        .group_by(Embedding.content_id)
    )
    if order == "date":
        query = query.order_by(func.max(taken()).desc(), Embedding.content_id)
    elif order == "name":
        query = query.order_by(func.min(_path()))
    else:
        query = query.order_by(Embedding.content_id)
    return np.fromiter(connection.execute(query.limit(limit)).scalars(), np.int64)


def living(
    connection: Connection,
    filter: PhotoFilter | None,
    is_online: Online,
    *,
    among_ids: list[int] | None = None,
) -> Select[int]:
    """The statement for the contents of living paths that meet ``filter``, one row for each path:
    of those ``among_ids``, or of all."""
    query = (
        select(CONTENT).select_from(Photo).where(Photo.state == State.INDEXED, CONTENT.is_not(None))
    )
    if among_ids is not None:
        query = query.where(among(CONTENT, among_ids))
    if filter is None:
        return query
    condition = _Conditions(connection, is_online).of(filter)
    return query.outerjoin(Content, Content.id == CONTENT).where(condition)


def matching_paths(
    connection: Connection, content_ids: Iterable[int], filter: PhotoFilter, is_online: Online
) -> set[int]:
    """The ids of those living paths of ``content_ids`` that meet ``filter``."""
    condition = _Conditions(connection, is_online).of(filter)
    query = (
        select(Photo.id)
        .join(Content, Content.id == Photo.content_id)
        .where(among(Photo.content_id, list(content_ids)), condition)
    )
    return set(connection.execute(query).scalars())


class _Conditions:
    """Turns filters into conditions on ``photo`` and ``content``, true or false, never NULL."""

    def __init__(self, connection: Connection, is_online: Online) -> None:
        self._connection = connection
        self._is_online = is_online
        self._formats = stacking.Formats(connection)
        self._folders = cache(lambda: folder_paths(connection))

    def of(self, filter: PhotoFilter) -> ColumnElement[bool]:
        return filters.fold(
            filter,
            leaf=self._condition,
            every=lambda inner: and_(true(), *inner),
            some=lambda inner: or_(false(), *inner),
            inverse=lambda inner: ~inner,
        )

    def _condition(self, filter: PhotoFilter) -> ColumnElement[bool]:
        match filter:
            case filters.InFolder():
                return self._in_folder(filter)
            case filters.Name(glob):
                return stacking.are_named(glob)
            case filters.Taken(start, end):
                return within(taken(), start, end)
            case filters.InMonth(month, day):
                return in_month(taken(), month, day)
            case filters.InHours(first, last):
                hours = in_hours(Content.taken_at, first, last)
                return _known(Content.taken_at, ~Content.only_day, hours)
            case filters.Contains(what, text, last):
                fits = containing(text, last=last, words=what == "place")
                if what in ("title", "creator"):
                    return saying(self._connection, what, fits)
                columns = {"camera": Content.camera, "lens": Content.lens, "place": Content.place}
                return self._among(columns[what], fits)
            case filters.Format(name):
                return self._formats.are(name)
            case filters.Measure(what, low, high):
                return measured(what, low, high)
            case filters.Orientation(shape):
                return _shape(shape)
            case filters.Near():
                return taken_near(self._connection, filter)
            case filters.HasPlace():
                return and_(Content.latitude.is_not(None), Content.longitude.is_not(None))
            case filters.IsOffline():
                known = roots(self._connection)
                unseen = [root.id for root in known if not self._is_online(root.path)]
                return or_(Photo.root_id.in_(unseen), Photo.away)
            case filters.OneOf(content_ids):
                return _known(Content.id, among(Content.id, list(content_ids)))
            case filters.Shows(version, concept):
                showing = select(LABEL.c.content_id)
                showing = showing.where(LABEL.c.version_id == version, LABEL.c.concept == concept)
                return _known(Content.id, Content.id.in_(showing))
            case filters.Tagged(tag):
                tagged = select(Tag.digest).where(Tag.name == tag.lower())
                return _known(Content.digest, Content.digest.in_(tagged))
            case filters.InAlbum(album):
                held = select(AlbumPhoto.digest).where(AlbumPhoto.album.in_(self._spelt(album)))
                return _known(Content.digest, Content.digest.in_(held))
            case filters.HasKeyword(keyword):
                return with_keyword(self._connection, keyword)
            case filters.HasText(text):
                return having_text(self._connection, text)
            case filters.Rated(low, high):
                return rated(low, high)
            case filters.ColourLabel(name):
                wanted = fold(name)
                return saying(self._connection, "colour_label", lambda one: fold(one) == wanted)
            case _:
                raise TypeError(f"{filter!r} is no filter")

    def _among(
        self, column: ColumnElement[Any], fits: Callable[[str], bool]
    ) -> ColumnElement[bool]:
        values = [row[0] for row in distinct_rows(self._connection, column)]
        return _known(column, among(column, [value for value in values if value and fits(value)]))

    def _spelt(self, album: str) -> list[str]:
        names = distinct_rows(self._connection, AlbumPhoto.album)
        return [name for (name,) in names if name.casefold() == album.casefold()]

    def _in_folder(self, filter: filters.InFolder) -> ColumnElement[bool]:
        fits = folder_matcher(filter.parts, anchored=filter.anchored)
        fitting: dict[int, list[str]] = {}
        for root_id, folder, path in self._folders():
            if fits(path):
                fitting.setdefault(root_id, []).append(to_text(folder))
        folder_text = sql_cast(Photo.folder, String)
        return or_(
            false(),
            *(
                and_(Photo.root_id == root_id, among(folder_text, names))
                for root_id, names in fitting.items()
            ),
        )


def _known(
    column: SQLColumnExpression[Any], *conditions: ColumnElement[bool]
) -> ColumnElement[bool]:
    """All of ``conditions`` on ``column``, false where it is NULL.

    With ``IS TRUE`` around it, no index would be used.
    """
    return and_(column.is_not(None), *conditions)


def taken() -> ColumnElement[str]:
    """When a photo was taken, as text that sorts: of the content, else of the file."""
    return func.coalesce(sql_cast(Content.taken_at, String), file_time(Photo.mtime_ns))


def _path() -> ColumnElement[str]:
    """Folder and name below a root, as text that sorts as paths do."""
    root, folder, name = (
        sql_cast(column, String) for column in (Root.path, Photo.folder, Photo.name)
    )
    return root + "/" + folder + "/" + name


def _shape(shape: str) -> ColumnElement[bool]:
    wide, limit = Content.width * 1.0 / Content.height, 1 + filters.SQUARE_WITHIN
    shapes = {
        "landscape": wide > limit,
        "portrait": wide < 1 / limit,
        "square": and_(wide <= limit, wide >= 1 / limit),
    }
    return _known(wide, shapes[shape])

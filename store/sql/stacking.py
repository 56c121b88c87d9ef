"""What is asked of stacks: which paths are hidden beside which; see ``store.stacks``.

``store.sql.stack_states`` says which are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    String,
    and_,
    case,
    func,
    or_,
    select,
    type_coerce,
)

from store.sql.dialect.expressions import among, chunks, name_matches
from store.sql.dialect.places import Place, places
from store.sql.schema import Content, Photo
from store.stacks import RAW_FORMATS, SHOWN_FORMATS
from store.states import LIVING, State

_CONTENT: ColumnElement[int] = Photo.__table__.c.content_id


def contents_by_raw_format(connection: Connection) -> Mapping[str, Sequence[int]]:
    """The contents that show for stacked raws, by the format of these."""
    contents: dict[str, list[int]] = {}
    query = pairs("content_id", "format", only=Content.format.in_(RAW_FORMATS))
    for content_id, kind in connection.execute(query.distinct()):
        contents.setdefault(kind, []).append(content_id)
    return contents


def first_raw_formats() -> Select[Any]:
    """The contents that show for stacked raws, each with the first of their formats: of these, as
    many show as show for any raw."""
    showing = pairs("content_id", "format", only=Content.format.in_(RAW_FORMATS)).subquery().c
    query = select(showing.content_id, func.min(showing.format).label("format"))
    return query.group_by(showing.content_id)


def contents_showing(connection: Connection, hidden_ids: Iterable[int]) -> list[int]:
    """The contents that show for these stacked paths."""
    query = pairs("content_id", only=among(Photo.id, list(hidden_ids)))
    return list(connection.execute(query.distinct()).scalars())


def beside(connection: Connection, content_ids: Iterable[int]) -> Mapping[int, Sequence[int]]:
    """The ids of the stacked paths that each content shows for, in order of name."""
    stacks: dict[int, list[int]] = {}
    for part in chunks(list(content_ids)):
        shown = _begins(
            select(Photo.content_id)
            .join(Content, Content.id == Photo.content_id)
            .where(
                Photo.content_id.in_(part),
                Photo.state == State.INDEXED,
                Content.format.in_(SHOWN_FORMATS),
            )
        )
        hidden = Photo.__table__.alias("hidden")
        query = (
            select(shown.c.content_id, hidden.c.id)
            .join(hidden, _are_beside(shown, hidden))
            .where(hidden.c.state.concat("") == State.STACKED)
            .order_by(hidden.c.root_id, hidden.c.folder, hidden.c.name)
        )
        for content_id, id in connection.execute(query):
            stacks.setdefault(content_id, []).append(id)
    return stacks


def contents_beside(connection: Connection, content_ids: Iterable[int]) -> list[int]:
    """The contents of the stacked paths that these contents show for."""
    paths = [id for ids in beside(connection, content_ids).values() for id in ids]
    query = select(_CONTENT).where(among(Photo.id, paths))
    return list(connection.execute(query.distinct()).scalars())


def called_alike(begins: Sequence[Place]) -> Select[Any]:
    """The living files whose names up to the last dot are among ``begins``."""
    wanted = places(begins)
    columns = (Photo.id, Photo.name, Photo.state, Photo.content_id)
    return (
        select(*columns, wanted.c.root_id, wanted.c.folder, Content.format, Content.duration_ms)
        .select_from(wanted)
        .join(Photo, _are_beside(wanted, Photo.__table__))
        .join(Content, Content.id == Photo.content_id)
        .where(Photo.state.concat("").in_(LIVING))
    )


class Formats:
    """Conditions on the format of contents, with those of the raws that they show for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def _of_raws(self) -> Mapping[str, Sequence[int]]:
        return contents_by_raw_format(self._connection)

    def are(self, name: str) -> ColumnElement[bool]:
        """Whether a path's content, or a raw that it shows for, is of this format; never NULL."""
        own = and_(Content.format.is_not(None), Content.format == name)
        showing = self._of_raws.get(name) if name in RAW_FORMATS else None
        return or_(own, among(_CONTENT, list(showing))) if showing else own


def are_named(glob: str) -> ColumnElement[bool]:
    """Whether the name of a path, or of a file that it shows for, matches ``glob``."""
    showing = pairs("id", only=name_matches(Photo.name, glob))
    return or_(name_matches(Photo.name, glob), Photo.id.in_(showing))


def pairs(*names: str, only: ColumnElement[bool] | None = None) -> Select[Any]:
    """Columns of each stacked file, and of each path that shows for it.

    Args:
        names: ``hidden_id`` and ``format`` of what is hidden, ``id`` and ``content_id`` of what
            shows for it.
        only: which hidden ones.
    """
    stacks = select(Photo.id.label("hidden_id"), Content.format).join(
        Content, Content.id == Photo.content_id
    )
    if only is not None:
        stacks = stacks.where(only)
    hidden = _begins(stacks.where(Photo.state == State.STACKED))
    shown, picture = Photo.__table__.alias("shown"), Content.__table__.alias("picture")
    columns = [shown.c[name] if name in ("id", "content_id") else hidden.c[name] for name in names]
    return (
        select(*columns)
        .select_from(hidden)
        .join(shown, _are_beside(hidden, shown))
        .join(picture, picture.c.id == shown.c.content_id)
        .where(shown.c.state.concat("") == State.INDEXED, picture.c.format.in_(SHOWN_FORMATS))
    )


def _begins(paths: Any) -> CTE:
    """``paths`` with where each is and its name up to its last dot, worked out once."""
    begin = _up_to_dot(type_coerce(Photo.name, String))
    columns = (Photo.root_id, Photo.folder, begin.label("begin"))
    whole: CTE = paths.where(begin != "").add_columns(*columns).cte()
    return whole.prefix_with("MATERIALIZED")


def _are_beside(one: FromClause, other: Any) -> ColumnElement[bool]:
    """Whether paths are called as those of ``_begins`` but for the ending, in the same folder.

    Where this is used, conditions on ``state`` are such that no index on it is of use: nearly all
    paths are indexed, while that on names leads to the one that is meant.
    """
    begin = one.c.begin
    name = type_coerce(other.c.name, String)
    return and_(
        other.c.root_id == one.c.root_id,
        other.c.folder == one.c.folder,
        name >= begin,
        name < func.substr(begin, 1, func.length(begin) - 1).concat("/"),  # which comes after "."
        _up_to_dot(name) == begin,
    )


def _up_to_dot(name: ColumnElement[str]) -> ColumnElement[str]:
    """``store.stacks.up_to_dot`` in SQL: what is no dot is taken off the end."""
    begin = func.rtrim(name, func.replace(name, ".", ""))
    return case((begin == ".", ""), else_=begin)

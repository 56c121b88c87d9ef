"""Conditions on measures of photos and on what they say: keywords, ratings, titles, creators.

Titles may be as many as photos: they are read once, and compared here, as case and accents beyond
ASCII are nothing that both databases know alike.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    SQLColumnExpression,
    and_,
    false,
    func,
    or_,
    select,
    true,
)

from store.folding import keyword_matcher
from store.sql.dialect.distinct import distinct_rows
from store.sql.dialect.expressions import among
from store.sql.schema import Content, Keyword, Photo


def with_keyword(connection: Connection, keyword: str) -> ColumnElement[bool]:
    """Whether a content has a keyword; never NULL."""
    fits = keyword_matcher(keyword)
    names = [name for (name,) in distinct_rows(connection, Keyword.name) if fits(name)]
    if not names:
        return false()
    having = select(Keyword.content_id).where(among(Keyword.name, names))
    return and_(Content.id.is_not(None), Content.id.in_(having))


def measured(
    what: Literal["width", "height", "size", "duration"], low: int | None, high: int | None
) -> ColumnElement[bool]:
    """Whether a measure of a photo is from ``low`` to ``high``; see ``Measure``; never NULL."""
    columns: dict[str, SQLColumnExpression[Any]] = {
        **{"width": Content.width, "height": Content.height},
        **{"size": Photo.size, "duration": Content.duration_ms},
    }
    column = columns[what]
    bounds: list[ColumnElement[bool]] = [column.is_not(None)]
    if low is not None:
        bounds.append(column >= low)
    if high is not None:
        bounds.append(column <= high)
    return and_(*bounds)


def rated(low: int | None, high: int | None) -> ColumnElement[bool]:
    """Whether a content has so many stars; never NULL. Without any, it has 0."""
    stars = func.coalesce(Content.rating, 0)
    bounds: list[ColumnElement[bool]] = [Content.id.is_not(None)]
    if low is not None:
        bounds.append(stars >= low)
    if high is not None:
        bounds.append(stars <= high)
    return and_(true(), *bounds)


def saying(
    connection: Connection,
    what: Literal["title", "creator", "colour_label"],
    fits: Callable[[str], bool],
) -> ColumnElement[bool]:
    """Whether a text of a content fits: its title or description, creator or colour; never NULL."""
    columns = [Content.title, Content.description] if what == "title" else [getattr(Content, what)]
    conditions: list[ColumnElement[bool]] = []
    for column in columns:
        query = select(column).where(column.is_not(None)).distinct()
        values = [value for value in connection.execute(query).scalars() if fits(value)]
        if values:
            conditions.append(and_(column.is_not(None), among(column, values)))
    return or_(false(), *conditions)

"""Conditions on when photos were taken.

SQLite computes the time of each row. In PostgreSQL, ``photo`` has a column ``moment``, which a
trigger fills: with an index of it a day's photos are found without a look at all others, and with
its statistics the server can tell how many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    SQLColumnExpression,
    String,
    and_,
    cast,
    func,
    literal,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from store.sql.dialect.expressions import texts

_TENS = len("2019-07-14 18:30:0")  # a time up to the tens of its seconds

SERVER_DDL = (
    # The camera's if ``dated``, else the file's: that is in UTC, and who asks may be anywhere.
    "ALTER TABLE photo ADD COLUMN moment timestamp, ADD COLUMN dated boolean",
    """CREATE FUNCTION set_moment() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    new.moment := (SELECT taken_at FROM content WHERE id = new.content_id);
    new.dated := new.moment IS NOT NULL;
    IF NOT new.dated THEN
        new.moment := to_timestamp(new.mtime_ns / 1000000000) AT TIME ZONE 'UTC';
    END IF;
    RETURN new; END $$""",
    """CREATE TRIGGER photo_moment BEFORE INSERT OR UPDATE OF content_id, mtime_ns ON photo
    FOR EACH ROW EXECUTE FUNCTION set_moment()""",
    "CREATE INDEX photo_moment ON photo (moment)",
)
"""What a server has for this beside the tables of ``store.sql.schema``."""


def refresh_moments(connection: Connection, content_ids: Sequence[int]) -> None:
    """Have a server fill ``moment`` anew, once the time of ``content_ids`` has changed."""
    if connection.dialect.name == "postgresql":
        statement = text("UPDATE photo SET content_id = content_id WHERE content_id = ANY(:ids)")
        connection.execute(statement, {"ids": list(content_ids)})


class _Within(FunctionElement[bool]):
    """Its clauses: the time as text, the start, the end; NULL for one that is not set."""

    type = Boolean()
    inherit_cache = True
    name = "within"


def within(
    when: ColumnElement[str], start: datetime | None, end: datetime | None
) -> ColumnElement[bool]:
    """Whether ``when`` of a photo is at or after ``start`` and before ``end``, local time.

    Never NULL.
    """
    bounds = [literal(bound and bound.isoformat(" "), String) for bound in (start, end)]
    return _Within(when, *bounds)


@compiles(_Within, "sqlite")
def _within_in_sqlite(element: _Within, compiler: SQLCompiler, **options: Any) -> str:
    when, start, end = (compiler.process(part, **options) for part in element.clauses)
    return f"({when} >= coalesce({start}, '') AND {when} < coalesce({end}, ':'))"


@compiles(_Within, "postgresql")
def _within_in_postgresql(element: _Within, compiler: SQLCompiler, **options: Any) -> str:
    _, start, end = (compiler.process(part, **options) for part in element.clauses)
    first = f"coalesce(CAST({start} AS timestamp), '-infinity')"
    last = f"coalesce(CAST({end} AS timestamp), 'infinity')"
    file = "to_char(to_timestamp(photo.mtime_ns / 1000000000), 'YYYY-MM-DD HH24:MI:SS')"
    # The first line may be looked up. The others decide, and are written so that the server takes
    # nearly all of its rows for right ones: it knows nothing of such an expression.
    return (
        f"(photo.moment >= {first} - interval '1 day' AND photo.moment < {last} + interval '1 day'"
        f" AND CASE WHEN CASE WHEN photo.dated THEN photo.moment >= {first}"
        f" AND photo.moment < {last} ELSE {file} >= coalesce({start}, '')"
        f" AND {file} < coalesce({end}, ':') END THEN 1 ELSE 0 END <> 0)"
    )


def in_month(when: ColumnElement[str], month: int, day: int | None) -> ColumnElement[bool]:
    """Whether ``when``, as text, is in a month (1 to 12) of any year, or on its ``day``."""
    said = f"{month:02}" if day is None else f"{month:02}-{day:02}"
    return func.substr(when, 6, len(said)) == said


def in_hours(when: SQLColumnExpression[Any], start: int, end: int) -> ColumnElement[bool]:
    """Whether a time is from hour ``start`` on and before hour ``end``; NULL for no time."""
    hour = func.substr(cast(when, String), 12, 2)
    return and_(hour >= f"{start:02}", hour < f"{end:02}")


class _Around(FunctionElement[bool]):
    """Its clause: the moments as one list of text."""

    type = Boolean()
    inherit_cache = True
    name = "around"


def taken_around(moments: Iterable[datetime]) -> ColumnElement[bool]:
    """Whether a content was taken within ten seconds of one of ``moments``.

    Some that were taken up to twenty seconds from it are included.
    """
    ten = timedelta(seconds=10)
    near = {str(m + by)[:_TENS] for m in moments for by in (-ten, 0 * ten, ten)}
    return _Around(texts(sorted(near)))


@compiles(_Around, "sqlite")
def _around_in_sqlite(element: _Around, compiler: SQLCompiler, **options: Any) -> str:
    # One look at each row, however many moments there are.
    (tens,) = (compiler.process(part, **options) for part in element.clauses)
    taken = f"substr(CAST(content.taken_at AS VARCHAR), 1, {_TENS})"
    return f"{taken} IN (SELECT value FROM json_each({tens}))"


@compiles(_Around, "postgresql")
def _around_in_postgresql(element: _Around, compiler: SQLCompiler, **options: Any) -> str:
    (tens,) = (compiler.process(part, **options) for part in element.clauses)
    return (
        f"content.id IN (SELECT near.id FROM unnest({tens}) AS ten JOIN content AS near ON "
        "near.taken_at >= CAST(ten || '0' AS timestamp) AND "
        "near.taken_at < CAST(ten || '0' AS timestamp) + interval '10 seconds')"
    )

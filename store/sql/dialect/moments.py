"""Conditions on when photos were taken.

SQLite computes the time of each row. In PostgreSQL, ``photo`` has a column ``moment``, which a
trigger fills: with an index of it a day's photos are found without a look at all others, and with
its statistics the server can tell how many there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Boolean, ColumnElement, String, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from store.sql.dialect.expressions import texts

_TENS = len("2019-07-14 18:30:0")  # a time up to the tens of its seconds

SERVER_DDL = (
    # Of a file it is in UTC; whoever asks may be in any time zone.
    "ALTER TABLE photo ADD COLUMN moment timestamp",
    """CREATE FUNCTION set_moment() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    new.moment := coalesce(
        (SELECT taken_at FROM content WHERE id = new.content_id),
        to_timestamp(new.mtime_ns / 1000000000) AT TIME ZONE 'UTC');
    RETURN new; END $$""",
    """CREATE TRIGGER photo_moment BEFORE INSERT OR UPDATE OF content_id, mtime_ns ON photo
    FOR EACH ROW EXECUTE FUNCTION set_moment()""",
    "CREATE INDEX photo_moment ON photo (moment)",
    "CREATE INDEX content_taken ON content (taken_at)",
)
"""What a server has for this beside the tables of ``store.sql.schema``."""


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
    when, start, end = (compiler.process(part, **options) for part in element.clauses)
    # The first two lines may be looked up. The third decides, and is written so that the server
    # takes nearly all of their rows for right ones: it knows nothing of such an expression.
    return (
        f"(photo.moment >= coalesce(CAST({start} AS timestamp) - interval '1 day', '-infinity')"
        f" AND photo.moment < coalesce(CAST({end} AS timestamp) + interval '1 day', 'infinity')"
        f" AND CASE WHEN {when} >= coalesce({start}, '') AND {when} < coalesce({end}, ':')"
        " THEN 1 ELSE 0 END <> 0)"
    )


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

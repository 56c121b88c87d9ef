"""The different values of columns, of which there are few in many rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, literal_column, select, tuple_


def distinct_rows(connection: Connection, *columns: ColumnElement[Any]) -> list[Any]:
    """Every combination of values that rows of a table have in ``columns``, in no set order.

    On a server these have to be the first columns of an index, and rows with a NULL are left out.
    It jumps there from each value to the next, since a DISTINCT reads the whole table.
    """
    if connection.dialect.name != "postgresql":
        return list(connection.execute(select(*columns).distinct()))
    first = select(*columns).where(*(c.is_not(None) for c in columns)).order_by(*columns).limit(1)
    known = first.subquery().select().cte("known", recursive=True)
    later = (
        select(*columns)
        .where(tuple_(*columns) > tuple_(*known.c))
        .order_by(*columns)
        .limit(1)
        .lateral()
    )
    every = known.union_all(select(later).select_from(known.join(later, literal_column("true"))))
    return list(connection.execute(select(every)))

"""A list of places as rows that a query can join, in one parameter; see ``expressions.among``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, FromClause, String, bindparam, column
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

Place = tuple[int, str, str]
"""The id of a root, a folder, and how names in it begin; text is as the database has it."""


class _Json(TypeDecorator[Sequence[Place]]):
    """JSON in SQLite; on a server an array of JSON, whose length its planner can see."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(
            ARRAY(String()) if dialect.name == "postgresql" else String()
        )

    def process_bind_param(self, value: Sequence[Place] | None, dialect: Dialect) -> Any:
        return (
            [*map(json.dumps, value or ())] if dialect.name == "postgresql" else json.dumps(value)
        )


class _Places(FunctionElement[Any]):
    inherit_cache = True
    name = "places"


def places(places: Sequence[Place]) -> FromClause:
    """Any number of places, with the columns root_id, folder and begin."""
    columns = (column("root_id", BigInteger), column("folder", String), column("begin", String))
    return _Places(bindparam(None, places, type_=_Json())).table_valued(*columns)


@compiles(_Places, "sqlite")
def _in_sqlite(element: _Places, compiler: SQLCompiler, **options: Any) -> str:
    columns = (
        "json_extract(value, '$[0]') AS root_id, json_extract(value, '$[1]') AS folder, "
        "json_extract(value, '$[2]') AS \"begin\""
    )
    return f"(SELECT {columns} FROM json_each({compiler.process(element.clauses, **options)}))"


@compiles(_Places, "postgresql")
def _in_postgresql(element: _Places, compiler: SQLCompiler, **options: Any) -> str:
    one = "CAST(value AS json)->>"
    columns = f'CAST({one}0 AS bigint) AS root_id, {one}1 AS folder, {one}2 AS "begin"'
    rows = compiler.process(element.clauses, **options)
    return f"(SELECT {columns} FROM unnest(CAST({rows} AS text[])) AS each (value))"

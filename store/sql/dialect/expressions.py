"""Parts of statements that each database spells in its own way: SQLite's spelling and PostgreSQL's.

Only the dialect that a statement is compiled for is asked; ``tests/test_dialect.py`` compiles every
statement for PostgreSQL.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    SQLColumnExpression,
    String,
    bindparam,
    literal,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.dialects.sqlite.dml import OnConflictDoNothing, OnConflictDoUpdate
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from store.sql.dialect.globs import server_pattern
from store.sql.fspath import glob_pattern, to_text

__all__ = [
    "ID_END",
    "Insert",
    "among",
    "chunks",
    "file_time",
    "insert",
    "joined",
    "name_matches",
    "texts",
]

T = TypeVar("T")
ID_END = 2**63
"""People can ask for any number; no database takes an id from here on."""

_CHUNK = 500  # values in one IN (...); SQLite's limit was 999 for long


def chunks(items: Sequence[T], size: int = _CHUNK) -> Iterator[Sequence[T]]:
    """``items`` in parts that one statement can take as its values."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


# -- upserts ----------------------------------------------------------------------------------

# ``insert`` is SQLite's, with ``on_conflict_do_nothing`` and ``on_conflict_do_update``. PostgreSQL
# writes the same, and its compiler only asks for one attribute more.


@compiles(OnConflictDoNothing, "postgresql")
def _nothing_in_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    element.constraint_target = None
    return str(compiler.visit_on_conflict_do_nothing(element, **options))


@compiles(OnConflictDoUpdate, "postgresql")
def _update_in_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    element.constraint_target = None
    return str(compiler.visit_on_conflict_do_update(element, **options))


# -- lists of values --------------------------------------------------------------------------


class _Values(TypeDecorator[Sequence[Any]]):
    """A list as one parameter: JSON in SQLite, an array in PostgreSQL."""

    impl = String
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(self.item))
        return dialect.type_descriptor(String())

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else json.dumps(value)


def texts(values: list[str]) -> ColumnElement[Any]:
    """A list of text as one parameter, for statements that take it apart themselves."""
    return bindparam(None, values, type_=_Values(String()))


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True
    name = "among"


def among(column: ColumnElement[Any], values: list[Any]) -> ColumnElement[bool]:
    """``column IN (...)`` for a list of any length, which becomes one parameter."""
    return _Among(column, bindparam(None, values, type_=_Values(column.type)))


@compiles(_Among, "sqlite")
def _among_in_sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(_Among, "postgresql")
def _among_in_postgresql(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY ({values})"


# -- times ------------------------------------------------------------------------------------


class _FileTime(FunctionElement[str]):
    type = String()
    inherit_cache = True
    name = "file_time"


def file_time(nanoseconds: SQLColumnExpression[int]) -> ColumnElement[str]:
    """A file's time as text that sorts, ``2019-08-03 17:20:00``, in the local time zone."""
    return _FileTime(nanoseconds // 1_000_000_000)


@compiles(_FileTime, "sqlite")
def _file_time_in_sqlite(element: _FileTime, compiler: SQLCompiler, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    return f"datetime({seconds}, 'unixepoch', 'localtime')"


@compiles(_FileTime, "postgresql")
def _file_time_in_postgresql(element: _FileTime, compiler: SQLCompiler, **options: Any) -> str:
    seconds = compiler.process(element.clauses, **options)
    return f"to_char(to_timestamp({seconds}), 'YYYY-MM-DD HH24:MI:SS')"


# -- text -------------------------------------------------------------------------------------


def name_matches(column: SQLColumnExpression[str], glob: str) -> ColumnElement[bool]:
    """Whether a file name matches ``glob``, whatever the case of its letters."""
    return _Matches(sql_cast(column, String), bindparam(None, glob, type_=_Glob()))


class _Glob(TypeDecorator[str]):
    """A glob, which each database gets as its own regular expression."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str:
        glob = value or ""
        return server_pattern(glob) if dialect.name == "postgresql" else to_text(glob_pattern(glob))


class _Matches(FunctionElement[bool]):
    """In SQLite a function of ours, which every connection brings along: see ``sessions``."""

    type = Boolean()
    inherit_cache = True
    name = "matches"


@compiles(_Matches, "sqlite")
def _matches_in_sqlite(element: _Matches, compiler: SQLCompiler, **options: Any) -> str:
    return f"matches({compiler.process(element.clauses, **options)})"


@compiles(_Matches, "postgresql")
def _matches_in_postgresql(element: _Matches, compiler: SQLCompiler, **options: Any) -> str:
    name, pattern = (compiler.process(part, **options) for part in element.clauses)
    return f"{name} ~ {pattern}"


# -- aggregates -------------------------------------------------------------------------------


class _Joined(FunctionElement[str]):
    type = String()
    inherit_cache = True
    name = "joined"


def joined(
    line: SQLColumnExpression[str], between: str, order: SQLColumnExpression[Any]
) -> ColumnElement[str]:
    """The lines of a group as one text, in the order of ``order``.

    SQLite takes rows as they come, and sorts nothing: the statement has to be one whose index
    yields them in that order.
    """
    return _Joined(line, literal(between, String), order)


@compiles(_Joined, "sqlite")
def _joined_in_sqlite(element: _Joined, compiler: SQLCompiler, **options: Any) -> str:
    line, between, _ = (compiler.process(part, **options) for part in element.clauses)
    return f"group_concat({line}, {between})"


@compiles(_Joined, "postgresql")
def _joined_in_postgresql(element: _Joined, compiler: SQLCompiler, **options: Any) -> str:
    line, between, order = (compiler.process(part, **options) for part in element.clauses)
    return f"string_agg({line}, {between} ORDER BY {order})"

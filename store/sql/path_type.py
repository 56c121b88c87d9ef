"""The type of columns with paths: any bytes that a file system allows, as text."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from store.sql.fspath import ESCAPE, from_text, to_text


class FsPath(TypeDecorator[str]):
    """A path or file name; see ``store.sql.fspath``."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        # As ``dialect.ddl.TEXT``, which can't be imported from here.
        collation = "C" if dialect.name == "postgresql" else None
        return dialect.type_descriptor(String(collation=collation))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else to_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return value if value is None or ESCAPE not in value else from_text(value)

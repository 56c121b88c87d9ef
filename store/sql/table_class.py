"""Tables written down as classes, as SQLAlchemy's ORM has them, without importing the ORM.

Each command waits for what it imports: the ORM takes half as long as the rest of SQLAlchemy, and
its objects, sessions and relations are of no use here. ``Photo.name`` is a column, and the class
stands for its table in statements: ``select(Photo.name).join(Root, ...)``, ``insert(Photo)``.
"""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from sqlalchemy import Column, ColumnElement, MetaData, Table
from sqlalchemy.types import TypeEngine

T = TypeVar("T")


class TableClass(type):
    """The class of classes that have a ``__tablename__``, columns and, if need be,
    ``__table_args__``: constraints and indexes, and at their end a dict of options."""

    metadata: ClassVar[MetaData] = MetaData()
    __tablename__: str
    __table__: Table

    def __init__(cls, name: str, bases: tuple[type, ...], members: dict[str, Any]) -> None:
        super().__init__(name, bases, members)
        if "__tablename__" not in members:
            return
        columns = {key: value for key, value in members.items() if isinstance(value, Column)}
        for key, column in columns.items():
            column.name = column.key = key
        given = members.get("__table_args__", ())
        given = given if isinstance(given, tuple) else (given,)
        parts = [part for part in given if not isinstance(part, dict)]
        options = next((part for part in given if isinstance(part, dict)), {})
        cls.__table__ = Table(
            members["__tablename__"], cls.metadata, *columns.values(), *parts, **options
        )

    def __clause_element__(cls) -> Table:
        """What SQLAlchemy takes the class for in a statement."""
        return cls.__table__


class Base(metaclass=TableClass):
    """A table. ``Base.metadata`` has all of them."""


def column(
    kind: type[TypeEngine[T]] | TypeEngine[T], *parts: Any, **settings: Any
) -> ColumnElement[T]:
    """A column that always has a value; its name is that of the attribute.

    Not said to be a ``Column``: these are declared as if no class could have one as an attribute.
    """
    return Column(kind, *parts, nullable=False, **settings)


def optional(
    kind: type[TypeEngine[T]] | TypeEngine[T], *parts: Any, **settings: Any
) -> ColumnElement[T | None]:
    """A column that may be NULL."""
    made: Column[Any] = Column(kind, *parts, nullable=True, **settings)
    return made

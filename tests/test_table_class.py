"""``store.sql.table_class``: tables as classes, by a small table of real SQLite."""

from __future__ import annotations

import pytest
from sqlalchemy import Identity, Index, Integer, MetaData, String, create_engine, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateTable

from store.sql.table_class import TableClass, column, optional


class _Kept(TableClass):
    metadata = MetaData()  # not among the tables of a library


class Cat(metaclass=_Kept):
    __tablename__ = "cat"
    __table_args__ = (Index("cat_name", "name"), {"sqlite_autoincrement": True})

    id = column(Integer, Identity(), primary_key=True)
    name = column(String)
    colour = optional(String)


def test_a_class_is_its_table() -> None:
    ddl = str(CreateTable(Cat.__table__))
    assert "name VARCHAR NOT NULL" in ddl
    assert "colour VARCHAR" in ddl and "colour VARCHAR NOT NULL" not in ddl
    assert [index.name for index in Cat.__table__.indexes] == ["cat_name"]
    assert Cat.__table__.dialect_options["sqlite"]["autoincrement"] is True


def test_statements_take_the_class() -> None:
    engine = create_engine("sqlite://", poolclass=NullPool)  # which leaves no connection open
    with engine.begin() as connection:
        _Kept.metadata.create_all(connection)
        connection.execute(insert(Cat).values(name="Tom"))
        other = Cat.__table__.alias("other")
        joined = select(Cat.name).select_from(other).join(Cat, Cat.id == other.c.id)
        assert connection.execute(joined).all() == [("Tom",)]
        assert connection.execute(select(Cat.id, Cat.name, Cat.colour)).all() == [(1, "Tom", None)]
        with pytest.raises(IntegrityError):
            connection.execute(insert(Cat).values(colour="black"))

"""The models that made embeddings, and which of them answers."""

from __future__ import annotations

from sqlalchemy import Connection, select

from store.sql import key_values
from store.sql.dialect.expressions import insert
from store.sql.schema import Model
from store.sql.searchable import unembedded_count
from store.values import ModelInfo


def model(connection: Connection, model_id: int) -> ModelInfo | None:
    row = connection.execute(
        select(Model.id, Model.name, Model.fingerprint, Model.dim).where(Model.id == model_id)
    ).first()
    return None if row is None else ModelInfo(*row)


def models(connection: Connection) -> list[ModelInfo]:
    rows = connection.execute(select(Model.id, Model.name, Model.fingerprint, Model.dim))
    return [ModelInfo(*row) for row in rows]


def add(connection: Connection, name: str, fingerprint: str, dim: int) -> ModelInfo:
    """The model's row, made if it is new. The first model of a library becomes its own."""
    connection.execute(
        insert(Model).values(name=name, fingerprint=fingerprint, dim=dim).on_conflict_do_nothing()
    )
    id = connection.execute(
        select(Model.id).where(Model.name == name, Model.fingerprint == fingerprint)
    ).scalar_one()
    if key_values.get(connection, "model_id") is None:
        key_values.put(connection, "model_id", id)
    # Remembered, so that a build cut short goes on at the next run.
    if key_values.get(connection, "building_model_id") != id:
        key_values.put(connection, "building_model_id", id)
    return ModelInfo(id, name, fingerprint, dim)


def switch(connection: Connection, model: ModelInfo) -> int:
    """Let ``model`` answer from now on, if it has embedded every living photo.

    Returns how many contents it still lacks before it can (0: it answers now).
    """
    if key_values.get(connection, "model_id") == model.id:
        return 0
    lacking = unembedded_count(connection, model.id)
    if not lacking:
        key_values.put(connection, "model_id", model.id)
        key_values.bump_generation(connection)
    return lacking

"""What is near: how many photos a vector is nearer to, and which were taken near a place."""

from __future__ import annotations

import json
import math

import numpy as np
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    column,
    false,
    func,
    select,
    table,
    text,
)

from store.distances import EARTH_KM, distance_km
from store.filters import Near
from store.sql.dialect.expressions import among
from store.sql.schema import Content
from store.values import ModelInfo
from store.vectors import Vectors

_NEARBY = table("nearby", column("content_id", BigInteger), column("model_id", BigInteger))


def count_nearer(
    connection: Connection, model: ModelInfo, query: Vectors, cosine: float, living: Select[int]
) -> int:
    """How many of the contents ``living`` have a greater cosine with ``query`` (dim,): by pgvector.

    At half precision: of photos whose cosines differ by less than 0.001, some may count wrongly.
    """
    kind = f"halfvec({model.dim})"
    nearer = text(f"(nearby.vector::{kind} <#> CAST(:query AS {kind})) < :least")
    statement = (
        select(func.count())
        .select_from(_NEARBY)
        .where(_NEARBY.c.model_id == model.id, _NEARBY.c.content_id.in_(living))
        .where(nearer.bindparams(query=json.dumps(query.tolist()), least=-float(cosine)))
    )
    return connection.execute(statement).scalar_one()


def taken_near(connection: Connection, filter: Near) -> ColumnElement[bool]:
    """Whether a content was taken within so many kilometres of a place; never NULL.

    PostgreSQL computes that for each row. SQLite may lack sines: there they are computed here.
    """
    placed = and_(Content.latitude.is_not(None), Content.longitude.is_not(None))
    if connection.dialect.name == "postgresql":
        return and_(placed, _distance_km(filter) <= filter.km)
    rows = connection.execute(
        select(Content.id, Content.latitude, Content.longitude).where(placed)
    ).all()
    if not rows:
        return false()
    ids, latitudes, longitudes = (np.array(values) for values in zip(*rows, strict=True))
    near = distance_km(filter.latitude, filter.longitude, latitudes, longitudes) <= filter.km
    return and_(Content.id.is_not(None), among(Content.id, ids[near].tolist()))


def _distance_km(place: Near) -> ColumnElement[float]:
    """As ``store.distances.distance_km``."""
    one = math.radians(place.latitude)
    across = func.radians(Content.longitude - place.longitude)
    half = func.power(func.sin((func.radians(Content.latitude) - one) / 2), 2) + math.cos(
        one
    ) * func.cos(func.radians(Content.latitude)) * func.power(func.sin(across / 2), 2)
    # Not above 1, for 0 kilometres are never reached otherwise: PostgreSQL refuses such an arcsine.
    return 2 * EARTH_KM * func.asin(func.sqrt(func.least(1.0, half)))

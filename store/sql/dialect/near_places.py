"""Which photos were taken near a place, by each database in its own way."""

from __future__ import annotations

import math

import numpy as np
from sqlalchemy import ColumnElement, Connection, and_, false, func, select

from store.distances import EARTH_KM, distance_km
from store.filters import Near
from store.sql.dialect.expressions import among
from store.sql.schema import Content


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

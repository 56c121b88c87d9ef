"""The names of the places where photos were taken, which are looked up by coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select, update

from store.sql import key_values, metadata_rows
from store.sql.dialect.expressions import among
from store.sql.schema import Content

EDITION = "place_edition"
"""The setting that says how places are named; see ``indexer.places``."""


def unplaced(connection: Connection, limit: int) -> list[tuple[int, float, float]]:
    """Contents that say where they are and have no name of the place yet: (id, lat., long.)."""
    rows = connection.execute(
        select(Content.id, Content.latitude, Content.longitude)
        .where(
            Content.latitude.is_not(None), Content.longitude.is_not(None), Content.place.is_(None)
        )
        .limit(limit)
    )
    return [(id, north, east) for id, north, east in rows if north is not None and east is not None]


def placed(connection: Connection, after: int, limit: int) -> list[tuple[int, float, float, str]]:
    """Contents that say where they are and have a name of it: (id, lat., long., name), by id.

    Args:
        after: the id of the last one that is not asked for.
    """
    rows = connection.execute(
        select(Content.id, Content.latitude, Content.longitude, Content.place)
        .where(Content.id > after, Content.latitude.is_not(None), Content.longitude.is_not(None))
        .where(Content.place.is_not(None))
        .order_by(Content.id)
        .limit(limit)
    )
    return [
        (id, north, east, place)
        for id, north, east, place in rows
        if north is not None and east is not None and place is not None
    ]


def edition(connection: Connection) -> int:
    """How the names were given that are there; 1 where nothing says so."""
    return int(key_values.get(connection, EDITION, 1))


def set_edition(connection: Connection, number: int) -> None:
    """Say how the names were given that are there."""
    key_values.put(connection, EDITION, number)


def set_places(connection: Connection, places: Mapping[int, str]) -> None:
    """Write the names of the places where contents were taken, by id."""
    for id, place in sorted(places.items()):  # in one order: others may write the same
        connection.execute(update(Content).where(Content.id == id).values(place=place))


def forget_places(connection: Connection, ids: Iterable[int]) -> None:
    """Let contents have no name of their place, except those whose file or sidecar gives one."""
    listed = sorted(ids)
    metadata_rows.refresh(connection, listed, places_too=True)
    not_read_for_names = (among(Content.id, listed), Content.embedded.is_(None))
    connection.execute(update(Content).where(*not_read_for_names).values(place=None))

"""The names of the places where photos were taken, which are looked up by coordinates."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, func, select, update

from store.sql import key_values, metadata_rows
from store.sql.schema import Content

EDITION = "place_edition"
"""The setting that says how places are named: 1 where there is none; see ``indexer.places``."""

NAMED = "places_named"
"""The setting of how far they are named anew, while they are."""

_SET = update(Content).where(Content.id == bindparam("this")).values(place=bindparam("new"))


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


def renaming(connection: Connection, edition: int) -> tuple[int, int] | None:
    """What is still to be named in the way of ``edition``; None where nothing is.

    Returns:
        The id of the last content that is named so already, and how many are behind it.
    """
    if int(key_values.get(connection, EDITION, 1)) == edition:
        return None
    so_far = key_values.get(connection, NAMED, {})
    last = int(so_far["last"]) if so_far.get("edition") == edition else 0
    query = select(func.count()).where(Content.id > last, Content.place.is_not(None))
    query = query.where(Content.latitude.is_not(None), Content.longitude.is_not(None))
    return last, int(connection.execute(query).scalar_one())


def set_edition(connection: Connection, number: int) -> None:
    """Say how the names were given that are there."""
    key_values.put(connection, EDITION, number)


def set_places(connection: Connection, places: Mapping[int, str]) -> None:
    """Write the names of the places where contents were taken, by id."""
    rows = [{"this": id, "new": place} for id, place in sorted(places.items())]
    if rows:  # in one order: others may write the same
        connection.execute(_SET, rows)


def rename_places(
    connection: Connection, places: Mapping[int, tuple[str, str]], edition: int, last: int
) -> None:
    """Write new names over old ones (old, new), by id, where no file or sidecar gives the name.

    Args:
        edition: how they are named now.
        last: the id of the last content that is named so.
    """
    said = metadata_rows.with_own_place(connection, places)
    rows = [
        {"this": id, "old": old, "new": new}
        for id, (old, new) in sorted(places.items())
        if id not in said
    ]
    if rows:
        connection.execute(_SET.where(Content.place == bindparam("old")), rows)
    key_values.put(connection, NAMED, {"edition": edition, "last": last})

"""Single values by name: the rows of ``setting``."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from store.errors import LibraryNotFound
from store.sql.dialect.expressions import insert
from store.sql.schema import Setting

UNFINISHED = "unfinished_copy_of"
"""The setting that a library has until all of it has been copied."""


VIEWS = "views"
"""The setting of how many views of a picture runs take; see ``indexer.encoders.views``."""

READ_TEXT = "read_text"
"""The setting of whether runs read the text in new photos."""

WRITE_SIDECARS = "write_sidecars"
"""The setting of whether the page also writes tags into sidecars."""


def get(connection: Connection, key: str, default: Any = None) -> Any:
    row = connection.execute(select(Setting.value).where(Setting.key == key)).first()
    return default if row is None else row[0]


def put(connection: Connection, key: str, value: Any) -> None:
    """Write a value. What is worked out from the one before is for whoever is the only writer."""
    connection.execute(
        insert(Setting)
        .values(key=key, value=value)
        .on_conflict_do_update(index_elements=["key"], set_={"value": value})
    )


def generation(connection: Connection) -> int:
    """A number that grows with every change to what a search can find."""
    return int(get(connection, "generation", 0))


def bump_generation(connection: Connection) -> None:
    """Give the library its next generation; the last statement of a transaction.

    Until that ends, others wait here: who sees a generation sees all that came before it. The row
    has to be there for that, as it is on a server from the beginning.
    """
    query = select(Setting.value).where(Setting.key == "generation").with_for_update()
    row = connection.execute(query).first()
    put(connection, "generation", 1 if row is None else int(row[0]) + 1)


def require_whole(connection: Connection, named: str) -> None:
    """Raise ``LibraryNotFound`` if the library, called ``named``, was not copied to its end."""
    origin = get(connection, UNFINISHED)
    if origin is not None:
        raise LibraryNotFound(
            f"The library at {named} is a copy that was not finished. Finish it with: "
            f"clipsearch copy {origin['named']} {named}"
        )

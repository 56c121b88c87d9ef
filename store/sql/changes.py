"""Logs of contents that have changed, for what is derived from rows and kept in files.

``SEARCHED`` has those that a search can find now or no longer, ``FACTS`` those of which the page
may show something else than before: either is written by triggers.

Everything derived has a token, with which the number of the last change taken in is kept here. A
token that is unknown here comes from a different past (the database was restored from a backup,
say), in which even the same ids may mean different contents.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, TableClause, column, delete, select, table

from store.sql import key_values
from store.sql.dialect import statements
from store.sql.schema import Setting
from store.vectors import Ids


@dataclass(frozen=True)
class Log:
    """A log of changes.

    Attributes:
        table: its rows, with a ``number`` that is never given twice and a ``content_id``.
        names: how the names of the settings begin that say what has been taken in of it.
    """

    table: TableClause
    names: str


def _log(name: str, names: str) -> Log:
    return Log(table(name, column("number"), column("content_id")), names)


SEARCHED = _log("change", "taken_in:")
FACTS = _log("fact_change", "facts_taken_in:")


def latest(connection: Connection, log: Log = SEARCHED) -> int:
    """The number of the last change, 0 if there was none ever."""
    return statements.last_number(connection, log.table.name)


def taken_in(connection: Connection, name: str, token: str, log: Log = SEARCHED) -> int | None:
    """The number of the last change in what was derived as ``name`` under ``token``.

    None: it comes from a different past, or was forgotten.
    """
    known: dict[str, int] = key_values.get(connection, log.names + name, {})
    return known.get(token)


def since(connection: Connection, number: int, log: Log = SEARCHED) -> Ids:
    """The contents of all changes after ``number``, each once, in order."""
    changed = log.table.c
    query = select(changed.content_id).where(changed.number > number).distinct()
    return np.sort(np.fromiter(connection.execute(query).scalars(), np.int64))


def announce(
    connection: Connection, name: str, token: str, number: int, log: Log = SEARCHED
) -> None:
    """Say, before it is published, that ``token`` will mean all changes up to ``number``."""
    known: dict[str, int] = key_values.get(connection, log.names + name, {})
    key_values.put(connection, log.names + name, {**known, token: number})


def settle(connection: Connection, name: str, token: str, number: int, log: Log = SEARCHED) -> None:
    """Say, after it was published, that ``token`` is the only one, and let the changes go.

    All other names are forgotten with them.
    """
    connection.execute(delete(Setting).where(Setting.key.startswith(log.names, autoescape=True)))
    key_values.put(connection, log.names + name, {token: number})
    connection.execute(delete(log.table).where(log.table.c.number <= number))

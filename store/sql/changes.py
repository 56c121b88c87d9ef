"""The log of contents that a search can find now or no longer, for what is derived from rows.

Everything derived has a token, with which the number of the last change taken in is kept here. A
token that is unknown here comes from a different past (the database was restored from a backup,
say), in which even the same ids may mean different contents.
"""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection, delete, select

from store.sql import key_values
from store.sql.dialect import statements
from store.sql.schema import Change, Setting
from store.vectors import Ids

_NAMES = "taken_in:"


def latest(connection: Connection) -> int:
    """The number of the last change, 0 if there was none ever."""
    return statements.last_number(connection, Change.__tablename__)


def taken_in(connection: Connection, name: str, token: str) -> int | None:
    """The number of the last change in what was derived as ``name`` under ``token``.

    None: it comes from a different past, or was forgotten.
    """
    known: dict[str, int] = key_values.get(connection, _NAMES + name, {})
    return known.get(token)


def since(connection: Connection, number: int) -> Ids:
    """The contents of all changes after ``number``, each once, in order."""
    query = select(Change.content_id).where(Change.number > number).distinct()
    return np.sort(np.fromiter(connection.execute(query).scalars(), np.int64))


def announce(connection: Connection, name: str, token: str, number: int) -> None:
    """Say, before it is published, that ``token`` will mean all changes up to ``number``."""
    known: dict[str, int] = key_values.get(connection, _NAMES + name, {})
    key_values.put(connection, _NAMES + name, {**known, token: number})


def settle(connection: Connection, name: str, token: str, number: int) -> None:
    """Say, after it was published, that ``token`` is the only one, and let the changes go.

    All other names are forgotten with them.
    """
    connection.execute(delete(Setting).where(Setting.key.startswith(_NAMES, autoescape=True)))
    key_values.put(connection, _NAMES + name, {token: number})
    connection.execute(delete(Change).where(Change.number <= number))

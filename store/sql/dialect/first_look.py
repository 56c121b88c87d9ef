"""A first look at the file of a library: which model answers, and how it stands.

SQLAlchemy takes longer to import than a small model takes to load. Who needs to know which model
that will be asks here, by Python's own ``sqlite3``, and begins to load it meanwhile; the library
itself is asked all the same, and what it says counts. ``clipsearch status`` needs nothing else.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from store.errors import LibraryError
from store.index import manifest
from store.online import is_online
from store.sql import standing
from store.sql.dialect import file_checks, read_only
from store.sql.dialect.upgrades import SCHEMA_VERSION
from store.sql.standing import Ask
from store.standing import Standing
from store.values import DATABASE, ModelInfo

_NOT_UNDERSTOOD = (OSError, sqlite3.Error, ValueError, TypeError, AttributeError)


def answering_model(folder: Path) -> ModelInfo | None:
    """The model that answers queries, as the library in ``folder`` says at this moment.

    None where there is none, or it can't be read or understood: whoever opens the library
    says what is wrong with it.
    """
    try:
        with _asking(folder) as ask:
            model = standing.model(ask, "model_id")
    except _NOT_UNDERSTOOD:
        return None
    match model:
        case ModelInfo(int(), str(), str(), int()):
            return model
    return None


def standing_of(folder: Path) -> Standing | None:
    """How the library in ``folder`` stands at this moment.

    None where that can't be said without opening it: there is something to tell, or to do, first.
    """
    try:
        file_checks.check_file(folder / DATABASE)
        if read_only.is_read_only(folder / DATABASE):
            return None
        with _asking(folder) as ask:
            if ask("PRAGMA user_version", {})[0][0] != SCHEMA_VERSION:
                return None
            model = standing.model(ask, "model_id")
            return Standing(
                model,
                building=standing.model(ask, "building_model_id"),
                roots=standing.roots(ask, is_online),
                searchable=standing.searchable_count(ask, model) if model else 0,
                hidden=standing.hidden_count(ask, model) if model else 0,
                damaged=standing.left_out_count(ask, model) if model else 0,
                texts=standing.text_counts(ask),
                effort=manifest.effort_of(folder, model) if model else None,
            )
    except (LibraryError, *_NOT_UNDERSTOOD):
        return None


@contextmanager
def _asking(folder: Path) -> Iterator[Ask]:
    """Asks the library in ``folder``, as it is when the block is entered."""
    database = folder / DATABASE
    if not database.is_file():
        raise FileNotFoundError(database)
    with closing(read_only.connect(database)) as connection:
        connection.execute("BEGIN")
        yield lambda statement, values: connection.execute(statement, values).fetchall()

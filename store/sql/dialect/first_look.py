"""A first look at the file of a library: which model answers.

SQLAlchemy takes longer to import than a small model takes to load. Who only needs to know which
model that will be asks here, by Python's own ``sqlite3``, and begins to load it meanwhile. The
library itself is asked all the same, and what it says counts.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from store.sql.dialect import read_only
from store.values import DATABASE, ModelInfo

_ANSWERING = """
    SELECT model.id, model.name, model.fingerprint, model.dim
    FROM setting JOIN model ON model.id = setting.value
    WHERE setting.key = 'model_id'
"""


def answering_model(folder: Path) -> ModelInfo | None:
    """The model that answers queries, as the library in ``folder`` says at this moment.

    None where there is none, or it can't be read or understood: whoever opens the library
    says what is wrong with it.
    """
    database = folder / DATABASE
    if not database.is_file():
        return None
    try:
        with closing(read_only.connect(database)) as connection:
            row = connection.execute(_ANSWERING).fetchone()
    except (OSError, sqlite3.Error):
        return None
    match row:
        case (int(id), str(name), str(fingerprint), int(dim)):
            return ModelInfo(id, name, fingerprint, dim)
    return None

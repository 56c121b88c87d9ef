"""Whether the rows are sound and the derived index equals them."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection

from store.sql import embeddings, invariants, queries
from store.values import ModelInfo
from store.vectors import Ids, VectorIndex

_PART = 10_000
_OF_AN_INDEX = ("missing from index", "wrong # of entries in index", "non-unique entry in index")


def problems(connection: Connection, model: ModelInfo, index: VectorIndex) -> list[str]:
    """One line for each thing that is wrong; none if all is well.

    SQLite's own checks and ours of all rows, then every vector of the model: that it is what was
    written, and found in ``index`` under its id, and nothing else there.
    """
    wrong = [f"the database: {line}" for line in integrity(connection)]
    wrong += [
        f"the database: {count} rows of {table} refer to a {parent} that is not there"
        for table, parent, count in connection.exec_driver_sql(
            'SELECT "table", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2'
        )
    ]
    wrong += invariants.broken(connection)
    visible = queries.visible_ids(connection, model.id)
    indexed = np.sort(index.ids())
    damaged, different = np.empty(0, np.int64), 0
    for start in range(0, len(visible), _PART):
        rows = embeddings.read(connection, model, visible[start : start + _PART])
        damaged = np.concatenate([damaged, rows.ids[~rows.sound]])
        both = rows.sound & np.isin(rows.ids, indexed, assume_unique=True)
        copies = index.vectors(rows.ids[both])
        different += int((copies != rows.vectors[both]).any(axis=1).sum())
    wrong += _compare_ids(np.setdiff1d(visible, damaged), np.setdiff1d(indexed, damaged))
    if len(damaged):
        wrong.append(f"{len(damaged)} stored vectors are not what was written")
    if different:
        wrong.append(f"{different} vectors in the index differ from their rows")
    return wrong


def integrity(connection: Connection) -> list[str]:
    """What SQLite's full check says of the file; nothing if all is well."""
    lines = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
    return [line for line in lines if line != "ok"]


def only_indexes(lines: list[str]) -> bool:
    """Whether all that ``integrity`` says can be mended by making SQLite's indexes anew."""
    return all(any(kind in line for kind in _OF_AN_INDEX) for line in lines)


def _compare_ids(rows: Ids, index: Ids) -> list[str]:
    wrong = []
    if missing := len(np.setdiff1d(rows, index)):
        wrong.append(f"{missing} photos are missing from the index")
    if surplus := len(np.setdiff1d(index, rows)):
        wrong.append(f"{surplus} entries of the index belong to no photo")
    return wrong

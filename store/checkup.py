"""Whether the rows are sound and the derived index equals them."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection

from store import photos
from store.records import ModelInfo
from store.vectors import Ids, VectorIndex

_PART = 10_000
_EXPECTED = 1e-3  # how far a stored vector's length may be from 1


def problems(connection: Connection, model: ModelInfo, index: VectorIndex) -> list[str]:
    """One line for each thing that is wrong; none if all is well.

    SQLite's own integrity check, then every vector of the model: right length, unit norm, and
    found in ``index`` under its id, and nothing else there.
    """
    found = [
        f"the database: {line}"
        for (line,) in connection.exec_driver_sql("PRAGMA integrity_check")
        if line != "ok"
    ]
    visible = photos.visible_ids(connection, model.id)
    indexed = np.sort(index.ids())
    found += _compare_ids(visible, indexed)
    wrong_length = wrong_answer = 0
    for start in range(0, len(visible), _PART):
        part = visible[start : start + _PART]
        try:
            vectors = photos.vectors(connection, model, part)
        except ValueError:  # a row of another length
            return [*found, f"vectors {part[0]} to {part[-1]} are not {model.dim} numbers each"]
        lengths = np.linalg.norm(vectors, axis=1)
        wrong_length += int((np.abs(lengths - 1) > _EXPECTED).sum())
        both = np.isin(part, indexed, assume_unique=True)
        wrong_answer += int((index.vectors(part[both]) != vectors[both]).any(axis=1).sum())
    if wrong_length:
        found.append(f"{wrong_length} vectors are not of unit length")
    if wrong_answer:
        found.append(f"{wrong_answer} vectors in the index differ from their rows")
    return found


def _compare_ids(rows: Ids, index: Ids) -> list[str]:
    found = []
    if missing := len(np.setdiff1d(rows, index)):
        found.append(f"{missing} photos are missing from the index")
    if surplus := len(np.setdiff1d(index, rows)):
        found.append(f"{surplus} entries of the index belong to no photo")
    return found

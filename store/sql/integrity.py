"""Whether the rows are sound and the derived index equals them."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Connection

from store.sql import embeddings, frames, searchable, stack_states
from store.sql.dialect import content_words, invariants, name_words, statements, text_trigrams
from store.values import ModelInfo
from store.vectors import Ids, VectorSearch

_PART = 10_000


def problems(connection: Connection, model: ModelInfo, index: VectorSearch) -> list[str]:
    """One line for each thing that is wrong; none if all is well.

    The database's own checks and ours of all rows, then every vector of the model: that it is what
    was written, and is in ``index`` under its id, and nothing else there.
    """
    wrong = [f"the database: {line}" for line in statements.problems(connection)]
    wrong += [
        f"the database: {count} rows of {table} refer to a {parent} that is not there"
        for table, parent, count in statements.lost_references(connection)
    ]
    wrong += invariants.broken(connection) + stack_states.problems(connection)
    if different := name_words.different(connection):
        wrong.append(f"{different} entries of the index of names differ from their rows")
    if videos := len(frames.damaged(connection, model)):
        wrong.append(f"frames of {videos} videos are not what was written")
    if different := text_trigrams.different(connection):
        wrong.append(f"{different} entries of the index of text differ from their rows")
    if different := content_words.different(connection):
        wrong.append(f"{different} entries of the index of titles differ from their rows")
    visible = searchable.visible_ids(connection, model.id)
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


def _compare_ids(rows: Ids, index: Ids) -> list[str]:
    wrong = []
    if missing := len(np.setdiff1d(rows, index)):
        wrong.append(f"{missing} photos are missing from the index")
    if surplus := len(np.setdiff1d(index, rows)):
        wrong.append(f"{surplus} entries of the index belong to no photo")
    return wrong

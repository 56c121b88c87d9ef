"""Concepts: what a few example pictures have in common, under a name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection, delete, select

from store.checksums import stored
from store.sql.dialect.expressions import insert
from store.sql.photos import digest
from store.sql.schema import ConceptExample, Content
from store.values import Example
from store.vectors import Vectors


def examples(connection: Connection, name: str) -> list[Example]:
    """The examples of a concept, in the order in which they were added; none if it is unknown."""
    rows = connection.execute(
        select(
            ConceptExample.path,
            ConceptExample.negative,
            Content.id,
            ConceptExample.model_id,
            ConceptExample.vector,
        )
        .outerjoin(Content, Content.digest == ConceptExample.digest)
        .where(ConceptExample.concept == name.lower())
        .order_by(ConceptExample.id)
    )
    return [
        Example(path, negative, content, model, _vector(vector))
        for path, negative, content, model, vector in rows
    ]


def _vector(kept: bytes) -> Vectors:
    """Empty where damage left no whole numbers: see ``Example.is_sound``."""
    return np.frombuffer(kept, "<f4", count=len(kept) // 4).astype(np.float32)


def names(connection: Connection) -> list[str]:
    query = select(ConceptExample.concept).distinct().order_by(ConceptExample.concept)
    return list(connection.execute(query).scalars())


def add(connection: Connection, name: str, new: Sequence[Example]) -> None:
    """Add examples; one of the same path takes the place of what it was before."""
    for example in new:
        values = {
            "negative": example.negative,
            "digest": digest(connection, example.content_id)
            if example.content_id is not None
            else None,
            "model_id": example.model_id,
            "vector": stored(example.vector),
        }
        connection.execute(
            insert(ConceptExample)
            .values(concept=name.lower(), path=example.path, **values)
            .on_conflict_do_update(index_elements=["concept", "path"], set_=values)
        )


def remove(connection: Connection, name: str) -> int:
    """Forget a concept. Returns how many examples it had."""
    return connection.execute(
        delete(ConceptExample).where(ConceptExample.concept == name.lower())
    ).rowcount

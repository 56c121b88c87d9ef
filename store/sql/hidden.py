"""Hidden photos: rows of ``tag`` under a name that no tag has, so that they hang on digests.

See ``docs/decisions/0013-hidden-photos.md``.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection, select

from store.filters import HIDDEN
from store.sql import key_values, stacking, tags
from store.sql.dialect.expressions import chunks
from store.sql.schema import Content, Tag
from store.vectors import Ids

_REVISION = "hidden_revision"
_OF_HIDDEN = Tag.name == HIDDEN


def hide(connection: Connection, content_ids: Sequence[int]) -> int:
    """Hide contents, and what is stacked beside them. Returns how many were not hidden."""
    count = tags.add(connection, content_ids, HIDDEN)
    beside = stacking.contents_beside(connection, content_ids)
    return _changed(connection, count, tags.add(connection, beside, HIDDEN))


def show_again(connection: Connection, content_ids: Sequence[int]) -> int:
    """Let contents, and what is stacked beside them, be shown again. Returns how many were hidden.

    What is beside them counts in neither.
    """
    count = tags.remove(connection, content_ids, HIDDEN)
    beside = stacking.contents_beside(connection, content_ids)
    return _changed(connection, count, tags.remove(connection, beside, HIDDEN))


def hide_whole(connection: Connection, stacks: Sequence[Sequence[int]]) -> None:
    """Hide all contents of each stack of which one is hidden."""
    marked = among(connection, [id for stack in stacks for id in stack])
    if marked:
        hide(connection, [id for stack in stacks if not marked.isdisjoint(stack) for id in stack])


def contents(connection: Connection) -> Ids:
    """The contents that are hidden, (n,) int64, in order."""
    query = select(Content.id).join(Tag, Tag.digest == Content.digest).where(_OF_HIDDEN)
    return np.sort(np.fromiter(connection.execute(query).scalars(), np.int64))


def among(connection: Connection, content_ids: Sequence[int]) -> set[int]:
    """Those of ``content_ids`` that are hidden."""
    hidden: set[int] = set()
    for part in chunks(content_ids):
        query = select(Content.id).join(Tag, Tag.digest == Content.digest)
        query = query.where(Content.id.in_(part), _OF_HIDDEN)
        hidden.update(connection.execute(query).scalars())
    return hidden


def revision(connection: Connection) -> str | None:
    """What changes whenever other photos are hidden; None while none is."""
    if connection.execute(select(Tag.digest).where(_OF_HIDDEN).limit(1)).first() is None:
        return None
    return str(key_values.get(connection, _REVISION, ""))


def next_revision(connection: Connection) -> None:
    """Say that other photos are hidden than before; at the end of the transaction that does it."""
    key_values.put(connection, _REVISION, secrets.token_hex(8))


def _changed(connection: Connection, count: int, beside: int) -> int:
    if count or beside:
        next_revision(connection)
    return count

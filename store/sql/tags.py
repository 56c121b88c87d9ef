"""Tags: words that the user gave to pictures. They hang on digests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, delete, literal, select

from store.errors import QueryError
from store.filters import HIDDEN
from store.sql.dialect.expressions import chunks, insert
from store.sql.schema import Content, Tag


def are_tags() -> ColumnElement[bool]:
    """Which rows are tags, and not the mark of hidden photos."""
    return Tag.name != HIDDEN


def require_name(name: str) -> None:
    """Raise ``QueryError`` if no tag can be called ``name``."""
    if name.lower() == HIDDEN:
        raise QueryError(f"No tag can be called {HIDDEN}: that is how hidden photos are marked.")


def of(connection: Connection, content_ids: Iterable[int]) -> dict[int, list[str]]:
    """The tags of each content that has any, in order."""
    tags: dict[int, list[str]] = {}
    for part in chunks(list(content_ids)):
        query = (
            select(Content.id, Tag.name)
            .join(Tag, Tag.digest == Content.digest)
            .where(Content.id.in_(part), are_tags())
            .order_by(Tag.name)
        )
        for content_id, name in connection.execute(query):
            tags.setdefault(content_id, []).append(name)
    return tags


def contents_of_all(connection: Connection) -> dict[str, list[int]]:
    """The contents with each tag, by its name, in order."""
    contents: dict[str, list[int]] = {}
    query = select(Tag.name, Content.id).join(Content, Content.digest == Tag.digest)
    query = query.where(are_tags())
    for name, content_id in connection.execute(query.order_by(Tag.name, Content.id)):
        contents.setdefault(name, []).append(content_id)
    return contents


def digests_of_all(connection: Connection) -> dict[str, list[bytes]]:
    """The digests with each tag, by its name, in order; also of pictures that are not here.

    Also those of hidden photos, by ``HIDDEN``.
    """
    digests: dict[str, list[bytes]] = {}
    for name, digest in connection.execute(select(Tag.name, Tag.digest)).all():
        digests.setdefault(name, []).append(digest)
    return dict(sorted(digests.items()))


def contents_with(connection: Connection, name: str) -> set[int]:
    """The contents with one tag."""
    query = select(Content.id).join(Tag, Tag.digest == Content.digest)
    return set(connection.execute(query.where(Tag.name == name.lower())).scalars())


def add(connection: Connection, content_ids: Sequence[int], name: str) -> int:
    """Give contents a tag. Returns how many did not have it."""
    added = 0
    for part in chunks(content_ids):
        known = select(Content.digest, literal(name.lower())).where(Content.id.in_(part))
        statement = insert(Tag).from_select(["digest", "name"], known)
        added += connection.execute(statement.on_conflict_do_nothing()).rowcount
    return added


def remove(connection: Connection, content_ids: Sequence[int], name: str) -> int:
    """Take a tag from contents. Returns how many had it."""
    removed = 0
    for part in chunks(content_ids):
        digests = select(Content.digest).where(Content.id.in_(part))
        removed += connection.execute(
            delete(Tag).where(Tag.digest.in_(digests), Tag.name == name.lower())
        ).rowcount
    return removed

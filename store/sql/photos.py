"""Paths and the contents that they lead to, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from store.sql import stacking
from store.sql.dialect.expressions import ID_END, among, chunks
from store.sql.roots import places
from store.sql.schema import Content, Photo, Root
from store.states import State
from store.values import ContentFacts, PhotoInfo


def photos_of(connection: Connection, content_ids: Iterable[int]) -> dict[int, list[PhotoInfo]]:
    """The living paths of each content, in order of path."""
    photos: dict[int, list[PhotoInfo]] = {}
    for part in chunks([id for id in content_ids if id < ID_END]):
        query = _photos().where(Photo.content_id.in_(part), Photo.state == State.INDEXED)
        for row in connection.execute(query):
            photos.setdefault(row[1], []).append(_photo_info(row))
    return photos


def stacked(connection: Connection, content_ids: Iterable[int]) -> dict[int, list[PhotoInfo]]:
    """The paths that each content shows for, in order; see ``store.stacks``."""
    stacks = stacking.beside(connection, [id for id in content_ids if id < ID_END])
    photos: dict[int, PhotoInfo] = {}
    for part in chunks([id for ids in stacks.values() for id in ids]):
        for row in connection.execute(_photos().where(Photo.id.in_(part))):
            photos[row[0]] = _photo_info(row)
    return {content: [photos[id] for id in ids] for content, ids in stacks.items()}


def photos_in_states(connection: Connection, states: Iterable[State]) -> Iterator[PhotoInfo]:
    """The ledger: every path in one of ``states``, in order of path."""
    query = _photos().where(Photo.state.in_(list(states)))
    for row in connection.execute(query):
        yield _photo_info(row)


def passed_over(connection: Connection, reason: str) -> bool:
    """Whether any file counts as no picture for this reason."""
    query = select(Photo.id).where(Photo.state == State.OTHER, Photo.reason == reason).limit(1)
    return connection.execute(query).first() is not None


def _photos() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Photo.id,
            Photo.content_id,
            Root.path,
            Photo.folder,
            Photo.name,
            Photo.state,
            Photo.reason,
            Photo.size,
            Photo.mtime_ns,
            Photo.away,
            Content.width,
            Content.height,
            Content.format,
            Content.taken_at,
            Content.camera,
            Content.lens,
            Content.latitude,
            Content.longitude,
            Content.place,
            Content.taken_from,
            Content.taken_offset,
            Content.only_day,
            Content.title,
            Content.description,
            Content.creator,
            Content.copyright,
            Content.rating,
            Content.colour_label,
            Content.duration_ms,
        )
        .join(Root, Root.id == Photo.root_id)
        .outerjoin(Content, Content.id == Photo.content_id)
        .order_by(Root.path, Photo.folder, Photo.name)
    )


def _photo_info(row: Row[Any]) -> PhotoInfo:
    values = tuple[Any, ...](row)
    id, content_id, root, folder, name, state, reason, size, mtime_ns, away, *facts = values
    return PhotoInfo(
        id=id,
        content_id=content_id,
        root=Path(root),
        path=Path(root, folder, name),
        state=State(state),
        reason=reason,
        size=size,
        mtime_ns=mtime_ns,
        facts=None if content_id is None else ContentFacts(*facts),
        away=away,
    )


def contents_at(connection: Connection, path: Path) -> list[int]:
    """The content at ``path`` (absolute), or those below it; living paths only.

    Of a stacked path it is that of the picture that shows for it.
    """
    contents: list[int] = []
    for root_id, place in places(connection, path):
        query = select(Photo.content_id).where(
            Photo.root_id == root_id, Photo.state == State.INDEXED, place
        )
        contents += [id for id in connection.execute(query.distinct()).scalars() if id is not None]
        hidden = select(Photo.id).where(
            Photo.root_id == root_id, Photo.state == State.STACKED, place
        )
        contents += stacking.contents_showing(connection, connection.execute(hidden).scalars())
    return list(dict.fromkeys(contents))


def digest(connection: Connection, content_id: int) -> bytes | None:
    """The SHA-256 of a content's bytes; None if there is no such content."""
    if content_id >= ID_END:
        return None
    return connection.execute(select(Content.digest).where(Content.id == content_id)).scalar()


def digests(connection: Connection, ids: Sequence[int]) -> dict[int, bytes]:
    """The SHA-256 of each of these contents' bytes, where there is such a content."""
    query = select(Content.id, Content.digest).where(among(Content.id, list(ids)))
    return {row.id: row.digest for row in connection.execute(query)}


def content_count(connection: Connection) -> int:
    """How many different pictures are known, including those that are gone."""
    return connection.execute(select(func.count()).select_from(Content)).scalar_one()


def living_digests(connection: Connection) -> list[tuple[int, bytes]]:
    """The id and digest of every content at some path that is not gone."""
    living = select(Photo.content_id).where(Photo.state == State.INDEXED)
    query = select(Content.id, Content.digest).where(Content.id.in_(living))
    return [(id, digest) for id, digest in connection.execute(query)]


def away_count(connection: Connection, path: Path) -> int:
    """How many paths at or below ``path`` (absolute) are away."""
    return sum(
        connection.execute(
            select(func.count())
            .select_from(Photo)
            .where(Photo.root_id == root_id, place, Photo.away)
        ).scalar_one()
        for root_id, place in places(connection, path)
    )

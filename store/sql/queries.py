"""Every question asked of the tables. Each function takes an open connection; none writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import ColumnElement, Connection, Row, Select, String, and_, func, or_, select, true
from sqlalchemy import cast as sql_cast

from store.sql.fspath import relative, to_text
from store.sql.schema import Content, Embedding, Model, Photo, Root, Tag
from store.states import State
from store.values import ContentFacts, ModelInfo, PhotoInfo, RootInfo
from store.vectors import Ids

T = TypeVar("T")
_ID_END = 2**63  # people can ask for any number; SQLite refuses those from here on
_TENS = len("2019-07-14 18:30:0")
_CHUNK = 500  # values in one IN (...); SQLite's limit was 999 for long


def chunks(items: Sequence[T], size: int = _CHUNK) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def model(connection: Connection, model_id: int) -> ModelInfo | None:
    row = connection.execute(
        select(Model.id, Model.name, Model.fingerprint, Model.dim).where(Model.id == model_id)
    ).first()
    return None if row is None else ModelInfo(*row)


def models(connection: Connection) -> list[ModelInfo]:
    rows = connection.execute(select(Model.id, Model.name, Model.fingerprint, Model.dim))
    return [ModelInfo(*row) for row in rows]


def roots(connection: Connection) -> list[RootInfo]:
    rows = connection.execute(select(Root.id, Root.path, Root.excludes).order_by(Root.path))
    return [RootInfo(id, Path(path), tuple(excludes)) for id, path, excludes in rows]


def under(folder: str) -> ColumnElement[bool]:
    """Photos in ``folder`` (relative to its root) or below it; "" is the whole root."""
    if not folder:
        return true()
    # Not LIKE: SQLite's takes no notice of case.
    start = to_text(folder) + "/"
    beginning = func.substr(sql_cast(Photo.folder, String), 1, len(start))
    return or_(Photo.folder == folder, beginning == start)


def at_or_below(place: str) -> ColumnElement[bool]:
    """The photo at ``place`` (relative to its root), or those in and below the folder there."""
    folder, _, name = place.rpartition("/")
    return or_(and_(Photo.folder == folder, Photo.name == name), under(place))


def embedded_digests(connection: Connection, digests: Iterable[bytes], model_id: int) -> set[bytes]:
    """Those of ``digests`` whose content the model has embedded already."""
    found: set[bytes] = set()
    for part in chunks(list(digests)):
        found.update(
            connection.execute(
                select(Content.digest)
                .join(Embedding, Embedding.content_id == Content.id)
                .where(Content.digest.in_(part), Embedding.model_id == model_id)
            ).scalars()
        )
    return found


def visible_ids(connection: Connection, model_id: int) -> Ids:
    """Contents that a search may find: embedded, and at some path that is not gone."""
    # Each of the two from an index alone, in order; joined, they would look up every row.
    living = select(Photo.content_id).where(
        Photo.state == State.INDEXED, Photo.content_id.is_not(None)
    )
    embedded = select(Embedding.content_id).where(Embedding.model_id == model_id)
    return np.intersect1d(
        _ids(connection, living.distinct()), _ids(connection, embedded), assume_unique=True
    )


def repeated_ids(connection: Connection, model_id: int) -> Ids:
    """Contents that a search may find, and that are at more than one living path; in order."""
    query = (
        select(Photo.content_id)
        .where(Photo.state == State.INDEXED, Photo.content_id.is_not(None))
        .group_by(Photo.content_id)
        .having(func.count() > 1)
    )
    return visible_among(connection, model_id, _ids(connection, query))


def visible_among(connection: Connection, model_id: int, ids: Ids) -> Ids:
    """Those of ``ids`` that a search may find, in order."""
    found = [np.empty(0, np.int64)]
    for part in chunks(ids.tolist()):
        query = (
            select(Embedding.content_id)
            .join(Photo, Photo.content_id == Embedding.content_id)
            .where(
                Embedding.content_id.in_(part),
                Embedding.model_id == model_id,
                Photo.state == State.INDEXED,
            )
        )
        found.append(_ids(connection, query.distinct()))
    return np.sort(np.concatenate(found))


def _ids(connection: Connection, query: Select[Any]) -> Ids:
    return np.fromiter(connection.execute(query).scalars(), np.int64)


def unembedded_count(connection: Connection, model_id: int) -> int:
    """Contents at some living path that the model has not embedded yet."""
    query = (
        select(func.count(Photo.content_id.distinct()))
        .outerjoin(
            Embedding,
            and_(Embedding.content_id == Photo.content_id, Embedding.model_id == model_id),
        )
        .where(Photo.state == State.INDEXED, Embedding.content_id.is_(None))
    )
    return connection.execute(query).scalar_one()


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


def photos_of(connection: Connection, content_ids: Iterable[int]) -> dict[int, list[PhotoInfo]]:
    """The living paths of each content, in order of path."""
    found: dict[int, list[PhotoInfo]] = {}
    for part in chunks([id for id in content_ids if id < _ID_END]):
        query = _photos().where(Photo.content_id.in_(part), Photo.state == State.INDEXED)
        for row in connection.execute(query):
            found.setdefault(row[1], []).append(_photo_info(row))
    return found


def photos_in_states(connection: Connection, states: Iterable[State]) -> Iterator[PhotoInfo]:
    """The ledger: every path in one of ``states``, in order of path."""
    query = _photos().where(Photo.state.in_(list(states)))
    for row in connection.execute(query):
        yield _photo_info(row)


def places(connection: Connection, path: Path) -> list[tuple[int, ColumnElement[bool]]]:
    """What ``path`` (absolute) covers: (root, which of its photos), for each root it touches."""
    covered: list[tuple[int, ColumnElement[bool]]] = []
    for root in roots(connection):
        if root.path.is_relative_to(path):
            covered.append((root.id, true()))
        elif path.is_relative_to(root.path):
            covered.append((root.id, at_or_below(relative(path, root.path))))
    return covered


def contents_at(connection: Connection, path: Path) -> list[int]:
    """The content at ``path`` (absolute), or those below it; living paths only."""
    contents: list[int] = []
    for root_id, place in places(connection, path):
        query = select(Photo.content_id).where(
            Photo.root_id == root_id, Photo.state == State.INDEXED, place
        )
        contents += [id for id in connection.execute(query.distinct()).scalars() if id is not None]
    return list(dict.fromkeys(contents))


def camera_times(connection: Connection, content_ids: Sequence[int]) -> dict[int, datetime]:
    """When the camera took each content, local time; those whose camera did not say are left out.

    Ids without a content are left out too.
    """
    listed = func.json_each(json.dumps(content_ids)).table_valued("value")
    return _times(connection, Content.id.in_(select(listed.c.value)))


def camera_times_around(connection: Connection, moments: Iterable[datetime]) -> dict[int, datetime]:
    """The same of all contents that were taken within ten seconds of one of ``moments``.

    Also of some that were taken up to twenty seconds from it.
    """
    # As text up to the tens of seconds; one look at each row, however many moments there are.
    ten = timedelta(seconds=10)
    near = {str(m + by)[:_TENS] for m in moments for by in (-ten, 0 * ten, ten)}
    listed = func.json_each(json.dumps(sorted(near))).table_valued("value")
    tens = func.substr(sql_cast(Content.taken_at, String), 1, _TENS)
    return _times(connection, tens.in_(select(listed.c.value)))


def _times(connection: Connection, condition: ColumnElement[bool]) -> dict[int, datetime]:
    query = select(Content.id, Content.taken_at).where(Content.taken_at.is_not(None), condition)
    return {id: taken for id, taken in connection.execute(query) if taken is not None}


def digest(connection: Connection, content_id: int) -> bytes | None:
    """The SHA-256 of a content's bytes; None if there is no such content."""
    if content_id >= _ID_END:
        return None
    return connection.execute(select(Content.digest).where(Content.id == content_id)).scalar()


def content_count(connection: Connection) -> int:
    """How many different pictures are known, those that are gone too."""
    return connection.execute(select(func.count()).select_from(Content)).scalar_one()


def living_digests(connection: Connection) -> list[tuple[int, bytes]]:
    """The id and digest of every content at some path that is not gone."""
    living = select(Photo.content_id).where(Photo.state == State.INDEXED)
    query = select(Content.id, Content.digest).where(Content.id.in_(living))
    return [(id, digest) for id, digest in connection.execute(query)]


def unplaced(connection: Connection, limit: int) -> list[tuple[int, float, float]]:
    """Contents that say where they are and have no name of the place yet: (id, lat., long.)."""
    rows = connection.execute(
        select(Content.id, Content.latitude, Content.longitude)
        .where(
            Content.latitude.is_not(None), Content.longitude.is_not(None), Content.place.is_(None)
        )
        .limit(limit)
    )
    return [(id, north, east) for id, north, east in rows if north is not None and east is not None]


def tags(connection: Connection, content_ids: Iterable[int]) -> dict[int, list[str]]:
    """The tags of each content that has any, in order."""
    found: dict[int, list[str]] = {}
    for part in chunks(list(content_ids)):
        query = (
            select(Content.id, Tag.name)
            .join(Tag, Tag.digest == Content.digest)
            .where(Content.id.in_(part))
            .order_by(Tag.name)
        )
        for content_id, name in connection.execute(query):
            found.setdefault(content_id, []).append(name)
    return found


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


def counts(connection: Connection, root_id: int) -> dict[State, int]:
    """How many paths of a root are in each state."""
    rows = connection.execute(
        select(Photo.state, func.count()).where(Photo.root_id == root_id).group_by(Photo.state)
    )
    return {State(state): count for state, count in rows}

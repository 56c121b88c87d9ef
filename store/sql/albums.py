"""Albums: pictures that the user put together, in an order. They hang on digests, as tags do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, and_, bindparam, delete, func, select, update

from store.errors import RootNotFound
from store.filters import HIDDEN
from store.sql.dialect.distinct import distinct_rows
from store.sql.dialect.expressions import chunks, insert
from store.sql.schema import AlbumPhoto, Content, Photo, Tag
from store.states import State
from store.values import AlbumInfo


def listed(connection: Connection) -> list[AlbumInfo]:
    """Every album, in order of names.

    Photos that are hidden, stacked or gone neither count nor stand for one.
    """
    indexed = select(Photo.id).where(Photo.content_id == Content.id, Photo.state == State.INDEXED)
    is_shown = and_(Tag.name.is_(None), indexed.correlate(Content).exists())
    query = (
        select(AlbumPhoto.album, Content.id, is_shown)
        .select_from(AlbumPhoto)
        .outerjoin(Content, Content.digest == AlbumPhoto.digest)
        .outerjoin(Tag, and_(Tag.digest == AlbumPhoto.digest, Tag.name == HIDDEN))
        .order_by(AlbumPhoto.album, AlbumPhoto.place)
    )
    pictures: dict[str, list[int]] = {}
    for name, content_id, shows in connection.execute(query):
        held = pictures.setdefault(name, [])
        if shows:
            held.append(content_id)
    albums = [
        AlbumInfo(name, len(held), held[0] if held else None) for name, held in pictures.items()
    ]
    return sorted(albums, key=lambda album: album.name.casefold())


def spelt(connection: Connection, name: str) -> str | None:
    """The name of an album as it was first written; None if there is none of that name."""
    wanted = name.casefold()
    names = (row[0] for row in distinct_rows(connection, AlbumPhoto.album))
    return next((known for known in names if known.casefold() == wanted), None)


def contents(connection: Connection, name: str) -> list[int]:
    """The contents in an album, in its order."""
    query = (
        select(Content.id)
        .join(AlbumPhoto, AlbumPhoto.digest == Content.digest)
        .where(AlbumPhoto.album == spelt(connection, name))
    )
    return list(connection.execute(query.order_by(AlbumPhoto.place, AlbumPhoto.digest)).scalars())


def digests(connection: Connection, name: str) -> list[bytes]:
    """The digests in an album, in its order; also of pictures that are not here."""
    query = select(AlbumPhoto.digest).where(AlbumPhoto.album == spelt(connection, name))
    return list(connection.execute(query.order_by(AlbumPhoto.place, AlbumPhoto.digest)).scalars())


def of(connection: Connection, content_id: int) -> list[str]:
    """The names of the albums that a content is in, in order."""
    query = (
        select(AlbumPhoto.album)
        .join(Content, Content.digest == AlbumPhoto.digest)
        .where(Content.id == content_id)
    )
    return sorted(connection.execute(query).scalars(), key=str.casefold)


def add(connection: Connection, name: str, content_ids: Sequence[int]) -> int:
    """Put contents at the end of an album. Returns how many were not in it."""
    album = spelt(connection, name) or name
    return add_digests(connection, album, _digests_of(connection, content_ids))


def add_digests(connection: Connection, album: str, those: Sequence[bytes]) -> int:
    """As ``add``, of an album spelt as it is and of different digests."""
    held: set[bytes] = set()
    for part in chunks(those):
        query = select(AlbumPhoto.digest).where(AlbumPhoto.album == album)
        held |= set(connection.execute(query.where(AlbumPhoto.digest.in_(part))).scalars())
    last = connection.execute(
        select(func.max(AlbumPhoto.place)).where(AlbumPhoto.album == album)
    ).scalar()
    new = [digest for digest in those if digest not in held]
    rows = [
        {"album": album, "digest": digest, "place": place}
        for place, digest in enumerate(new, 0 if last is None else last + 1)
    ]
    if rows:
        connection.execute(insert(AlbumPhoto).on_conflict_do_nothing(), rows)
    return len(rows)


def remove(connection: Connection, name: str, content_ids: Sequence[int]) -> int:
    """Take contents out of an album. Returns how many were in it."""
    album, removed = spelt(connection, name), 0
    for part in chunks(content_ids):
        held = select(Content.digest).where(Content.id.in_(part))
        removed += connection.execute(
            delete(AlbumPhoto).where(AlbumPhoto.album == album, AlbumPhoto.digest.in_(held))
        ).rowcount
    return removed


def move(connection: Connection, name: str, content_ids: Sequence[int], before: int | None) -> int:
    """Put contents of an album before another one of it, or at its end. Returns how many moved."""
    album, order = spelt(connection, name), digests(connection, name)
    held = set(order)
    moved = [one for one in _digests_of(connection, content_ids) if one in held]
    stay = [one for one in order if one not in set(moved)]
    mark = next(iter(_digests_of(connection, [] if before is None else [before])), None)
    if mark in moved:  # before the first that stays behind it
        mark = next((one for one in order[order.index(mark) :] if one in set(stay)), None)
    at = stay.index(mark) if mark in stay else len(stay)
    places = [
        {"of": digest, "at": place} for place, digest in enumerate([*stay[:at], *moved, *stay[at:]])
    ]
    if moved:
        connection.execute(
            update(AlbumPhoto)
            .where(AlbumPhoto.album == album, AlbumPhoto.digest == bindparam("of"))
            .values(place=bindparam("at")),
            places,
        )
    return len(moved)


def rename(connection: Connection, name: str, new: str) -> None:
    """Give an album another name; one of that name takes its pictures in, behind its own.

    Raises:
        RootNotFound: there is no album ``name``.
    """
    album = _known(connection, name)
    into = spelt(connection, new)
    if into is None or into == album:
        connection.execute(update(AlbumPhoto).where(AlbumPhoto.album == album).values(album=new))
        return
    add_digests(connection, into, digests(connection, album))
    connection.execute(delete(AlbumPhoto).where(AlbumPhoto.album == album))


def delete_album(connection: Connection, name: str) -> int:
    """Forget an album; its pictures stay. Returns how many it had.

    Raises:
        RootNotFound: there is no album ``name``.
    """
    album = _known(connection, name)
    return connection.execute(delete(AlbumPhoto).where(AlbumPhoto.album == album)).rowcount


def _known(connection: Connection, name: str) -> str:
    album = spelt(connection, name)
    if album is None:
        raise RootNotFound(f"There is no album {name}.")
    return album


def _digests_of(connection: Connection, content_ids: Iterable[int]) -> list[bytes]:
    """The digests of those contents that are there, in the order in which they are given."""
    wanted = list(dict.fromkeys(content_ids))
    by_id: dict[int, bytes] = {}
    for part in chunks(wanted):
        query = select(Content.id, Content.digest).where(Content.id.in_(part))
        by_id.update((id, digest) for id, digest in connection.execute(query))
    return [by_id[id] for id in wanted if id in by_id]

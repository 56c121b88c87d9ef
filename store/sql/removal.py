"""What leaves the library, and what stays when it does: marks hang on digests, not on rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    SQLColumnExpression,
    and_,
    delete,
    func,
    or_,
    select,
    union_all,
)

from store.errors import RootNotFound
from store.outcomes import Marks, Removed
from store.sql import frames, metadata_rows, stack_states
from store.sql.dialect.expressions import chunks
from store.sql.roots import places, roots
from store.sql.schema import AlbumPhoto, Content, Photo, Root, Tag
from store.states import State

_MARKS = union_all(select(Tag.digest), select(AlbumPhoto.digest)).subquery("marks")
_MARKED = (Tag, AlbumPhoto)


def forget(connection: Connection, path: Path, *, marks: bool) -> Removed:
    """Remove every path at or below ``path`` (absolute), and with ``marks`` those on them alone.

    Raises:
        RootNotFound: the library knows nothing at ``path``.
    """
    only_here = _marked_only_at(connection, path)
    their_marks = _count(connection, only_here)
    removed = 0
    known = False
    copies: list[int] = []
    for root_id, place in places(connection, path):
        copies += metadata_rows.at_others_too(connection, and_(Photo.root_id == root_id, place))
        removed += connection.execute(delete(Photo).where(Photo.root_id == root_id, place)).rowcount
    for root in roots(connection):
        if root.path.is_relative_to(path):
            known = True
            connection.execute(delete(Root).where(Root.id == root.id))
    if not known and not removed:
        raise RootNotFound(f"The library knows nothing at {path}.")
    stack_states.release(connection)
    digests = remove_orphans(connection)
    metadata_rows.refresh(connection, copies)
    if not marks:
        return Removed(removed, Marks(0, 0), digests)
    for part in chunks(only_here):
        for mark in _MARKED:
            connection.execute(delete(mark).where(mark.digest.in_(part)))
    return Removed(removed, their_marks, digests)


def prune(connection: Connection, *, marks: bool) -> Removed:
    """Remove what is gone; with ``marks`` also every mark whose picture is not in the library."""
    removed = connection.execute(delete(Photo).where(Photo.state == State.GONE)).rowcount
    digests = remove_orphans(connection)
    if not marks:
        return Removed(removed, Marks(0, 0), digests)
    unattached = marks_without_photo(connection)
    for mark in _MARKED:
        connection.execute(delete(mark).where(_has_no_photo(mark.digest)))
    return Removed(removed, unattached, digests)


def marks_only_at(connection: Connection, path: Path) -> Marks:
    """The marks on pictures that are at or below ``path`` (absolute) and nowhere else."""
    return _count(connection, _marked_only_at(connection, path))


def _marked_only_at(connection: Connection, path: Path) -> list[bytes]:
    """The digests of the marked pictures that are at or below ``path`` and nowhere else."""
    marked = (
        select(Content.digest, Photo.id)
        .join(Photo, Photo.content_id == Content.id)
        .where(Content.digest.in_(select(_MARKS.c.digest)))
    )
    here: dict[bytes, set[int]] = {}
    for root_id, place in places(connection, path):
        for digest, photo_id in connection.execute(marked.where(Photo.root_id == root_id, place)):
            here.setdefault(digest, set()).add(photo_id)
    anywhere: dict[bytes, int] = {}
    for part in chunks(list(here)):
        for digest, _ in connection.execute(marked.where(Content.digest.in_(part))):
            anywhere[digest] = anywhere.get(digest, 0) + 1
    return [digest for digest, paths in here.items() if len(paths) == anywhere[digest]]


def _count(connection: Connection, digests: Sequence[bytes]) -> Marks:
    tags = 0
    for part in chunks(digests):
        tags += connection.execute(_counting(_MARKS.c.digest.in_(part))).one()[0]
    return Marks(tags, len(digests))


def marks_without_photo(connection: Connection) -> Marks:
    """The marks whose picture is at no path now; those that are gone count as no path.

    A picture that was at a path before, where none can be read at the moment, counts as there.
    """
    return Marks(*connection.execute(_counting(_has_no_photo(_MARKS.c.digest))).one())


def _has_no_photo(digest: SQLColumnExpression[bytes]) -> ColumnElement[bool]:
    at_a_path = (
        select(Photo.id)
        .join(Content, or_(Photo.content_id == Content.id, Photo.previous_id == Content.id))
        .where(Photo.state != State.GONE, Content.digest == digest)
        .correlate_except(Photo, Content)
    )
    return ~at_a_path.exists()


def _counting(*where: ColumnElement[bool]) -> Select[int, int]:
    different = func.count(_MARKS.c.digest.distinct())
    return select(func.count(), different).select_from(_MARKS).where(*where)


def remove_orphans(connection: Connection) -> list[bytes]:
    """Remove contents that no path leads to. Returns their digests, and those of their frames."""
    # Not NOT IN: where the list is long, PostgreSQL goes through it for each content.
    used = select(Photo.id).where(Photo.content_id == Content.id).correlate(Content)
    before = select(Photo.id).where(Photo.previous_id == Content.id).correlate(Content)
    orphaned = (~used.exists(), ~before.exists())
    videos = select(Content.id).where(*orphaned, Content.duration_ms.is_not(None))
    of_frames = frames.digests(connection, list(connection.execute(videos).scalars()))
    removal = delete(Content).where(*orphaned).returning(Content.digest)
    return [
        *connection.execute(removal).scalars(),
        *(d for each in of_frames.values() for d in each),
    ]

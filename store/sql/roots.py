"""The folders that the user asked to index, and which photos a path covers."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import ColumnElement, Connection, String, and_, exists, func, or_, select, true
from sqlalchemy import cast as sql_cast

from store.sql.dialect.distinct import distinct_rows
from store.sql.fspath import relative, to_text
from store.sql.schema import Photo, Root
from store.values import RootInfo


def roots(connection: Connection) -> list[RootInfo]:
    rows = connection.execute(select(Root.id, Root.path, Root.excludes).order_by(Root.path))
    return [RootInfo(id, Path(path), tuple(excludes)) for id, path, excludes in rows]


def folder_paths(connection: Connection) -> list[tuple[int, str, Path]]:
    """Each folder of a known file: its root's id, where it is below that, and its whole path."""
    paths = {root.id: root.path for root in roots(connection)}
    rows = distinct_rows(connection, Photo.root_id, Photo.folder)
    return [(root_id, folder, paths[root_id] / folder) for root_id, folder in rows]


def with_files(connection: Connection) -> set[int]:
    """The ids of the roots of which any file is known."""
    known = exists().where(Photo.root_id == Root.id)
    return set(connection.execute(select(Root.id).where(known)).scalars())


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


def places(connection: Connection, path: Path) -> list[tuple[int, ColumnElement[bool]]]:
    """What ``path`` (absolute) covers: (root, which of its photos), for each root it touches."""
    covered: list[tuple[int, ColumnElement[bool]]] = []
    for root in roots(connection):
        if root.path.is_relative_to(path):
            covered.append((root.id, true()))
        elif path.is_relative_to(root.path):
            covered.append((root.id, at_or_below(relative(path, root.path))))
    return covered

"""Roots that are added, taken into others or moved: paths change, contents and vectors do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, String, delete, func, literal, select, update
from sqlalchemy import cast as sql_cast

from store.errors import RootNotFound
from store.sql import key_values
from store.sql.dialect.expressions import insert
from store.sql.fspath import is_below, relative, to_text
from store.sql.roots import roots, under
from store.sql.schema import Photo, Root
from store.values import RootInfo

_ASIDE = Path("being moved")  # not absolute, so that no root is there


@dataclass(frozen=True)
class _Step:
    source: RootInfo
    source_folder: str
    target: RootInfo | None  # None: the source root itself gets ``path``
    target_folder: str
    path: Path


@dataclass(frozen=True)
class Relocation:
    """What ``relocate`` does, planned before any row is touched."""

    steps: tuple[_Step, ...]

    @classmethod
    def plan(cls, roots: Sequence[RootInfo], old: Path, new: Path) -> Relocation:
        """Every root at or below ``old``, or the one folder of a root that ``old`` is.

        Raises:
            RootNotFound: no root is at, below or above ``old``.
        """
        moving = [root for root in roots if root.path.is_relative_to(old)]
        # Where another of them still is, none can go: that one leaves first.
        moving.sort(key=lambda root: len(root.path.parts), reverse=new.is_relative_to(old))
        around = [root for root in roots if root not in moving]

        def holder(path: Path) -> RootInfo | None:
            return next((root for root in around if path.is_relative_to(root.path)), None)

        steps = []
        for root in moving:
            path = new / root.path.relative_to(old)
            target = holder(path)
            folder = relative(path, target.path) if target else ""
            steps.append(_Step(root, "", target, folder, path))
        if not moving:
            source = holder(old)
            if source is None:
                known = ", ".join(str(root.path) for root in roots) or "none"
                raise RootNotFound(f"The library knows no folder {old}. Its folders: {known}")
            target = holder(new)
            folder = relative(new, target.path) if target else ""
            steps.append(_Step(source, relative(old, source.path), target, folder, new))
        return cls(tuple(steps))

    def carry_out(self, connection: Connection) -> None:
        for step in self.steps:
            if step.target is None and not step.source_folder:
                connection.execute(
                    update(Root).where(Root.id == step.source.id).values(path=str(step.path))
                )
                continue
            target = step.target
            if target is None:  # a folder moved out of every root: it becomes one
                target = _new_root(connection, step.path, step.source.excludes)
            move_rows(connection, step.source, step.source_folder, target, step.target_folder)
            if not step.source_folder:
                connection.execute(delete(Root).where(Root.id == step.source.id))


def add_root(
    connection: Connection, path: Path, excludes: Sequence[str], *, replace: bool
) -> RootInfo:
    """A root for ``path`` (absolute), with ``excludes`` added to what it has, or instead.

    Roots inside it are taken into it, without reading a file.
    """
    connection.execute(insert(Root).values(path=str(path), excludes=[]).on_conflict_do_nothing())
    root = next(r for r in roots(connection) if r.path == path)
    kept = [] if replace else list(root.excludes)
    inside = [r for r in roots(connection) if r.path != path and r.path.is_relative_to(path)]
    for inner in inside:
        move_rows(connection, inner, "", root, relative(inner.path, path))
        kept += [] if replace else inner.excludes
        connection.execute(delete(Root).where(Root.id == inner.id))
    kept = list(dict.fromkeys([*kept, *excludes]))
    connection.execute(update(Root).where(Root.id == root.id).values(excludes=kept))
    if inside:
        key_values.bump_generation(connection)
    return RootInfo(root.id, path, tuple(kept))


def _new_root(connection: Connection, path: Path, excludes: Sequence[str]) -> RootInfo:
    made = connection.execute(insert(Root).values(path=str(path), excludes=list(excludes)))
    (id,) = made.inserted_primary_key or (0,)
    return RootInfo(id, path, tuple(excludes))


def move_rows(
    connection: Connection, source: RootInfo, folder: str, target: RootInfo, new_folder: str
) -> None:
    """Give every path at or below ``folder`` of ``source`` its place below ``new_folder``.

    Where ``target`` knows a path already, it was indexed there since: that row stays, and the
    old one goes.
    """
    if source.id == target.id and (is_below(new_folder, folder) or is_below(folder, new_folder)):
        # Some go to where others still are that move too: all of them leave first.
        aside = _new_root(connection, _ASIDE, ())
        move_rows(connection, source, folder, aside, "")
        move_rows(connection, aside, "", target, new_folder)
        connection.execute(delete(Root).where(Root.id == aside.id))
        return
    text = sql_cast(Photo.folder, String)
    tail = func.substr(text, len(to_text(folder)) + (2 if folder else 1))
    # "" + "x" -> "x", "new" + "" -> "new", "new" + "x" -> "new/x"
    moved = func.trim(literal(to_text(new_folder) + "/", String).concat(tail), "/")
    there = Photo.__table__.alias().c
    mine = (Photo.root_id == source.id) & under(folder)
    taken = (
        select(there.id)
        .where(
            there.root_id == target.id,
            sql_cast(there.folder, String) == moved,
            there.name == Photo.name,
            there.id != Photo.id,
        )
        .exists()
    )
    connection.execute(delete(Photo).where(mine, taken))
    connection.execute(update(Photo).where(mine).values(root_id=target.id, folder=moved))

"""What is believed of photos, written to their rows: of their files, sidecars and names.

It is worked out again for a photo whenever one of these changes. Nothing but rows is looked at:
each has what its file said when it was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from store.metadata import Believed, Metadata, believed, photos_of, sidecars_of
from store.name_dates import named_date
from store.sql.dialect.expressions import among, chunks, insert
from store.sql.dialect.moments import refresh_moments
from store.sql.schema import Content, Keyword, Photo
from store.states import LIVING

_FACTS = (
    *("taken_at", "taken_from", "taken_offset", "only_day", "latitude", "longitude", "place"),
    *("title", "description", "creator", "copyright", "rating", "colour_label"),
)

Place = tuple[int, str, str]
"""A file: the id of its root, its folder, its name."""


def refresh(
    connection: Connection, content_ids: Iterable[int], *, places_too: bool = False
) -> list[int]:
    """Write what is believed of contents now. Returns those of which that is something else.

    Contents whose file nobody has read for this yet stay as they are.

    Args:
        places_too: have the names of places looked up again that nobody gave.
    """
    changed: list[int] = []
    moved: list[int] = []
    for part in chunks(sorted(set(content_ids))):
        rows = select(Content.id, Content.embedded, *(getattr(Content, name) for name in _FACTS))
        rows = rows.where(Content.id.in_(part), Content.embedded.is_not(None))
        kept: dict[int, dict[str, Any]] = {
            row.id: dict(row._mapping) for row in connection.execute(rows)
        }
        paths = _paths(connection, list(kept))
        sidecars = _sidecars(connection, {place[:2] for each in paths.values() for place in each})
        keywords = keywords_of(connection, kept)
        for id, row in kept.items():
            now = _believed(Metadata.of(row["embedded"]), paths.get(id, ()), sidecars)
            values = _values(now, row, places_too=places_too)
            if any(row[name] != value for name, value in values.items()):
                connection.execute(update(Content).where(Content.id == id).values(**values))
                changed.append(id)
                if row["taken_at"] != values["taken_at"]:
                    moved.append(id)
            if sorted(set(now.said.keywords or ())) != keywords.get(id, []):
                _write_keywords(connection, id, now.said.keywords or (), is_noted=id in changed)
                changed.append(id)
    refresh_moments(connection, moved)
    return changed


def refresh_beside(connection: Connection, sidecars: Sequence[Place]) -> list[int]:
    """As ``refresh``, for the photos that these files belong to, which may be there or not."""
    by_folder: dict[tuple[int, str], list[str]] = {}
    for root_id, folder, name in sidecars:
        by_folder.setdefault((root_id, folder), []).append(name)
    contents: set[int] = set()
    for (root_id, folder), names in by_folder.items():
        query = select(Photo.name, Photo.content_id).where(
            Photo.root_id == root_id,
            Photo.folder == folder,
            Photo.content_id.is_not(None),
            Photo.state.in_(LIVING),
            ~Photo.away,
        )
        beside = {name: id for name, id in connection.execute(query) if id is not None}
        stems = {name.lower()[:-4] for name in names}
        near = [name for name in beside if _may_belong(name.lower(), stems)]
        contents.update(beside[one] for name in names for one in photos_of(name, near))
    return refresh(connection, contents, places_too=True)


def with_own_place(connection: Connection, content_ids: Iterable[int]) -> set[int]:
    """Those of ``content_ids`` whose file or sidecars name the place where they were taken."""
    told: dict[int, Metadata] = {}
    paths: dict[int, list[Place]] = {}
    for part in chunks(sorted(content_ids)):
        rows = select(Content.id, Content.embedded)
        rows = rows.where(Content.id.in_(part), Content.embedded.is_not(None))
        told |= {id: Metadata.of(plain) for id, plain in connection.execute(rows)}
        paths |= _paths(connection, part)
    beside = _sidecars(connection, {place[:2] for each in paths.values() for place in each})
    return {id for id, own in told.items() if _believed(own, paths.get(id, ()), beside).said.place}


def at_others_too(connection: Connection, paths: ColumnElement[bool]) -> list[int]:
    """The contents of ``paths`` that have more paths: what is believed of them is of all these."""
    here = select(Photo.content_id).where(paths, Photo.content_id.is_not(None))
    query = select(Photo.content_id).where(Photo.content_id.in_(here))
    query = query.group_by(Photo.content_id).having(func.count() > 1)
    return [id for id in connection.execute(query).scalars() if id is not None]


def _may_belong(photo: str, stems: set[str]) -> bool:
    return photo in stems or photo.rpartition(".")[0] in stems


def _paths(connection: Connection, contents: Sequence[int]) -> dict[int, list[Place]]:
    """The living paths of contents, in order; those that are away where there are no others."""
    query = select(Photo.content_id, Photo.root_id, Photo.folder, Photo.name, Photo.away)
    query = query.where(Photo.content_id.in_(contents), Photo.state.in_(LIVING))
    paths: dict[int, list[Place]] = {}
    away: dict[int, list[Place]] = {}
    for content, root_id, folder, name, is_away in connection.execute(query.order_by(Photo.id)):
        if content is not None:
            (away if is_away else paths).setdefault(content, []).append((root_id, folder, name))
    return away | paths


def _sidecars(
    connection: Connection, folders: Iterable[tuple[int, str]]
) -> dict[tuple[int, str], dict[str, Any]]:
    """What each sidecar in ``folders`` says, by its name."""
    by_root: dict[int, list[str]] = {}
    for root_id, folder in folders:
        by_root.setdefault(root_id, []).append(folder)
    said: dict[tuple[int, str], dict[str, Any]] = {}
    for root_id, names in by_root.items():
        for part in chunks(names):
            query = select(Photo.folder, Photo.name, Photo.sidecar).where(
                Photo.root_id == root_id, Photo.folder.in_(part), Photo.sidecar.is_not(None)
            )
            for folder, name, plain in connection.execute(query):
                said.setdefault((root_id, folder), {})[name] = plain
    return said


def _believed(
    own: Metadata, paths: Sequence[Place], sidecars: Mapping[tuple[int, str], Mapping[str, Any]]
) -> Believed:
    said: list[Metadata] = []
    named: Metadata | None = None
    for root_id, folder, name in paths:
        beside = sidecars.get((root_id, folder), {})
        said += [Metadata.of(beside[one]) for one in sidecars_of(name, beside)]
        named = named or named_date(name)
    return believed(own, said, named)


def _values(now: Believed, row: Mapping[str, Any], *, places_too: bool) -> dict[str, Any]:
    """The columns that say what is believed."""
    said = now.said
    values: dict[str, Any] = {
        name: getattr(said, name) for name in _FACTS if hasattr(said, name) and name != "place"
    }
    values |= {"taken_from": now.taken_from, "taken_offset": said.offset}
    stays = not places_too and all(row[one] == values[one] for one in ("latitude", "longitude"))
    values["place"] = said.place or (row["place"] if stays else None)
    return values


def _write_keywords(
    connection: Connection, content_id: int, names: Sequence[str], *, is_noted: bool
) -> None:
    connection.execute(delete(Keyword).where(Keyword.content_id == content_id))
    if names:
        rows = [{"content_id": content_id, "name": name} for name in dict.fromkeys(names)]
        connection.execute(insert(Keyword).on_conflict_do_nothing(), rows)
    if not is_noted:  # for those who keep count of what changes
        same = update(Content).where(Content.id == content_id)
        connection.execute(same.values(only_day=Content.only_day))


def keywords_of(connection: Connection, content_ids: Iterable[int]) -> dict[int, list[str]]:
    """The keywords of each content that has any, in order."""
    keywords: dict[int, list[str]] = {}
    for part in chunks(list(content_ids)):
        query = select(Keyword.content_id, Keyword.name).where(Keyword.content_id.in_(part))
        for id, name in connection.execute(query):
            keywords.setdefault(id, []).append(name)
    return {id: sorted(names) for id, names in keywords.items()}


# -- photos that were indexed before any of this was read -----------------------------------------


def unread(connection: Connection, root_ids: Sequence[int], limit: int) -> list[int]:
    """Contents whose files nobody has read for this yet, at some path of these roots."""
    there = (
        select(Photo.id)
        .where(
            Photo.content_id == Content.id,
            Photo.state.in_(LIVING),
            ~Photo.away,
            among(Photo.root_id, list(root_ids)),
        )
        .exists()
    )
    query = select(Content.id).where(Content.embedded.is_(None), there).order_by(Content.id)
    return list(connection.execute(query.limit(limit)).scalars())


def set_embedded(connection: Connection, told: Mapping[int, Metadata]) -> None:
    """Write what the files of contents say, by id, and what is believed now."""
    for id, metadata in sorted(told.items()):  # in one order: others may write the same
        plain = metadata.plain()
        connection.execute(update(Content).where(Content.id == id).values(embedded=plain))
    refresh(connection, told)

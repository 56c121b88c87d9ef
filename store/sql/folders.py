"""What the library knows of folders: enough to see at a glance that nothing in one has changed."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import ColumnElement, Connection, String, and_, func, select
from sqlalchemy import cast as sql_cast

from store.folder_summary import FolderSummary, digest_of_lines
from store.sql.dialect.expressions import joined
from store.sql.roots import under
from store.sql.schema import Content, Embedding, Photo
from store.states import State
from store.values import KnownFile


def names(connection: Connection, root_id: int) -> list[str]:
    """Every folder of a root that holds a known path."""
    query = select(Photo.folder).where(Photo.root_id == root_id).distinct()
    return list(connection.execute(query).scalars())


def summaries(
    connection: Connection, root_id: int, folder: str, model_id: int
) -> dict[str, FolderSummary]:
    """By name, every folder of a root at or below ``folder`` that holds a known path.

    The database joins the facts of a folder into one text, so that no row becomes an object.
    """
    name, size, time = (
        sql_cast(column, String) for column in (Photo.name, Photo.size, Photo.mtime_ns)
    )
    line = name.concat("/").concat(size).concat("/").concat(time)  # no name has a "/"
    rows = connection.execute(
        select(
            Photo.folder,
            # The index on root, folder and name gives them in this order.
            joined(line, "//", Photo.name),
            joined(Photo.state, "/", Photo.name),
            func.count(Photo.content_id) == func.count(Embedding.content_id),
            func.count().filter(Photo.away),
            # One file system for all, or none.
            func.count() == func.count(Photo.filesystem_id),
            func.min(Photo.filesystem_id),
            func.max(Photo.filesystem_id),
        )
        .outerjoin(Embedding, _by(model_id))
        .where(Photo.root_id == root_id, under(folder))
        .group_by(Photo.folder)
    )
    return {
        name: FolderSummary(
            digest_of_lines(lines),
            _count(states.split("/")),
            whole,
            away,
            first if known and first == last else None,
        )
        for name, lines, states, whole, away, known, first, last in rows
    }


def _count(states: list[str]) -> Counter[State]:
    return Counter({State(name): count for name, count in Counter(states).items()})


def _by(model_id: int) -> ColumnElement[bool]:
    return and_(Embedding.content_id == Photo.content_id, Embedding.model_id == model_id)


def files_in_folder(
    connection: Connection, root_id: int, folder: str, model_id: int
) -> dict[str, KnownFile]:
    """What is known of the paths right in ``folder``, by name."""
    rows = connection.execute(
        select(
            Photo.name,
            Photo.id,
            Photo.size,
            Photo.mtime_ns,
            Photo.state,
            Photo.content_id,
            Embedding.model_id,
            Photo.away,
            Photo.filesystem_id,
            Content.digest,
        )
        .outerjoin(Embedding, _by(model_id))
        .outerjoin(Content, Content.id == Photo.content_id)
        .where(Photo.root_id == root_id, Photo.folder == folder)
    )
    return {
        name: KnownFile(
            id,
            size,
            mtime,
            State(state),
            has_content=has is not None,
            embedded=by is not None,
            digest=digest,
            away=away,
            filesystem_id=filesystem,
        )
        for name, id, size, mtime, state, has, by, away, filesystem, digest in rows
    }

"""What becomes of a photo's marks when its file was changed.

Marks hang on a picture's digest, and an edit gives a file a new one. While a run goes on, each
path whose picture changed keeps the earlier one in ``photo.previous_id``. At the end of the run,
when it is known which pictures only changed names, this module decides for each of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, and_, delete, literal, select, update

from store.outcomes import Edit, Edits, SamePicture, Seen
from store.sql import key_values, metadata_rows
from store.sql.dialect.expressions import chunks, insert
from store.sql.schema import AlbumPhoto, ConceptExample, Content, Embedding, Model, Photo, Root, Tag
from store.states import LIVING, State
from store.values import ContentFacts, ModelInfo


def decide(connection: Connection, same: SamePicture, roots: Sequence[int] | None = None) -> Edits:
    """Decide for every changed path whose earlier picture carries a mark; nothing is written.

    Where the earlier picture is at no path any more, its marks move to an edit of it, and stay
    with its digest where the path shows a different picture. Where it is still somewhere (a copy
    was edited), they are copied, but not to a picture that was in the library before: that one
    only changed its name.

    Args:
        roots: only for paths in these; of others, a run that goes on may know better soon.
    """
    edits = Edits()
    waiting = _waiting(connection, roots)
    earlier = {edit.before for edit in waiting}
    marked = _marked(connection, earlier)
    waiting = [edit for edit in waiting if edit.before in marked]
    known = _known(connection, {id for edit in waiting for id in (edit.before, edit.after)}, roots)
    for edit in waiting:
        somewhere = edit.before in known
        renamed = edit.after in earlier or known.get(edit.after, 0) > 1
        if somewhere and renamed:
            continue
        if same(_seen(connection, edit.before), _seen(connection, edit.after)):
            edits.followed.append(edit)
            if not somewhere:
                edits.left.add(edit.before)
        elif not somewhere:
            edits.replaced.append(edit.path)
    return edits


def carry_out(connection: Connection, edits: Edits, roots: Sequence[int] | None = None) -> None:
    """Write what was decided of all paths that changed, in ``roots`` if given."""
    for edit in edits.followed:
        _copy(connection, edit)
    # Meanwhile another run may have met one at a new path.
    _remove(connection, edits.left - set(_known(connection, edits.left, roots)))
    was = select(Photo.previous_id).where(*_is_waiting(roots))
    earlier = {id for id in connection.execute(was).scalars() if id is not None}
    connection.execute(update(Photo).where(*_is_waiting(roots)).values(previous_id=None))
    # What these paths, and sidecars beside them, said is not of copies elsewhere any more.
    if metadata_rows.refresh(connection, _living(connection, earlier)):
        key_values.bump_generation(connection)


def _is_waiting(roots: Sequence[int] | None) -> list[ColumnElement[bool]]:
    anywhere: list[ColumnElement[bool]] = [
        Photo.previous_id.is_not(None),
        Photo.content_id.is_not(None),
    ]
    return anywhere if roots is None else [*anywhere, Photo.root_id.in_(roots)]


def _waiting(connection: Connection, roots: Sequence[int] | None) -> list[Edit]:
    rows = connection.execute(
        select(Root.path, Photo.folder, Photo.name, Photo.previous_id, Photo.content_id)
        .join(Root, Root.id == Photo.root_id)
        .where(*_is_waiting(roots))
        .order_by(Photo.id)
    )
    return [
        Edit(Path(root, folder, name), before, after)
        for root, folder, name, before, after in rows
        if before is not None and after is not None
    ]


def _marked(connection: Connection, contents: Iterable[int]) -> set[int]:
    marked: set[int] = set()
    for part in chunks(sorted(contents)):
        for given in (Tag, AlbumPhoto, ConceptExample):
            query = select(Content.id).join(given, given.digest == Content.digest)
            marked.update(connection.execute(query.where(Content.id.in_(part))).scalars())
    return marked


def _known(
    connection: Connection, contents: Collection[int], roots: Sequence[int] | None
) -> Counter[int]:
    """At how many paths each of ``contents`` is; those at none are left out.

    A path that can't be read now counts as it was, and so does one that others decide of: not in
    ``roots``.
    """
    decided = and_(*_is_waiting(roots))
    is_there = Photo.state != State.GONE
    counts = Counter(_at_paths(connection, Photo.content_id, contents, is_there))
    counts.update(_at_paths(connection, Photo.previous_id, contents, is_there & ~decided))
    return counts


def _living(connection: Connection, contents: Iterable[int]) -> set[int]:
    """Those of ``contents`` that are at a path which can be read."""
    return set(_at_paths(connection, Photo.content_id, contents, Photo.state.in_(LIVING)))


def _at_paths(
    connection: Connection,
    column: ColumnElement[int | None],
    contents: Iterable[int],
    where: ColumnElement[bool],
) -> Iterator[int]:
    """Those of ``contents`` that the ``column`` of a path has, once for each such path."""
    for part in chunks(sorted(contents)):
        query = select(column).where(column.in_(part), where)
        yield from (id for id in connection.execute(query).scalars() if id is not None)


def _seen(connection: Connection, content: int) -> Seen:
    row: Any = connection.execute(
        select(
            Content.digest,
            Content.width,
            Content.height,
            Content.format,
            Content.taken_at,
            Content.camera,
            Content.taken_from,
        ).where(Content.id == content)
    ).one()
    vectors: Any = connection.execute(
        select(Model.id, Model.name, Model.fingerprint, Model.dim, Embedding.vector)
        .join(Model, Model.id == Embedding.model_id)
        .where(Embedding.content_id == content)
    )
    return Seen(
        row.digest,
        # A name says the same of every picture that the file ever was.
        ContentFacts(
            row.width,
            row.height,
            row.format,
            row.taken_at if row.taken_from in (None, "exif") else None,
            row.camera,
        ),
        {
            ModelInfo(*model): np.frombuffer(vector, "<f4").astype(np.float32)
            for *model, vector in vectors
        },
    )


def _copy(connection: Connection, edit: Edit) -> None:
    before, after = (
        select(Content.digest).where(Content.id == id).scalar_subquery()
        for id in (edit.before, edit.after)
    )
    tags = select(after, Tag.name).where(Tag.digest == before)
    connection.execute(insert(Tag).from_select(["digest", "name"], tags).on_conflict_do_nothing())
    albums = select(AlbumPhoto.album, after, AlbumPhoto.place).where(AlbumPhoto.digest == before)
    columns = ["album", "digest", "place"]
    connection.execute(insert(AlbumPhoto).from_select(columns, albums).on_conflict_do_nothing())
    # An example is one file, and it is this one.
    connection.execute(
        update(ConceptExample)
        .where(ConceptExample.digest == before, ConceptExample.path == literal(str(edit.path)))
        .values(digest=after)
    )


def _remove(connection: Connection, contents: Iterable[int]) -> None:
    for part in chunks(sorted(contents)):
        digests: Sequence[bytes] = list(
            connection.execute(select(Content.digest).where(Content.id.in_(part))).scalars()
        )
        connection.execute(delete(Tag).where(Tag.digest.in_(digests)))
        connection.execute(delete(AlbumPhoto).where(AlbumPhoto.digest.in_(digests)))

"""How a batch of files becomes rows: contents first, then their vectors, then the paths."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, case, func, null, select

from store.checksums import checksum, stored
from store.metadata import Metadata, is_sidecar
from store.sql import frames, metadata_rows, stack_states
from store.sql.dialect.expressions import chunks, insert
from store.sql.schema import Content, Embedding, Photo
from store.states import State
from store.values import ContentFacts, FileRecord, ModelInfo


def write_files(
    connection: Connection,
    files: Sequence[FileRecord],
    model: ModelInfo,
    run: int,
    draw_ids: Callable[[Connection, int], Sequence[int]] | None = None,
) -> None:
    """Write paths, contents and vectors. Writing the same again changes nothing.

    Args:
        draw_ids: gives as many ids for contents as asked for, where others may write the same
            contents meanwhile: all write them in one order, so that no two wait for each other,
            and with ids in the order of ``files`` all the same.
    """
    pictures = [file.picture for file in files if file.picture]
    new = [{"digest": p.digest, **_columns(p.facts)} for p in pictures if p.facts]
    if new and draw_ids:
        numbered = zip(draw_ids(connection, len(new)), new, strict=True)
        new = sorted(({"id": id, **row} for id, row in numbered), key=lambda row: row["digest"])
        pictures = sorted(pictures, key=lambda picture: picture.digest)
    if new:
        connection.execute(insert(Content).on_conflict_do_nothing(), new)
    ids = _content_ids(connection, [p.digest for p in pictures])
    vectors = [
        {
            "content_id": ids[p.digest],
            "model_id": model.id,
            "vector": (vector := stored(p.vector)),
            "checksum": checksum(p.digest, vector),
        }
        for p in pictures
        if p.vector is not None
    ]
    if vectors:
        connection.execute(insert(Embedding).on_conflict_do_nothing(), vectors)
    frames.write(connection, model, pictures, ids)
    _upsert(connection, files, ids, run)
    stack_states.settle(connection, [(file.root_id, file.folder, file.name) for file in files])
    metadata_rows.refresh(connection, ids.values())
    sidecars = [(file.root_id, file.folder, file.name) for file in files if is_sidecar(file.name)]
    metadata_rows.refresh_beside(connection, sidecars)


def _columns(facts: ContentFacts) -> dict[str, Any]:
    """The columns of a new content."""
    columns = dict(vars(facts))
    told: Metadata | None = columns.pop("told")
    return columns | {"embedded": None if told is None else told.plain()}


def _content_ids(connection: Connection, digests: Sequence[bytes]) -> dict[bytes, int]:
    ids: dict[bytes, int] = {}
    for part in chunks(digests):
        rows = connection.execute(
            select(Content.digest, Content.id).where(Content.digest.in_(part))
        )
        ids.update(rows.all())
    return ids


def _upsert(
    connection: Connection, files: Sequence[FileRecord], ids: dict[bytes, int], run: int
) -> None:
    """Write paths, new or known; ``ids`` has the content of each digest."""
    new = insert(Photo)
    # Where nobody could look inside, nothing says that the content is different: it is kept, with
    # the size and time that it had.
    kept: dict[str, Any] = {c: new.excluded[c] for c in ("state", "reason", "away")}
    kept["filesystem_id"] = func.coalesce(new.excluded["filesystem_id"], Photo.filesystem_id)
    before = func.coalesce(Photo.previous_id, Photo.content_id)
    changed = kept | {
        **{
            column: new.excluded[column] for column in ("size", "mtime_ns", "content_id", "sidecar")
        },
        # Until ``store.sql.edits`` says what becomes of its marks.
        "previous_id": case(
            (before.is_not_distinct_from(new.excluded.content_id), null()), else_=before
        ),
    }
    for update_columns, part in (
        (changed, [file for file in files if file.state is not State.UNREADABLE]),
        (kept, [file for file in files if file.state is State.UNREADABLE]),
    ):
        rows = [
            {
                "root_id": file.root_id,
                "folder": file.folder,
                "name": file.name,
                "size": file.size,
                "mtime_ns": file.mtime_ns,
                "state": file.state,
                "reason": file.reason,
                "content_id": ids[file.picture.digest] if file.picture else None,
                "run": run,
                "filesystem_id": file.filesystem_id,
                "away": False,
                "sidecar": file.sidecar.plain() if file.sidecar else None,
            }
            for file in part
        ]
        if rows:
            place = ["root_id", "folder", "name"]
            connection.execute(
                new.on_conflict_do_update(index_elements=place, set_=update_columns), rows
            )

"""The rows of videos' frames: written with a video's vector, read all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, and_, delete, func, insert, select

from store.checksums import checksum, stored
from store.frames import Frames, frame_digest
from store.sql.dialect.expressions import chunks
from store.sql.schema import Content, Frame
from store.values import ModelInfo, Picture
from store.vectors import Ids, are_unit

_AT_ONCE = 100  # videos


def write(
    connection: Connection, model: ModelInfo, pictures: Sequence[Picture], ids: Mapping[bytes, int]
) -> None:
    """Write the frames of those of ``pictures`` that are videos, in place of what they had.

    Args:
        ids: the contents by digest.
    """
    videos = {ids[one.digest]: one for one in pictures if one.frames}
    if not videos:
        return
    for part in chunks(sorted(videos)):
        connection.execute(delete(Frame).where(Frame.model_id == model.id, _of(part)))
    rows = [
        {
            "content_id": id,
            "model_id": model.id,
            "at_ms": frame.at_ms,
            "vector": (vector := stored(frame.vector)),
            "checksum": checksum(frame_digest(video.digest, frame.at_ms), vector),
        }
        for id, video in videos.items()
        for frame in video.frames
    ]
    connection.execute(insert(Frame), rows)


def read(connection: Connection, model: ModelInfo, kept: Frames) -> Frames:
    """All frames that a model has seen; those that are damaged are left out.

    Args:
        kept: what was read at another time, of which only what has changed is read again.
    """
    summed = select(Frame.content_id, func.sum(Frame.checksum), func.count())
    now = {
        id: int(total) * 32 + count
        for id, total, count in connection.execute(
            summed.where(Frame.model_id == model.id).group_by(Frame.content_id)
        )
    }
    if now == kept.sums:
        return kept
    stays = [id for id, total in now.items() if kept.sums.get(id) == total]
    new = sorted(now.keys() - set(stays))
    read = [_read(connection, model, part, now) for part in chunks(new, _AT_ONCE)]
    return Frames.joined([kept.of(np.array(stays, np.int64)), *read])


def damaged(connection: Connection, model: ModelInfo) -> Ids:
    """The videos of which a frame is not what was written, (v,)."""
    query = select(Frame.content_id).where(Frame.model_id == model.id).distinct()
    bad: list[int] = []
    for part in chunks(sorted(connection.execute(query).scalars()), _AT_ONCE):
        rows = _rows(connection, model, part)
        bad += [row.content_id for row in rows if not _is_sound(row, model)]
    return np.unique(np.array(bad, np.int64))


def digests(connection: Connection, content_ids: Sequence[int]) -> dict[int, list[bytes]]:
    """What the frames' thumbnails of these contents are kept under; see ``frame_digest``."""
    listed: dict[int, set[bytes]] = {}
    for part in chunks(content_ids):
        query = select(Frame.content_id, Frame.at_ms, Content.digest)
        query = query.join(Content, Content.id == Frame.content_id).where(_of(part))
        for id, at_ms, video in connection.execute(query):
            listed.setdefault(id, set()).add(frame_digest(video, at_ms))
    return {id: sorted(of_one) for id, of_one in listed.items()}


def videos(connection: Connection) -> list[int]:
    """The contents that have frames, in order."""
    query = select(Frame.content_id).distinct().order_by(Frame.content_id)
    return list(connection.execute(query).scalars())


def is_any(connection: Connection) -> bool:
    """Whether there are frames of any video."""
    return connection.execute(select(Frame.content_id).limit(1)).first() is not None


def first_at(connection: Connection, content_id: int) -> int | None:
    """Where the first frame of a video is, in milliseconds; None for what is no video."""
    query = select(func.min(Frame.at_ms)).where(Frame.content_id == content_id)
    return connection.execute(query).scalar_one()


def durations(connection: Connection, content_ids: Sequence[int]) -> dict[int, int]:
    """How long those of these contents are that are videos, in milliseconds."""
    durations: dict[int, int] = {}
    for part in chunks(content_ids):  # by their ids: few photos of a library are asked for
        query = select(Content.id, Content.duration_ms).where(Content.id.in_(part))
        durations |= {id: ms for id, ms in connection.execute(query) if ms is not None}
    return durations


def count(connection: Connection) -> int:
    """How many frames there are, each once however many models have seen it."""
    each = select(Frame.content_id, Frame.at_ms).distinct().subquery()
    return connection.execute(select(func.count()).select_from(each)).scalar_one()


def _read(
    connection: Connection, model: ModelInfo, ids: Sequence[int], sums: Mapping[int, int]
) -> Frames:
    rows = [row for row in _rows(connection, model, ids) if _is_sound(row, model)]
    joined = b"".join(row.vector for row in rows)
    return Frames(
        np.array([row.content_id for row in rows], np.int64),
        np.array([row.at_ms for row in rows], np.int64),
        np.frombuffer(joined, "<f4").astype(np.float32, copy=False).reshape(-1, model.dim),
        {id: sums[id] for id in ids},
    )


def _rows(connection: Connection, model: ModelInfo, ids: Sequence[int]) -> Sequence[Any]:
    query = (
        select(Frame.content_id, Frame.at_ms, Frame.vector, Frame.checksum, Content.digest)
        .join(Content, Content.id == Frame.content_id)
        .where(and_(Frame.model_id == model.id, _of(ids)))
        .order_by(Frame.content_id, Frame.at_ms)
    )
    return connection.execute(query).all()


def _is_sound(row: Any, model: ModelInfo) -> bool:
    vector, digest = row.vector, row.digest
    if not isinstance(vector, bytes) or len(vector) != 4 * model.dim:
        return False
    if not isinstance(digest, bytes) or not isinstance(row.at_ms, int) or row.at_ms < 0:
        return False
    if checksum(frame_digest(digest, row.at_ms), vector) != row.checksum:
        return False
    return bool(are_unit(np.frombuffer(vector, "<f4")[None])[0])


def _of(ids: Sequence[int]) -> Any:
    return Frame.content_id.in_(list(ids))

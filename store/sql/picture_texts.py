"""The text in pictures: written, counted, and looked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from sqlalchemy import ColumnElement, Connection, and_, delete, false, or_, select, true

from store.misreadings import spellings, trigrams, whole_word
from store.picture_text import ReadText
from store.sql.dialect import text_trigrams
from store.sql.dialect.expressions import among, chunks, insert
from store.sql.schema import Content, Photo, PictureText
from store.states import State
from store.vectors import Ids
from store.words import unspaced_runs

_LOOKED_THROUGH = 20_000
"""Pictures looked through for two characters of a plain query, which the index does not have."""


def put(connection: Connection, texts: Mapping[int, ReadText]) -> None:
    """Write what was read in contents, by id; those that are not there any more are left out."""
    ids = sorted(texts)  # in one order: others may write the same
    query = select(Content.id).where(among(Content.id, ids))
    there = set(connection.execute(query).scalars())
    for id in ids:
        if id in there:
            row = texts[id].plain()
            statement = insert(PictureText).values(content_id=id, **row)
            connection.execute(
                statement.on_conflict_do_update(index_elements=["content_id"], set_=row)
            )


def forget(connection: Connection, *, problems_only: bool) -> int:
    """Remove what was read, or what could not be; returns of how many contents."""
    statement = delete(PictureText).where(
        PictureText.problem.is_not(None) if problems_only else true()
    )
    return connection.execute(statement).rowcount


def texts_of(connection: Connection, content_ids: Iterable[int]) -> dict[int, ReadText]:
    """What was read in each content; those that nobody has looked at are left out."""
    texts: dict[int, ReadText] = {}
    for part in chunks(list(content_ids)):
        query = select(
            PictureText.content_id, PictureText.lines, PictureText.reader, PictureText.problem
        )
        for id, *row in connection.execute(query.where(PictureText.content_id.in_(part))):
            texts[id] = ReadText.of(*row)
    return texts


def waiting(connection: Connection, root_ids: Sequence[int]) -> Ids:
    """Contents that nobody has looked at, (n,), at some path of these roots that is not away."""
    seen = select(PictureText.content_id).where(PictureText.content_id == Photo.content_id).exists()
    query = select(Photo.content_id).where(
        Photo.state == State.INDEXED,
        Photo.content_id.is_not(None),
        ~Photo.away,
        among(Photo.root_id, list(root_ids)),
        ~seen,
    )
    ids = connection.execute(query.distinct()).scalars()
    return np.sort(np.fromiter((id for id in ids if id is not None), np.int64))


def is_any(connection: Connection) -> bool:
    """Whether the text of any picture was read."""
    return connection.execute(select(PictureText.content_id).limit(1)).first() is not None


def having_text(connection: Connection, asked: str) -> ColumnElement[bool]:
    """Whether ``asked`` can be read in a content, or what a reader may take it for; never NULL."""
    fitting = _fitting(connection, spellings(asked))
    having = select(PictureText.content_id).where(fitting)
    return and_(Content.id.is_not(None), Content.id.in_(having))


def contents_with_words(
    connection: Connection, words: Sequence[Sequence[str]], wholes: Sequence[str], limit: int
) -> list[Ids]:
    """For each of ``words``, as it may be written, the contents in whose text it is a word, (n,).

    None for a word that more than ``limit`` have: it tells little. In scripts without spaces, where
    each character is a word, those count that have all characters in a row as ``wholes`` do.
    """
    runs = [run for whole in wholes for run in unspaced_runs(whole)]
    contents = [np.empty(0, np.int64) for _ in words]
    if not is_any(connection):
        return contents
    living = select(Photo.content_id).where(
        Photo.content_id == PictureText.content_id, Photo.state == State.INDEXED
    )
    having: dict[tuple[str, ...], list[int]] = {(): []}
    for place, forms in enumerate(words):
        patterns = tuple(pattern for form in forms for pattern in whole_word(form, runs))
        if patterns not in having:
            fitting = _fitting(connection, patterns, _LOOKED_THROUGH)
            query = select(PictureText.content_id).where(fitting, living.exists())
            having[patterns] = list(connection.execute(query.limit(limit + 1)).scalars())
        if len(having[patterns]) <= limit:
            contents[place] = np.sort(np.array(having[patterns], np.int64))
    return contents


def _fitting(
    connection: Connection, patterns: Sequence[str], most: int | None = None
) -> ColumnElement[bool]:
    """Whether the text of a row of ``picture_text`` fits one of some patterns of LIKE.

    Args:
        most: how many of the latest rows are looked through for what the index does not have; None
            for all.
    """
    if not patterns:
        return false()
    fits = or_(*(PictureText.folded.like(pattern) for pattern in patterns))
    wanted = [trigrams(pattern) for pattern in patterns]
    if not all(wanted):  # too short for the index
        if most is None:
            return fits
        latest = select(PictureText.content_id).order_by(PictureText.content_id.desc()).limit(most)
        return and_(PictureText.content_id.in_(latest), fits)
    return and_(text_trigrams.candidates(connection, PictureText.content_id, wanted), fits)

"""The photos that ``clipsearch label`` is about, indexed or not, with their embeddings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.cli.common import complain, note
from app.query.model import Query
from app.text import absolute, plural
from indexer.pictures.formats import claims_picture
from indexer.videos.video_files import install_first, is_named_as_video
from store.errors import QueryError
from store.vectors import Vectors

if TYPE_CHECKING:
    from app.search.searcher import Searcher

_AT_ONCE = 5_000  # photos

Part = tuple[list[int | None], list[Path], Vectors]
"""k ids (None where a photo is not indexed), k paths, (k, dim) embeddings."""


def photos_to_label(searcher: Searcher, paths: list[Path], query: Query) -> Iterator[Part]:
    """The photos at ``paths``, or of the library, that ``query`` chooses, in parts.

    Raises:
        QueryError: a path has nothing to label, or can't be read.
    """
    library = searcher.library
    allowed = searcher.chosen(query)
    if not paths:
        wanted = allowed.tolist()
    else:
        places = [(path, library.contents_at(absolute(path))) for path in paths]
        listed = dict.fromkeys(id for _, contents in places for id in contents)
        inside = set(allowed.tolist())
        wanted = [id for id in listed if id in inside]
        for path in (path for path, contents in places if not contents):
            if query.terms or query.filter:
                raise QueryError(f"{path} is not indexed: a query can choose indexed photos only.")
            yield from _not_indexed(searcher, path)
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        photos = library.photos_of(part)
        ids = [id for id in part if id in photos]
        if ids:
            vectors = library.vectors(searcher.model, np.array(ids, np.int64))
            yield list(ids), [photos[id][0].path for id in ids], vectors


def _not_indexed(searcher: Searcher, path: Path) -> Iterator[Part]:
    place = absolute(path)
    if not place.is_dir():
        if is_named_as_video(place.name) and place.is_file():
            raise QueryError(f"{path} is a video. {_videos_first(path.parent)}")
        yield [None], [path], searcher.encode_file(place, str(path))[None]
        return
    files = sorted(file for file in place.rglob("*") if file.is_file())
    pictures = [path / file.relative_to(place) for file in files if claims_picture(file.name)]
    videos = sum(is_named_as_video(file.name) for file in files)
    if not pictures:
        holds = f"only videos. {_videos_first(path)}" if videos else "no pictures."
        raise QueryError(f"{path} holds {holds}")
    if videos:
        note(f"Without {plural(videos, 'video')} in {path}. {_videos_first(path)}")
    for picture in pictures:
        try:
            vector = searcher.encode_file(absolute(picture), str(picture))
        except QueryError as error:
            complain(str(error))
            continue
        yield [None], [picture], vector[None]


def _videos_first(path: Path) -> str:
    return f"Videos are labelled once they are indexed: {install_first()}clipsearch index {path}"

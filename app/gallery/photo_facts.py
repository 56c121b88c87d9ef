"""Everything about one photo that the page shows beside it, and why it was found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.gallery.gallery_service import GalleryService
from app.query.parser import parse_query
from app.search.explain import explain
from app.search.searcher import Searcher
from app.text import printable
from indexer.pictures.exif import read_exposure
from store.errors import ModelError
from store.filters import FAVOURITE
from store.online import is_there


def facts(service: GalleryService, content_id: int, text: str) -> dict[str, Any] | None:
    """Plain values for JSON; None if there is no such photo (any more).

    Raises:
        QueryError: the query can't be understood.
    """
    searcher = service.searcher()
    library = searcher.library
    photos = library.photos_of([content_id]).get(content_id, [])
    if not photos:
        return None
    first = next((photo for photo in photos if is_there(photo)), photos[0])
    known = first.facts
    assert known is not None  # an indexed photo has them
    readable = service.pictures.original(content_id)
    tags = library.user_data.tags([content_id]).get(content_id, [])
    return {
        "id": content_id,
        "name": printable(first.path.name),
        "path": printable(str(first.path)),
        "folder": printable(str(first.path.parent)),
        "copies": [printable(str(photo.path)) for photo in photos if photo is not first],
        "offline": not is_there(first),
        "missing": is_there(first) and readable is None,
        "taken": first.taken_at.isoformat(timespec="seconds"),
        "by_camera": known.taken_at is not None,
        "camera": known.camera,
        "lens": known.lens,
        "exposure": read_exposure(readable.path) if readable else None,
        "width": known.width,
        "height": known.height,
        "bytes": first.size,
        "format": known.format,
        "place": known.place,
        "latitude": known.latitude,
        "longitude": known.longitude,
        "tags": [tag for tag in tags if tag != FAVOURITE],
        "favourite": FAVOURITE in tags,
        "labels": _labels(searcher, content_id),
        "why": _why(service, first.path, text),
    }


def _labels(searcher: Searcher, content_id: int) -> list[tuple[str, int]]:
    """With how sure each is, in %."""
    try:
        return [(name, round(100 * sure)) for name, sure in searcher.labels_of(content_id)]
    except ModelError:  # it is not here any more
        return []


def _why(service: GalleryService, path: Path, text: str) -> dict[str, Any] | None:
    if not text.strip():
        return None
    query = parse_query(text)
    service.pictures.check(query)
    return explain(service.searcher(), path, query).plain()

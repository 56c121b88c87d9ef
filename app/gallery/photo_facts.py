"""The facts that the page shows beside one photo, and why the photo matches the query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.gallery.gallery_service import GalleryService
from app.labels.vocabulary import translations
from app.locales.from_below import colour_in, reading_in
from app.locales.texts import IN_ENGLISH, Texts
from app.query.countries import shown_place
from app.query.model import Query
from app.search.explain import explain
from app.text import offset_text, printable
from indexer.pictures.exposure import read_exposure
from store.filters import FAVOURITE
from store.metadata import TakenFrom
from store.online import is_there
from store.picture_text import ReadText


@dataclass(frozen=True)
class FileBeside:
    """A file for which a photo shows and that can be read now; ``id`` is of its content."""

    id: int | None
    name: str
    video: bool


@dataclass(frozen=True)
class PhotoFacts:
    """One photo as the page shows it.

    Attributes:
        offline: whether its drive is not there now.
        missing: whether its drive is there, and the photo is not.
        taken: when, in ISO 8601, local time; its hours mean nothing if ``only_day``.
        offset: how far that is ahead of UTC ("+02:00"), if anything says so.
        width, height: pixels, upright.
        latitude, longitude: degrees.
        labels: what it shows, each with its confidence in %.
        label_names: what the page's user calls each of them.
        raws, live_videos: the files beside it for which it shows; see ``store.stacks``.
        beside: those of them to be had now, in one folder.
        duration: of a video, in seconds; None for a photo.
        text: the lines that were read in the picture, each with its text and four corners.
        why: how it answers the query; None without a query.
    """

    id: int
    name: str
    path: str
    folder: str
    copies: Sequence[str]
    raws: Sequence[str]
    live_videos: Sequence[str]
    beside: Sequence[FileBeside]
    offline: bool
    missing: bool
    taken: str
    taken_from: TakenFrom
    only_day: bool
    offset: str | None
    camera: str | None
    lens: str | None
    exposure: str | None
    width: int
    height: int
    bytes: int
    format: str
    place: str | None
    latitude: float | None
    longitude: float | None
    tags: Sequence[str]
    albums: Sequence[str]
    title: str | None
    description: str | None
    keywords: Sequence[str]
    rating: int | None
    colour_label: str | None
    creator: str | None
    copyright: str | None
    favourite: bool
    hidden: bool
    labels: Sequence[tuple[str, int]]
    label_names: Mapping[str, str]
    duration: float | None
    text: Sequence[Mapping[str, Any]]
    why: Mapping[str, Any] | None


def facts(
    service: GalleryService, content_id: int, query: Query, texts: Texts = IN_ENGLISH
) -> PhotoFacts | None:
    """The facts of one photo; None if it is not (or no longer) in the library.

    Raises:
        QueryError: a picture of the query can't be read or found.
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
    beside = library.stacked([content_id]).get(content_id, [])
    labels = searcher.labels_of(content_id)
    tags = library.user_data.tags([content_id]).get(content_id, [])
    return PhotoFacts(
        id=content_id,
        name=printable(first.path.name),
        path=printable(str(first.path)),
        folder=printable(str(first.path.parent)),
        copies=[printable(str(photo.path)) for photo in photos if photo is not first],
        raws=[printable(str(one.path)) for one in beside if not one.is_video],
        live_videos=[printable(str(one.path)) for one in beside if one.is_video],
        beside=[
            FileBeside(one.content_id, printable(one.path.name), one.is_video)
            for one in (service.pictures.beside(readable) if beside and readable else [])
        ],
        offline=not is_there(first),
        missing=is_there(first) and readable is None,
        taken=first.taken_at.isoformat(timespec="seconds"),
        taken_from=first.taken_from,
        only_day=known.only_day,
        offset=offset_text(known.taken_offset),
        camera=known.camera,
        lens=known.lens,
        exposure=read_exposure(readable.path) if readable else None,
        width=known.width,
        height=known.height,
        bytes=first.size,
        format=known.format,
        place=known.place and shown_place(known.place, query.asked.hint),
        latitude=known.latitude,
        longitude=known.longitude,
        tags=[tag for tag in tags if tag != FAVOURITE],
        albums=library.user_data.albums_of(content_id),
        title=known.title,
        description=known.description,
        keywords=library.keywords([content_id]).get(content_id, []),
        rating=known.rating,
        colour_label=known.colour_label and colour_in(known.colour_label, texts),
        creator=known.creator,
        copyright=known.copyright,
        favourite=FAVOURITE in tags,
        hidden=bool(library.user_data.hidden_among([content_id])),
        labels=[(name, round(100 * sure)) for name, sure in labels],
        label_names={name: translations.shown(name, query.asked.hint) for name, _ in labels},
        duration=None if known.duration_ms is None else known.duration_ms / 1_000,
        text=_text(library.texts([content_id]).get(content_id)),
        why=_why(service, first.path, query, texts),
    )


def _text(read: ReadText | None) -> list[dict[str, Any]]:
    return [{"text": line.text, "box": line.box} for line in read.lines] if read else []


def _why(service: GalleryService, path: Path, query: Query, texts: Texts) -> dict[str, Any] | None:
    if not query.terms and query.filter is None:
        return None
    service.pictures.check(query)
    why = explain(service.searcher(), path, query).plain()
    for filter in why["filters"]:
        filter["filter"] = reading_in(filter["filter"], texts, query.asked.hint)
    return why

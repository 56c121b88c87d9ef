"""Routes that send pictures, by library and id: never by path."""

from __future__ import annotations

import mimetypes
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from app.gallery import addresses
from app.gallery.gallery_service import GalleryService
from app.gallery.pictures import Pictures
from app.text import printable
from app.web.asked_values import ids_listed, number_of
from app.web.login import PREFIX
from app.web.query_routes import texts_of
from app.web.zip_stream import Entry, zip_stream
from indexer.pictures.formats import is_raw
from store.errors import ClipsearchError
from store.values import PhotoInfo

_ZIP_MOST = 50_000  # photos
_SHOWN_AS_THEY_ARE = {
    *("image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"),
    *("video/mp4", "video/webm", "video/quicktime", "video/ogg", "video/x-matroska"),
    *("video/3gpp", "video/x-m4v", "video/mp2t", "video/x-msvideo", "video/mpeg"),
}
"""The types that a browser may show in a tab; an SVG or HTML that calls itself a photo is none."""

# The address names library and content, so that it never shows anything else.
FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}
NEVER = {"Cache-Control": "private, no-store"}
_ADDRESS = "{library}/{id:int}-{digest}"


def media_routes(service: GalleryService) -> list[Route]:
    # Plain functions: Starlette runs them in its thread pool, so no decoding blocks the page.
    def of_photo(
        answer: Callable[[int, bytes, Request], Response],
    ) -> Callable[[Request], Response]:
        def respond(request: Request) -> Response:
            asked = request.path_params
            try:
                library = service.library()
                named = asked["library"], asked["id"], asked["digest"]
                digest = addresses.digest_of(library, *named)
                if digest is None:
                    return _none("There is no such photo (any more).")
                return answer(asked["id"], digest, request)
            except ClipsearchError as error:
                return PlainTextResponse(printable(str(error)), 503, NEVER)

        return respond

    def of_moment(picture: Callable[..., bytes | None]) -> Callable[[Request], Response]:
        return of_photo(
            lambda id, digest, request: _kept(
                picture(service.pictures, id, number_of(request, "at", None), digest=digest)
            )
        )

    return [
        Route(f"{PREFIX}thumb/{_ADDRESS}", of_moment(Pictures.thumbnail)),
        Route(f"{PREFIX}small/{_ADDRESS}", of_moment(Pictures.small)),
        Route(
            f"{PREFIX}preview/{_ADDRESS}",
            of_photo(lambda id, *_: _kept(service.pictures.preview(id))),
        ),
        Route(f"{PREFIX}original/{_ADDRESS}", of_photo(partial(_original, service))),
        Route(f"{PREFIX}uploaded/{{library}}/{{name}}", _uploaded(service)),
        Route(f"{PREFIX}zip", _archive(service), methods=["POST"]),
    ]


def _original(service: GalleryService, id: int, _digest: bytes, request: Request) -> Response:
    photo = service.pictures.original(id)
    if photo is None:
        return _none("The photo can't be read now.")
    download = "download" in request.query_params
    if (beside := number_of(request, "beside", None)) is not None:
        files = [file for file in service.pictures.beside(photo) if file.content_id == beside]
        return _file(files[0].path, download) if files else _none("It can't be read now.")
    if request.query_params.get("download") == "all":
        entries = _entries(service, photo)
        if len(entries) > 1:
            return _zip([entries], f"{photo.path.stem}.zip")
    if is_raw(photo.path.name) and not download:  # no browser shows one, and they are large
        large = service.pictures.large(id)
        return _none("The photo can't be read now.") if large is None else _jpeg(large, NEVER)
    return _file(photo.path, download)


def _archive(service: GalleryService) -> Callable[[Request], Awaitable[Response]]:
    """Sends the files of photos as a zip file."""

    async def archive(request: Request) -> Response:
        form = await request.form(max_fields=2)
        if form.get("library") != addresses.library_token(service.config.library):
            return PlainTextResponse(texts_of(request)("action.other-library"), 409)
        ids = ids_listed(str(form.get("ids", "")), _ZIP_MOST)
        if not ids:
            return PlainTextResponse("No photos were chosen.", 400)
        photos = (service.pictures.original(id) for id in ids)
        return _zip(_each_once(_entries(service, photo) for photo in photos if photo), "photos.zip")

    return archive


def _uploaded(service: GalleryService) -> Callable[[Request], Response]:
    """Sends a picture that somebody searches with, by the name that its upload has."""

    def respond(request: Request) -> Response:
        asked = request.path_params
        if asked["library"] != addresses.library_token(service.config.library):
            return _none("There is no such picture (any more).")
        try:
            return _kept(service.pictures.uploaded(asked["name"]))
        except ClipsearchError as error:
            return PlainTextResponse(printable(str(error)), 503, NEVER)

    return respond


def _entries(service: GalleryService, photo: PhotoInfo) -> list[Entry]:
    """The files of a photo: its own, and those for which it shows."""
    files = [photo, *service.pictures.beside(photo)]
    return [Entry(file.path, file.path.name, file.taken_at) for file in files]


def _each_once(photos: Iterable[list[Entry]]) -> Iterator[list[Entry]]:
    """The files of photos, without those that an earlier photo has too: a raw may stand beside two
    pictures."""
    sent: set[Path] = set()
    for files in photos:
        yield [file for file in files if file.path not in sent]
        sent |= {file.path for file in files}


def _zip(photos: Iterable[Sequence[Entry]], name: str) -> Response:
    return StreamingResponse(
        zip_stream(photos),
        media_type="application/zip",
        headers={"Content-Disposition": _disposition(name)} | NEVER,
    )


def _file(path: Path, download: bool) -> Response:
    kind = mimetypes.guess_type(path.name)[0]
    shown = kind in _SHOWN_AS_THEY_ARE and not download
    return FileResponse(
        path,
        media_type=kind if shown else "application/octet-stream",
        headers={"Content-Disposition": _disposition(path.name, inline=shown)} | NEVER,
    )


def _kept(image: bytes | None) -> Response:
    return _none("There is no picture of it.") if image is None else _jpeg(image, FOREVER)


def _jpeg(image: bytes, headers: dict[str, str]) -> Response:
    return Response(image, media_type="image/jpeg", headers=headers)


def _none(why: str) -> Response:
    return PlainTextResponse(why, 404, NEVER)


def _disposition(name: str, *, inline: bool = False) -> str:
    """The header Content-Disposition for any file name (RFC 6266)."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in name)
    listed = quote(printable(Path(name).name), safe="")
    return (
        f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{listed}"
    )

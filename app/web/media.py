"""Routes that give pictures: by id only, never by path."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from app.gallery.desk import Desk
from app.web.guard import PREFIX
from app.web.zip_stream import Entry, zip_stream
from indexer.scan import printable

_ZIP_MOST = 50_000  # photos
_SHOWN_AS_THEY_ARE = {"image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"}
"""What a browser may show in a tab of its own; an SVG or HTML that calls itself a photo may not."""

_FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}  # a content never changes


def media_routes(desk: Desk) -> list[Route]:
    # Plain functions: Starlette runs them in its thread pool, so no decoding blocks the page.
    def thumb(request: Request) -> Response:
        return _jpeg(desk.pictures.thumbnail(request.path_params["id"]))

    def preview(request: Request) -> Response:
        return _jpeg(desk.pictures.preview(request.path_params["id"]))

    def original(request: Request) -> Response:
        photo = desk.pictures.original(request.path_params["id"])
        if photo is None:
            return PlainTextResponse("The photo can't be read now.", 404)
        kind = mimetypes.guess_type(photo.path.name)[0]
        shown = kind in _SHOWN_AS_THEY_ARE and "download" not in request.query_params
        return FileResponse(
            photo.path,
            media_type=kind if shown else "application/octet-stream",
            headers={"Content-Disposition": _disposition(photo.path.name, inline=shown)},
        )

    async def archive(request: Request) -> Response:
        form = await request.form(max_fields=2)
        ids = _ids(str(form.get("ids", "")))
        if not ids:
            return PlainTextResponse("No photos were chosen.", 400)
        return StreamingResponse(
            zip_stream(_entries(desk, ids)),
            media_type="application/zip",
            headers={"Content-Disposition": _disposition("photos.zip")},
        )

    return [
        Route(f"{PREFIX}thumb/{{id:int}}", thumb),
        Route(f"{PREFIX}preview/{{id:int}}", preview),
        Route(f"{PREFIX}original/{{id:int}}", original),
        Route(f"{PREFIX}zip", archive, methods=["POST"]),
    ]


def _ids(text: str) -> list[int]:
    """Ids between commas; those that are none are left out."""
    found = (int(part) for part in text.split(",")[:_ZIP_MOST] if part.isdecimal())
    return [id for id in dict.fromkeys(found) if id < 2**63]


def _entries(desk: Desk, ids: list[int]) -> Iterator[Entry]:
    for id in ids:
        photo = desk.pictures.original(id)
        if photo is not None:
            yield Entry(photo.path, photo.path.name, photo.taken_at)


def _jpeg(image: bytes | None) -> Response:
    if image is None:
        return PlainTextResponse("There is no picture of it.", 404)
    return Response(image, media_type="image/jpeg", headers=_FOREVER)


def _disposition(name: str, *, inline: bool = False) -> str:
    """RFC 6266, with any name whatever in it."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in name)
    listed = quote(printable(Path(name).name), safe="")
    return (
        f"{'inline' if inline else 'attachment'}; filename=\"{plain}\"; filename*=UTF-8''{listed}"
    )

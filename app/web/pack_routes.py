"""Many small pictures in one answer: a request for each costs server and browser more than it
brings."""

from __future__ import annotations

import asyncio
import re
import struct
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from app.gallery import addresses
from app.gallery.gallery_service import GalleryService
from app.text import printable
from app.web.login import PREFIX
from app.web.picture_routes import FOREVER, NEVER
from indexer.pictures.thumbnails import small_of
from store.errors import ClipsearchError

_MOST = 100  # pictures in one answer
_NAMED = re.compile(r"([1-9][0-9]{0,15})-([0-9a-f]{8})")
_NOBODY = (0, "")
_MAKERS = ThreadPoolExecutor(2, "small-pictures")  # for all visitors: a search still gets a core

_Coming = bytes | Future[bytes]
"""A picture, or one that is being made; empty where there is none."""


def pack_routes(service: GalleryService) -> list[Route]:
    """The route that sends small pictures as ``picture_routes`` does, in the order in which they
    are asked for, each behind its length (uint32, little-endian).

    The length is 0 where there is no such photo, or no thumbnail of it yet: the picture's own
    address says which, and makes it.
    """

    async def respond(request: Request) -> Response:
        names = request.query_params.get("of", "").split(",")[:_MOST]
        named = [
            (int(one[1]), one[2]) if (one := _NAMED.fullmatch(name)) else _NOBODY for name in names
        ]
        token = request.path_params["library"]
        try:
            pictures = await run_in_threadpool(_pictures, service, token, named)
        except ClipsearchError as error:
            return PlainTextResponse(printable(str(error)), 503, NEVER)
        return StreamingResponse(
            _packed(pictures),
            media_type="application/octet-stream",
            headers=FOREVER if pictures and b"" not in pictures else NEVER,
        )

    return [Route(f"{PREFIX}pack/{{library}}", respond)]


def _pictures(
    service: GalleryService, token: str, named: Sequence[tuple[int, str]]
) -> list[_Coming]:
    library = service.library()
    digests = addresses.digests_of(library, token, named)
    asked = [digest for digest in digests if digest]
    pictures: dict[bytes, _Coming] = {**library.small_pictures.get_some(asked)}
    rest = library.thumbnails.get_some([digest for digest in asked if digest not in pictures])
    pictures |= {digest: _MAKERS.submit(_small, one) for digest, one in rest.items()}
    return [pictures.get(digest, b"") if digest else b"" for digest in digests]


def _small(thumbnail: bytes) -> bytes:
    return small_of(thumbnail) or thumbnail


async def _packed(pictures: Sequence[_Coming]) -> AsyncIterator[bytes]:
    """The pictures as they come; together those that are there already."""
    ready = bytearray()
    making = [one for one in pictures if isinstance(one, Future)]
    try:
        for one in pictures:
            if isinstance(one, Future):
                if ready and not one.done():
                    yield bytes(ready)
                    ready.clear()
                picture = await asyncio.wrap_future(one)
            else:
                picture = one
            ready += struct.pack("<I", len(picture)) + picture
        yield bytes(ready)
    finally:  # whoever asked may have gone
        for one in making:
            one.cancel()

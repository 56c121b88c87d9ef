"""Scripts and styles go to the browser compressed; pictures are so already, and answers short."""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict

import anyio.to_thread
import brotli
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.login import PREFIX

_LEVEL = 6
_QUALITY = 7  # of Brotli: a sixth less than gzip, at its speed
_KEPT = 8_000_000  # bytes of what was compressed, for the next visitors
_SMALLEST = 800  # bytes
_KINDS = (".js", ".css", ".html", ".svg", ".json")
_OF_ALL_VISITORS = ("/static/", f"{PREFIX}frontend/")
"""Only what is the same for everybody: compressed, an answer with a secret could be guessed at by
its length."""


class Compression:
    """ASGI middleware that sends files of the page compressed to those who accept it.

    By Brotli, which browsers accept from this machine and over HTTPS, else by gzip.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._gzip = GZipMiddleware(app, minimum_size=_SMALLEST, compresslevel=_LEVEL)
        self._kept: OrderedDict[tuple[str, int, int], bytes] = OrderedDict()
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_text(scope["path"]):
            await self._app(scope, receive, send)
        elif scope["method"] == "GET" and "br" in _accepted(scope):
            await self._by_brotli(scope, receive, send)
        else:
            await self._gzip(scope, receive, send)

    async def _by_brotli(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message = {}
        body = bytearray()

        async def keep(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            headers = MutableHeaders(raw=start["headers"])
            content = bytes(body)
            if start["status"] == 200 and "content-encoding" not in headers:
                if "accept-encoding" not in headers.get("vary", "").lower():
                    headers.add_vary_header("Accept-Encoding")
                if len(content) >= _SMALLEST:
                    content = await anyio.to_thread.run_sync(self._packed, scope["path"], content)
                    headers["Content-Encoding"] = "br"
                    headers["Content-Length"] = str(len(content))
            await send(start)
            await send({"type": "http.response.body", "body": content})

        # Files would be sent past this.
        extensions = {
            name: value
            for name, value in (scope.get("extensions") or {}).items()
            if name != "http.response.pathsend"
        }
        # Whoever is inside may compress as well, by gzip.
        headers = [one for one in scope["headers"] if one[0] != b"accept-encoding"]
        await self._app({**scope, "extensions": extensions, "headers": headers}, receive, keep)

    def _packed(self, path: str, content: bytes) -> bytes:
        key = (path, len(content), zlib.crc32(content))
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        packed: bytes = brotli.compress(content, quality=_QUALITY)
        with self._lock:
            self._kept[key] = packed
            while sum(map(len, self._kept.values())) > _KEPT:
                self._kept.popitem(last=False)
        return packed


def _accepted(scope: Scope) -> set[str]:
    """The encodings that a browser accepts."""
    listed = Headers(scope=scope).get("Accept-Encoding", "").lower().split(",")
    return {one.partition(";")[0].strip() for one in listed}


def _is_text(path: str) -> bool:
    return path.endswith(_KINDS) and any(part in path for part in _OF_ALL_VISITORS)

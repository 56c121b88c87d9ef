"""Scripts and styles go to the browser compressed; pictures are so already, and answers short."""

from __future__ import annotations

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.login import PREFIX

_LEVEL = 6
_SMALLEST = 800  # bytes
_KINDS = (".js", ".css", ".html", ".svg", ".json")
_OF_ALL_VISITORS = ("/static/", f"{PREFIX}frontend/", f"{PREFIX}outline")
"""Only what is the same for everybody: compressed, an answer with a secret could be guessed at by
its length."""


class Compression:
    """ASGI middleware that sends files of the page as gzip to those who accept it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressing = GZipMiddleware(app, minimum_size=_SMALLEST, compresslevel=_LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted = scope["type"] == "http" and _is_text(scope["path"])
        await (self._compressing if wanted else self._app)(scope, receive, send)


def _is_text(path: str) -> bool:
    if not any(part in path for part in _OF_ALL_VISITORS):
        return False
    return path.endswith((*_KINDS, "outline"))

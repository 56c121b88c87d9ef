"""The page's outermost HTML, which Streamlit has ready: with our name, mark and style from the
first moment on, and without fonts that nothing here is written in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files

from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.login import PREFIX

MARK = f"{PREFIX}mark.svg"
MANIFEST = f"{PREFIX}manifest.json"
_LONGEST = 1_000_000  # bytes; what is longer is passed on as it is

_PRELOADED_FONT = re.compile(r'<link\s+rel="preload"[^>]*\bas="font"[^>]*>')
_INLINE_SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)  # the policy lets none run
_ICON_FONT = re.compile(r"@font-face\s*\{[^}]*Material Symbols[^}]*\}")
_STYLES = re.compile(r"/static/css/[^/]*\.css$")
_ICON = re.compile(r'<link rel="shortcut icon"[^>]*>')


def index_page_routes() -> list[Route]:
    """The mark, and what a browser has to know to install the page."""
    frontend = files("app.pages") / "frontend"
    mark = (frontend / "mark.svg").read_bytes()
    manifest = json.dumps(
        {
            "name": "clipsearch",
            "short_name": "clipsearch",
            "start_url": "/",
            "display": "standalone",
            "background_color": "#111315",
            "theme_color": "#0b6b61",
            "icons": [
                {"src": MARK, "type": "image/svg+xml", "sizes": "any", "purpose": "any maskable"}
            ],
        }
    )
    day = {"Cache-Control": "private, max-age=86400"}
    return [
        Route(MARK, lambda _: Response(mark, media_type="image/svg+xml", headers=day)),
        Route(MANIFEST, lambda _: Response(manifest, media_type="application/manifest+json")),
    ]


def without_icon_font(css: str) -> str:
    """Streamlit's styles without its font of icons, which it loads whole at each first visit: as
    many bytes as half of its scripts, and no icon here is of it."""
    return _ICON_FONT.sub("", css)


def rewritten(html: str) -> str:
    """Streamlit's page as ours; what is not in it (any more) is left out of the changes."""
    html = _PRELOADED_FONT.sub("", html)
    html = _INLINE_SCRIPT.sub("", html)
    html = _ICON.sub("", html).replace("</head>", f"{_head()}</head>")
    return html.replace("<title>Streamlit</title>", "<title>clipsearch</title>")


@cache
def _head() -> str:
    # Last in the head: it is stronger than Streamlit's own.
    style = (files("app.pages") / "frontend" / "around.css").read_text(encoding="utf-8")
    return (
        f'<link rel="icon" type="image/svg+xml" href="{MARK}">\n'
        f'<link rel="manifest" href="{MANIFEST}" crossorigin="use-credentials">\n'
        '<meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)">\n'
        '<meta name="theme-color" content="#111315" media="(prefers-color-scheme: dark)">\n'
        f"<style>{style}</style>"
    )


class IndexPage:
    """ASGI middleware that rewrites Streamlit's page and its styles, and nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        change = _change(scope)
        if change is None:
            await self._app(scope, receive, send)
            return
        # What is sent first says whether it is text; a text is sent once all of it is there.
        start: Message | None = None
        body = bytearray()

        async def rewriting(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_text(message):
                start = message
                return
            if start is None or message["type"] != "http.response.body":
                await send(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body", False) and len(body) < _LONGEST:
                return
            whole = not message.get("more_body", False)
            content = change(body.decode("utf-8")).encode() if whole else bytes(body)
            await send(_with_length(start, len(content) if whole else None))
            await send({**message, "body": content})
            start = None

        await self._app(_without(scope, b"accept-encoding"), receive, rewriting)


def _without(scope: Scope, name: bytes) -> Scope:
    """The request without a header: what comes back compressed can't be rewritten."""
    return {**scope, "headers": [one for one in scope["headers"] if one[0].lower() != name]}


def _change(scope: Scope) -> Callable[[str], str] | None:
    """What to do with the text that is asked for; None if it is to be left as it is."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    path: str = scope["path"]
    if path.startswith(PREFIX):
        return None
    if "." not in path:
        return rewritten
    return without_icon_font if _STYLES.search(path) else None


def _is_text(start: Message) -> bool:
    kind: bytes = dict(start["headers"]).get(b"content-type", b"")
    return start["status"] == 200 and kind.startswith((b"text/html", b"text/css"))


def _with_length(start: Message, length: int | None) -> Message:
    # The tag and time of Streamlit's file say nothing of what is made of it.
    left = (b"content-length", b"etag", b"last-modified")
    headers = [(name, value) for name, value in start["headers"] if name.lower() not in left]
    if length is not None:
        headers.append((b"content-length", str(length).encode()))
    return {**start, "headers": headers}

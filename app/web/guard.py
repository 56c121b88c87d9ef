"""Who may talk to the page: this machine only, unless a password opens it to others.

Everything passes through here, Streamlit's own routes and its WebSocket too. What is refused and
why: other names for this machine in ``Host`` (DNS rebinding), requests that a page of another
origin makes (``Origin``, ``Sec-Fetch-Site``), clients elsewhere as long as there is no password.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from urllib.parse import parse_qs, urlsplit

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PREFIX = "/clipsearch/"
LOGIN = f"{PREFIX}login"
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
_COOKIE = "clipsearch"
_PASSWORD_LENGTH = 1_000  # a body of more is not read

_POLICY = (
    "default-src 'none'; script-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "worker-src 'self' blob:; media-src 'self' blob:; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Behind every answer."""

_LOGIN_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>clipsearch</title><style>
body {{ font: 16px system-ui, sans-serif; display: grid; place-content: center; height: 90vh;
  color: CanvasText; background: Canvas; color-scheme: light dark }}
form {{ display: grid; gap: 1rem; min-width: 18rem }}
input, button {{ font: inherit; padding: .6rem }}
</style></head><body><form method="post" action="{action}">
<h1>clipsearch</h1><label for="p">Password</label>
<input id="p" name="password" type="password" autofocus required autocomplete="current-password">
<button>Open</button><p role="alert">{message}</p></form></body></html>"""


class Guard:
    """ASGI middleware.

    Args:
        hosts: names that requests may call this machine by, besides those of the loopback.
        password: what others, and everybody then, must know; None: nobody else comes in.
    """

    def __init__(self, app: ASGIApp, hosts: tuple[str, ...] = (), password: str | None = None):
        self._app = app
        self._hosts = {host.lower() for host in (*LOOPBACK_NAMES, *hosts)}
        self._password = password
        self._guessing = anyio.Lock()
        self._pass = secrets.token_urlsafe(32)  # for this run of the server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        response = self._refusal(scope)
        if response is None and self._password is not None:
            if scope["type"] == "http" and scope["path"] == LOGIN:
                response = await self._login(Request(scope, receive))
            elif not self._knows_password(scope):
                response = self._ask(scope)
        if response is None:
            await self._app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "refused"})
        else:
            response.headers.update(HEADERS)
            await response(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _name_of(host) not in self._hosts:
            return _no("This name of the machine is not one that the page answers to.")
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return _no("A page of another origin asked.")
        own = scope["path"].startswith(PREFIX)
        if own and headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return _no("A page of another site asked.")
        if self._password is None and not _is_local(scope):
            return _no(
                "This page is for its own machine only. To let others in, start it with a "
                "password: clipsearch ui --host ADDRESS --password"
            )
        return None

    def _knows_password(self, scope: Scope) -> bool:
        cookie = HTTPConnection(scope).cookies.get(_COOKIE, "")
        return hmac.compare_digest(cookie.encode(), self._pass.encode())

    def _ask(self, scope: Scope, message: str = "") -> Response:
        if "text/html" not in Headers(scope=scope).get("accept", ""):
            return PlainTextResponse("A password is needed.", 401)
        return HTMLResponse(_LOGIN_PAGE.format(action=LOGIN, message=message), 401)

    async def _login(self, request: Request) -> Response:
        if request.method != "POST":
            return RedirectResponse("/", 303)
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > _PASSWORD_LENGTH:
                return PlainTextResponse("Too long.", 413)
        given = parse_qs(body.decode("utf-8", "replace")).get("password", [""])[0]
        # By digest, so that the time taken says nothing about the length either.
        right = hmac.compare_digest(_digest(given), _digest(self._password or ""))
        if not right:
            async with self._guessing:  # guesses take time, one after the other
                await anyio.sleep(1)
            return self._ask(request.scope, "That is not the password.")
        response = RedirectResponse("/", 303)
        secure = request.url.scheme == "https"
        response.set_cookie(_COOKIE, self._pass, httponly=True, samesite="strict", secure=secure)
        return response


def _no(why: str) -> Response:
    return PlainTextResponse(why, 403)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _name_of(host: str) -> str:
    """Without the port."""
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    return host.partition(":")[0].lower()


def _is_local(scope: Scope) -> bool:
    client = scope.get("client")
    if not client:  # a Unix socket
        return True
    try:
        address = ipaddress.ip_address(client[0])
    except ValueError:  # a test client has a name
        return client[0] in ("testclient", "localhost")
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def _with_headers(send: Send) -> Send:
    async def send_more(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(HEADERS)
        await send(message)

    return send_more

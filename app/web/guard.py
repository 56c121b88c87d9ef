"""Who may talk to the page: this machine only, unless a password opens it to others.

Every request passes through here, those to Streamlit and its WebSocket too. Refused are unknown
names for this machine in ``Host`` (DNS rebinding), requests from pages of a different origin
(``Origin``, ``Sec-Fetch-Site``), clients on other machines unless there is a password, and whoever
does not know the password, or the token that stands for it on this machine.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.connections import HEALTH
from app.web.login import LOGIN, LOGOUT, PREFIX, Login
from app.web.proxies import Asker, Proxies, plain_address
from app.web.sessions import Session

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")

_POLICY = (
    "default-src 'none'; script-src 'self' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "worker-src 'self' blob:; media-src 'self' blob:; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_NEVER_ASKED_FOR = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture"),
    *("encrypted-media", "geolocation", "gyroscope", "hid", "identity-credentials-get"),
    *("idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment"),
    *("publickey-credentials-get", "screen-wake-lock", "serial", "storage-access", "usb"),
    "xr-spatial-tracking",
)
"""Features that the page does not use, so that nothing on it may ask the browser for them."""

HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in _NEVER_ASKED_FOR),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Sent with every response; but those of ``_OF_DOCUMENTS`` only with what may be a document."""

_OF_DOCUMENTS = ("Content-Security-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy")
"""They say what a document may do. A first visit brings 150 files that are no documents, and these
headers were a tenth of the bytes of that visit."""

_NO_DOCUMENTS = (
    *("text/css", "text/javascript", "application/javascript", "application/json"),
    *("application/octet-stream", "font/", "image/avif", "image/gif", "image/jpeg", "image/png"),
    *("image/webp", "video/"),
)
"""How types begin whose files run nothing when a browser opens them by themselves. An SVG might."""


class Guard:
    """ASGI middleware that lets in or refuses each request.

    Args:
        hosts: names that ``Host`` may have, besides those of the loopback and the address that the
            request has come to.
        password: what every visitor must know; None: only this machine is let in.
        token: without a password, what every visitor must know; None: nothing.
        proxies: the proxies that are believed about who asks; see ``app.web.proxies``.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: tuple[str, ...] = (),
        password: str | None = None,
        token: str | None = None,
        proxies: tuple[str, ...] = (),
    ) -> None:
        self._app = app
        self._hosts = {host.lower() for host in (*LOOPBACK_NAMES, *hosts)}
        self._is_for_others = password is not None
        self._proxies = Proxies(proxies)
        self._login: Login | None = None
        if password is not None:
            self._login = Login(password, "password")
        elif token is not None:
            self._login = Login(token, "token")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        asker = self._proxies.asker(scope)
        response = self._refusal(scope, asker)
        session: Session | None = None
        if response is None and self._login is not None and scope["path"] != HEALTH:
            session = self._login.session(scope)
            response = await self._way_in(self._login, session, asker, scope, receive)
        if response is None:
            scope = _with_host_as_in_origin(scope)
            await self._pass_on(scope, receive, _with_headers(send), session)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "refused"})
        else:
            response.headers.update(HEADERS)
            await response(scope, receive, send)

    def _refusal(self, scope: Scope, asker: Asker) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _name_of(host) not in self._hosts and not _is_own_address(scope, host):
            return _no("This name of the machine is not one that the page answers to.")
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return _no("A page of a different origin asked.")
        own = scope["path"].startswith(PREFIX)
        if own and headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return _no("A page of a different site asked.")
        if not self._is_for_others and not asker.is_local:
            return _no(
                "This page is for its own machine only. To let others in, start it with a "
                "password: clipsearch ui --host ADDRESS --password"
            )
        return None

    async def _way_in(
        self,
        login: Login,
        session: Session | None,
        asker: Asker,
        scope: Scope,
        receive: Receive,
    ) -> Response | None:
        """The response instead of the page; None for a visitor who is logged in."""
        if scope["type"] == "http":
            if scope["path"] == LOGIN:
                return await login.answer(Request(scope, receive), asker)
            if session is not None and scope["path"] == LOGOUT:
                return login.log_out(Request(scope, receive))
            if (let_in := login.by_address(scope, asker)) is not None:
                return let_in
        return None if session is not None else login.ask(scope)

    async def _pass_on(
        self, scope: Scope, receive: Receive, send: Send, session: Session | None
    ) -> None:
        if scope["type"] != "websocket" or session is None:
            await self._app(scope, receive, send)
            return
        with anyio.CancelScope() as until_logout:
            session.scopes.add(until_logout)
            try:
                await self._app(scope, receive, send)
            finally:
                session.scopes.discard(until_logout)
        if until_logout.cancelled_caught:
            await send({"type": "websocket.close", "code": 1008, "reason": "logged out"})


def _no(why: str) -> Response:
    return PlainTextResponse(why, 403)


def _name_of(host: str) -> str:
    """``host`` without its port."""
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    return host.partition(":")[0].lower()


def _is_own_address(scope: Scope, host: str) -> bool:
    """Whether ``host`` is the very address that the request has come to.

    Unlike a name, an address can't have been made to point to this machine (DNS rebinding).
    """
    reached = scope.get("server")
    return reached is not None and _name_of(host) == plain_address(reached[0])


def _with_host_as_in_origin(scope: Scope) -> Scope:
    """``scope`` with ``Host`` spelt exactly as in ``Origin``.

    Here they are equal but for upper and lower case. Streamlit compares them letter by letter, and
    where they differ asks the network for the address of this machine.
    """
    origin = Headers(scope=scope).get("origin")
    if origin is None:
        return scope
    host = urlsplit(origin).netloc.encode("latin-1")
    headers = [(name, host if name == b"host" else value) for name, value in scope["headers"]]
    return {**scope, "headers": headers}


def _with_headers(send: Send) -> Send:
    async def send_more(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            alone = headers.get("content-type", "").lower().startswith(_NO_DOCUMENTS)
            headers.update({k: v for k, v in HEADERS.items() if not (alone and k in _OF_DOCUMENTS)})
        await send(message)

    return send_more

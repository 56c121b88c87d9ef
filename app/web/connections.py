"""Limits on connections: how many at once, and how long one may stay without a request.

Every open connection takes one of the few files that a process may have open: a client that merely
connects a thousand times would shut everybody else out. The limits sit between asyncio and the HTTP
server, so that they hold for both ways in which the page is started.
"""

from __future__ import annotations

import asyncio

import anyio
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.watched_connection import FULL, Connection, current, watch

HEALTH = "/_stcore/health"
"""The path of the health check, which is answered even if all connections are taken."""

_MOST = 500
_SPARE = 50  # connections beyond the limit, whose requests are answered: there is no room
_IDLE_S = 15.0  # in which the whole head of a request must arrive
_BODY_S = 120.0  # in which its whole body must arrive


def most_connections() -> int:
    """The default limit: at most half of the files that this process may have open."""
    try:
        import resource
    except ImportError:  # Windows, which has no such limit
        return _MOST
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _MOST if files == resource.RLIM_INFINITY else max(16, min(_MOST, files // 2))


class Connections:
    """ASGI middleware, the outermost one.

    Args:
        most: connections at once; beyond it, the one that has been idle longest is closed.
        idle_s, body_s: seconds in which a request's head and its body have to arrive.
    """

    def __init__(
        self,
        app: ASGIApp,
        most: int | None = None,
        idle_s: float = _IDLE_S,
        body_s: float = _BODY_S,
    ) -> None:
        self._app = app
        self._most = most or most_connections()
        self._body_s = body_s
        self.idle_s = idle_s
        self._open: set[Connection] = set()
        self._idle: dict[Connection, None] = {}  # the longest idle first

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":  # the server begins to listen right after this
            watch(asyncio.get_running_loop(), self)
        connection = current()
        if scope["type"] not in ("http", "websocket") or connection is None:
            await self._app(scope, receive, send)
            return
        with connection.busy():
            if connection.is_over and scope["path"] != HEALTH:
                await _say(scope, receive, send, FULL, 503)
            elif scope["type"] == "http":
                await self._in_time(scope, receive, send)
            else:
                await self._app(scope, receive, send)

    async def _in_time(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call the app; to it, a client that does not send its body in time has disconnected."""
        until = anyio.current_time() + self._body_s
        complete = late = begun = False

        async def receive_in_time() -> Message:
            nonlocal complete, late
            if complete:
                return await receive()
            with anyio.move_on_at(until):
                message = await receive()
                complete = not message.get("more_body", False)
                return message
            late = complete = True
            return {"type": "http.disconnect"}

        async def send_on(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive_in_time, send_on)
        except ClientDisconnect:
            if late and not begun:
                await _say(scope, receive, send, "The request took too long to arrive.", 408)

    # -- asked by the connections -----------------------------------------------------------

    def admit(self, connection: Connection) -> bool:
        """Whether ``connection`` may send requests; the longest idle one is closed to make room."""
        if len(self._open) >= self._most:
            longest = next(iter(self._idle), None)
            if longest is not None:
                longest.close()
            elif len(self._open) >= self._most + _SPARE:
                return False
        connection.is_over = len(self._open) >= self._most
        self._open.add(connection)
        return True

    def is_idle(self, connection: Connection) -> None:
        if connection in self._open:
            self._idle[connection] = None

    def is_busy(self, connection: Connection) -> None:
        self._idle.pop(connection, None)

    def leave(self, connection: Connection) -> None:
        self._open.discard(connection)
        self._idle.pop(connection, None)


async def _say(scope: Scope, receive: Receive, send: Send, text: str, status: int) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1013, "reason": text})
        return
    headers = {"Connection": "close", "Retry-After": "5"}
    await PlainTextResponse(text, status, headers)(scope, receive, send)

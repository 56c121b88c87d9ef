"""Watches connections, between asyncio and the protocols of the page's server."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

FULL = "Too many are connected to this page at once. Try again in a moment."
_FULL_ANSWER = (
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\n"
    f"Retry-After: 5\r\nConnection: close\r\nContent-Length: {len(FULL)}\r\n\r\n{FULL}"
).encode("ascii")
_BACKLOG = 64  # connections taken at once, before any can be judged


class Owner(Protocol):
    """Decides about connections; see ``app.web.connections``."""

    idle_s: float

    def admit(self, connection: Connection) -> bool: ...
    def is_idle(self, connection: Connection) -> None: ...
    def is_busy(self, connection: Connection) -> None: ...
    def leave(self, connection: Connection) -> None: ...


class Connection(asyncio.Protocol):
    """One connection: watches it, and passes all on to the HTTP or WebSocket protocol."""

    def __init__(self, owner: Owner, inner: asyncio.Protocol) -> None:
        self._owner = owner
        self.inner = inner
        self.is_over = False
        self.peer: str | None = None
        self.is_tls = False
        self._requests = 0
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Hold the connection busy, so not idle, while a request is answered."""
        self._requests += 1
        self._stop_timer()
        self._owner.is_busy(self)
        try:
            yield
        finally:
            self._requests -= 1
            if not self._requests:
                self._wait()

    def close(self) -> None:
        self._owner.leave(self)
        self._stop_timer()
        if self._transport is not None:
            self._transport.close()

    def _wait(self) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        self._owner.is_idle(self)
        self._stop_timer()
        self._timer = asyncio.get_running_loop().call_later(self._owner.idle_s, self.close)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # -- asyncio's side ---------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        peer = transport.get_extra_info("peername")
        self.peer = str(peer[0]) if isinstance(peer, tuple) else None
        self.is_tls = transport.get_extra_info("sslcontext") is not None
        _send_at_once(transport)
        if not self._owner.admit(self):
            transport.write(_FULL_ANSWER)
            transport.close()
            self.inner = asyncio.Protocol()  # which hears nothing of it
            return
        self._wait()
        self.inner.connection_made(_Transport(transport, self))  # type: ignore[arg-type]

    def data_received(self, data: bytes) -> None:
        # The task of the request, which the protocol starts now, inherits this context.
        before = _CURRENT.set(self)
        try:
            self.inner.data_received(data)
        finally:
            _CURRENT.reset(before)

    def eof_received(self) -> bool | None:
        return self.inner.eof_received()

    def pause_writing(self) -> None:
        self.inner.pause_writing()

    def resume_writing(self) -> None:
        self.inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._owner.leave(self)
        self._stop_timer()
        self.inner.connection_lost(exc)


class _Transport:
    """The real transport, except that a new protocol goes behind the watching connection."""

    def __init__(self, real: asyncio.Transport, connection: Connection) -> None:
        self._real = real
        self._connection = connection

    def set_protocol(self, protocol: asyncio.Protocol) -> None:
        self._connection.inner = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._connection.inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def _send_at_once(transport: asyncio.BaseTransport) -> None:
    """Set TCP_NODELAY: else a body waits until the browser confirms its head, 40 ms on Linux.

    asyncio does that itself, but not for the socket that Streamlit opens: it was made without a
    protocol, so that asyncio can't see that it is TCP.
    """
    connected = transport.get_extra_info("socket")
    if connected is not None and connected.family in (socket.AF_INET, socket.AF_INET6):
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


_CURRENT: ContextVar[Connection | None] = ContextVar("connection", default=None)


def current() -> Connection | None:
    """The connection of the request that is being answered; None if connections aren't watched."""
    return _CURRENT.get()


def watch(loop: asyncio.AbstractEventLoop, owner: Owner) -> None:
    """Put a ``Connection`` before every protocol of the servers that ``loop`` starts from now."""
    real = loop.create_server

    async def create_server(factory: Callable[[], Any], *args: Any, **more: Any) -> Any:
        more["backlog"] = min(more.get("backlog", _BACKLOG), _BACKLOG)
        if more.get("ssl"):
            more.setdefault("ssl_handshake_timeout", owner.idle_s)
        return await real(lambda: Connection(owner, factory()), *args, **more)

    loop.create_server = create_server  # type: ignore[method-assign, assignment]

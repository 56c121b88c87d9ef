"""Who asks, and over HTTP or HTTPS: a proxy in front is believed only if it was named."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Scope

from app.web.watched_connection import current
from store.errors import ConfigError

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Asker:
    """Who sends a request.

    Attributes:
        address: the client's; behind a trusted proxy, the one that the proxy names.
        is_local: whether the client and all proxies are on this machine.
        is_https: whether the client's browser speaks HTTPS.
    """

    address: str
    is_local: bool
    is_https: bool


class Proxies:
    """The proxies that are believed, as addresses or networks (``10.0.0.2``, ``172.16.0.0/12``).

    Raises:
        ConfigError: one is neither. Names are not accepted: to look them up would ask the network.
    """

    def __init__(self, trusted: Iterable[str] = ()) -> None:
        self._trusted = [_network(text) for text in trusted]

    def asker(self, scope: Scope) -> Asker:
        """Who sends the request of ``scope``."""
        told = scope.get("client")
        connection = current()
        # Uvicorn believes any program on this machine; the connection itself has the real address.
        peer = connection.peer if connection else (told[0] if told else None)
        tls = connection.is_tls if connection else scope["scheme"] in ("https", "wss")
        local = _is_local(peer) and _is_local(told[0] if told else None)
        if peer is None or not self._is_trusted(peer):
            return Asker(peer or "", local, tls)
        headers = Headers(scope=scope)
        last = headers.get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
        named = ",".join(headers.getlist("x-forwarded-for")).split(",")
        chain = [part.strip() for part in named if part.strip()]
        client = next((one for one in reversed(chain) if not self._is_trusted(one)), peer)
        return Asker(client, local and _is_local(client), tls or last == "https")

    def _is_trusted(self, text: str) -> bool:
        address = _parsed(text)
        return address is not None and any(address in network for network in self._trusted)


def _network(text: str) -> _Network:
    try:
        return ipaddress.ip_network("127.0.0.1" if text == "localhost" else text, strict=False)
    except ValueError:
        raise ConfigError(
            f"{text} is no address of a proxy; give one like 10.0.0.2, or a network like 10.0.0.0/8"
        ) from None


def _parsed(text: str) -> _Address | None:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_local(text: str | None) -> bool:
    if text is None or text == "localhost":  # None: a Unix socket
        return True
    address = _parsed(text)
    return address is not None and address.is_loopback


def plain_address(text: str) -> str:
    """An address as it is written in ``Host``: an IPv4 one as such, an IPv6 one in brackets."""
    address = _parsed(text)
    if address is None:
        return text.lower()
    return f"[{address}]" if address.version == 6 else str(address)

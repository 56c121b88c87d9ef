"""Who has logged in, and how long an address has to wait after wrong passwords."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import time
from collections.abc import Callable

import anyio

_MOST_SESSIONS = 500
_LASTS_S = 30 * 24 * 3600.0
_FREE_TRIES = 3
_LONGEST_WAIT_S = 900.0
_MOST_ADDRESSES = 10_000


def is_same(one: str, other: str) -> bool:
    """Whether two secrets are equal; the time that it takes says nothing about them."""
    return hmac.compare_digest(_digest(one), _digest(other))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


class Session:
    """One login, with the ``scopes`` of its open WebSockets, which end with it."""

    def __init__(self, began: float) -> None:
        self.began = began
        self.scopes: set[anyio.CancelScope] = set()


class Sessions:
    """The sessions of this run of the server: each login has its own, and ends alone.

    Args:
        clock: gives seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[bytes, Session] = {}  # by digest, from which no cookie can be read

    def begin(self) -> str:
        """Begin a session and return its cookie's text; of too many sessions, the oldest end."""
        while len(self._known) >= _MOST_SESSIONS:
            self._end(next(iter(self._known)))
        cookie = secrets.token_urlsafe(32)
        self._known[_digest(cookie)] = Session(self._clock())
        return cookie

    def find(self, cookie: str) -> Session | None:
        """The session of a cookie; None if there is none, or it has ended."""
        digest = _digest(cookie)
        session = self._known.get(digest)
        if session is not None and self._clock() - session.began > _LASTS_S:
            self._end(digest)
            return None
        return session

    def end(self, cookie: str) -> None:
        """End a session: its cookie is worth nothing from now on, and its WebSockets are closed."""
        self._end(_digest(cookie))

    def _end(self, digest: bytes) -> None:
        session = self._known.pop(digest, None)
        for scope in session.scopes if session else ():
            scope.cancel()


class Lockout:
    """Makes an address wait after wrong passwords: from the third on, twice as long each time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wrong: dict[str, tuple[int, float]] = {}  # tries, and when the next counts

    def wait(self, address: str) -> float:
        """Seconds until a try from ``address`` is accepted again; 0 if it is now."""
        _, until = self._wrong.get(_place(address), (0, 0.0))
        return max(0.0, until - self._clock())

    def failed(self, address: str) -> None:
        """Count a wrong password of ``address``."""
        place = _place(address)
        tries = self._wrong.pop(place, (0, 0.0))[0] + 1
        doubled = 2.0 ** min(tries - _FREE_TRIES, 20) if tries >= _FREE_TRIES else 0.0
        while len(self._wrong) >= _MOST_ADDRESSES:
            del self._wrong[next(iter(self._wrong))]
        self._wrong[place] = (tries, self._clock() + min(doubled, _LONGEST_WAIT_S))

    def passed(self, address: str) -> None:
        """Forget the wrong passwords of ``address``: it has given the right one."""
        self._wrong.pop(_place(address), None)


def _place(address: str) -> str:
    """The address to count by: for IPv6 its /64 network, since a client has all of that."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))

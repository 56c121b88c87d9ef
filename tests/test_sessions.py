"""Logins and lockouts, by a clock that is set by hand."""

from __future__ import annotations

import pytest

from app.web.proxies import Proxies
from app.web.routes import guard
from app.web.sessions import Lockout, Sessions, is_same
from store.errors import ConfigError


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_lockout_grows_and_ends() -> None:
    clock = Clock()
    lockout = Lockout(clock)
    waits = []
    for _ in range(16):
        assert lockout.wait("192.168.1.7") == 0
        lockout.failed("192.168.1.7")
        waits.append(lockout.wait("192.168.1.7"))
        clock.now += waits[-1]
    assert waits[:7] == [0, 0, 1, 2, 4, 8, 16]
    assert max(waits) == waits[-1] == 900
    lockout.failed("192.168.1.7")
    assert lockout.wait("192.168.1.8") == 0
    assert lockout.wait("::ffff:192.168.1.7") == 900  # the same, by another way
    lockout.passed("192.168.1.7")
    lockout.failed("192.168.1.7")
    assert lockout.wait("192.168.1.7") == 0


def test_whoever_has_a_network_is_one() -> None:
    lockout = Lockout(Clock())
    for number in range(4):
        lockout.failed(f"2001:db8:1:2::{number}")
    assert lockout.wait("2001:db8:1:2:ffff::1") == 2
    assert lockout.wait("2001:db8:1:3::1") == 0


def test_what_is_remembered_of_addresses_is_bounded() -> None:
    lockout = Lockout(Clock())
    for number in range(10_050):
        lockout.failed(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(lockout._wrong) == 10_000


def test_sessions_end() -> None:
    clock = Clock()
    sessions = Sessions(clock)
    one, other = sessions.begin(), sessions.begin()
    assert one != other and sessions.find(one) is not sessions.find(other)
    sessions.end(one)
    assert sessions.find(one) is None and sessions.find(other)
    clock.now += 31 * 24 * 3600
    assert sessions.find(other) is None
    for cookie in ("", "x", "\ud800"):
        assert sessions.find(cookie) is None


def test_the_oldest_of_too_many_sessions_go() -> None:
    sessions = Sessions(Clock())
    cookies = [sessions.begin() for _ in range(510)]
    assert sum(sessions.find(cookie) is not None for cookie in cookies) == 500
    assert sessions.find(cookies[-1])


def test_secrets_are_compared() -> None:
    assert is_same("ü", "ü")
    assert not is_same("ü", "u") and not is_same("", "a")


@pytest.mark.parametrize(
    "settings",
    [
        {"CLIPSEARCH_PAGE_PASSWORD": "1234567"},
        {"CLIPSEARCH_PAGE_TOKEN": "123456789012345"},
        {"CLIPSEARCH_PAGE_PROXIES": "proxy.example"},
    ],
)
def test_settings_that_keep_nobody_out_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(ConfigError):
        guard(settings)
    assert guard({"CLIPSEARCH_PAGE_PASSWORD": "12345678"})


def test_a_proxy_is_an_address() -> None:
    Proxies(["localhost", "10.0.0.2", "fd00::/8", "172.16.0.1/12"])
    with pytest.raises(ConfigError, match="no address of a proxy"):
        Proxies(["nginx"])

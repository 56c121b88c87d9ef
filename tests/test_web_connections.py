"""Many connections at once: a real server with few files, and real sockets."""

from __future__ import annotations

import asyncio
import http.client
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.connections import Connections, most_connections
from app.web.watched_connection import current
from benchmarks.served import Served, served
from browser import settings

if sys.platform == "win32":
    pytest.skip("there is no such limit", allow_module_level=True)

import resource

FILES = 256  # that the server may have open
HELD = FILES // 2


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, engine_cache: Path) -> Iterator[Served]:
    place = tmp_path_factory.mktemp("connections")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, hard))
    try:
        starting = served(place / "library", **settings(place, engine_cache))
        one = starting.__enter__()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    yield one
    starting.__exit__(None, None, None)


def port_of(server: Served) -> int:
    return int(server.address.rpartition(":")[2])


def ask(server: Served, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port_of(server), timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def connect(server: Served, stack: ExitStack, begin: bytes = b"") -> socket.socket:
    one = stack.enter_context(socket.create_connection(("127.0.0.1", port_of(server)), 20))
    if begin:
        one.sendall(begin)
    return one


@pytest.mark.parametrize("begin", [b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "])
def test_those_that_ask_for_nothing_shut_nobody_out(server: Served, begin: bytes) -> None:
    with ExitStack() as stack:
        held = [connect(server, stack, begin) for _ in range(FILES + 50)]
        assert ask(server, "/_stcore/health")[0] == 200
        status, page = ask(server, "/")
        assert status == 200 and "<html" in page
        # Those that were there first had to make room.
        held[0].settimeout(20)
        with suppress(ConnectionResetError):
            assert held[0].recv(1) == b""


def test_where_all_are_busy_others_are_told_and_health_answers(server: Served) -> None:
    head = "POST /clipsearch/tag HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"
    slow = "\r\n".join([*head, "Content-Length: 9", "", "{"]).encode()
    with ExitStack() as stack:
        for _ in range(HELD):
            connect(server, stack, slow)
        end = time.monotonic() + 30
        # Of those whose request has not been read yet, one makes room for each that asks.
        while (answer := ask(server, "/"))[0] != 503:
            assert time.monotonic() < end
            connect(server, stack, slow)
        assert answer == (
            503,
            "Too many are connected to this page at once. Try again in a moment.",
        )
        assert ask(server, "/_stcore/health")[0] == 200
        # Beyond the spare ones nothing is read at all, and the answer is the same.
        for _ in range(60):
            connect(server, stack, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        assert ask(server, "/")[0] == 503
    end = time.monotonic() + 30
    while ask(server, "/")[0] != 200:
        assert time.monotonic() < end


def test_as_many_as_the_files_allow() -> None:
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert 16 <= most_connections() <= max(16, files // 2)


async def nothing(scope: Scope, receive: Receive, send: Send) -> None:
    await Request(scope, receive).body()
    await Response("whole")(scope, receive, send)


async def answered(app: ASGIApp, sent: bytes) -> bytes:
    """By a server that is given its socket, as Streamlit's is."""
    outer = Starlette(
        routes=[Mount("/", app)],
        middleware=[Middleware(Connections, most=10, idle_s=0.3, body_s=0.3)],
    )
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(outer, log_level="error"))
        running = asyncio.create_task(server.serve([listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        writer.write(sent)
        answer = await asyncio.wait_for(reader.read(), 20)
        writer.close()
        server.should_exit = True
        await running
        return answer


def test_no_answer_waits_for_its_head_to_be_confirmed() -> None:
    seen: list[int] = []

    async def look(scope: Scope, receive: Receive, send: Send) -> None:
        connection = current()
        assert connection is not None and connection._transport is not None
        one = connection._transport.get_extra_info("socket")
        seen.append(one.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        await nothing(scope, receive, send)

    answer = asyncio.run(answered(look, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
    assert b"whole" in answer
    assert len(seen) == 1 and seen[0]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"", b""),
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b""),
        (b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx", b"408 Request Timeout"),
    ],
)
def test_who_takes_too_long_is_let_go(sent: bytes, said: bytes) -> None:
    """With a server of the same kind, and times that can be waited for."""

    answer = asyncio.run(answered(nothing, sent))
    assert said in answer
    assert bool(said) == bool(answer)

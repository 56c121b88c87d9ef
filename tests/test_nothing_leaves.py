"""No name is looked up and nobody else is asked, however the page is started."""

from __future__ import annotations

import ast
import http.client
import ipaddress
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.served import free_port
from browser import settings

TOP = Path(__file__).parent.parent
WATCHED = Path(__file__).parent / "watched"
UI = ("-m", "app.cli", "ui", "--no-browser", "--port")
STREAMLIT = ("-m", "streamlit", "run", "streamlit_app.py", "--server.port")
PASSWORD = {"CLIPSEARCH_PAGE_PASSWORD": "open sesame"}


def outside(line: str) -> bool:
    """Whether a line of the list is of anything but this machine's own addresses."""
    _, _, told = line.partition(" ")
    first = ast.literal_eval(told)[0]
    host = first[0] if isinstance(first, tuple) else first
    if host in (None, "", "localhost") or str(host).startswith("/"):  # a Unix socket
        return False
    try:
        address = ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host)
    except ValueError:
        return True
    return not (address.is_loopback or address.is_unspecified)


def ask(port: int, path: str, **headers: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.putrequest("GET", path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("command", "options", "more"),
    [
        (UI, (), {}),
        (UI, ("--host", "0.0.0.0"), PASSWORD),
        (UI, ("--host", "::"), PASSWORD),
        (STREAMLIT, (), {}),
        (STREAMLIT, ("--server.address", "0.0.0.0"), {}),
        (STREAMLIT, ("--server.address", "::"), {}),
    ],
)
def test_nothing_is_looked_up_or_asked(
    command: tuple[str, ...],
    options: tuple[str, ...],
    more: dict[str, str],
    tmp_path: Path,
    engine_cache: Path,
) -> None:
    port = free_port()
    written = tmp_path / "asked"
    written.touch()
    environment = settings(tmp_path, engine_cache) | {
        "PYTHONPATH": os.pathsep.join([str(WATCHED), str(TOP)]),
        "CLIPSEARCH_WATCHED": str(written),
        "CLIPSEARCH_LIBRARY": str(tmp_path / "library"),
        "CLIPSEARCH_PAGE_HOSTS": "nas.test",
        "http_proxy": "http://192.0.2.77:3128",
    }
    process = subprocess.Popen(
        [sys.executable, *command, str(port), *options],
        cwd=TOP,
        env=os.environ | environment | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        end = time.monotonic() + 60
        while True:
            try:
                assert ask(port, "/_stcore/health") == 200
                break
            except OSError:
                assert time.monotonic() < end and process.poll() is None
                time.sleep(0.1)
        assert ask(port, "/") == (200 if command is STREAMLIT else 401)
        # The same origin, in other letters than Streamlit expects.
        socket = {
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
            "Sec_WebSocket_Version": "13",
            "Host": f"NAS.test:{port}",
            "Origin": f"http://nas.test:{port}",
        }
        assert ask(port, "/_stcore/stream", **socket) == (101 if command is STREAMLIT else 403)
    finally:
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=30)
    lines = written.read_text().splitlines()
    assert [line for line in lines if outside(line)] == []
    assert "0.0.0.0" not in said and "[::]" not in said
    assert f":{port}" in said


def test_the_watch_sees_what_is_asked(tmp_path: Path) -> None:
    """Else the test above would see nothing whatever happened."""
    script = (
        "import socket\n"
        "for ask in (lambda: socket.getaddrinfo('photos.invalid', 80),\n"
        "            lambda: socket.socket(type=socket.SOCK_DGRAM).connect(('192.0.2.1', 9))):\n"
        "    try: ask()\n"
        "    except OSError: pass\n"
    )
    written = tmp_path / "asked"
    watched = {"PYTHONPATH": str(WATCHED), "CLIPSEARCH_WATCHED": str(written)}
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], env=os.environ | watched, check=True
    )
    assert len([line for line in written.read_text().splitlines() if outside(line)]) == 2

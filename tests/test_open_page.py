"""Opening the page: what other accounts of the machine can see of it."""

from __future__ import annotations

import itertools
import stat
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest

from app.cli import open_page
from app.web.own_addresses import own_addresses


@pytest.fixture
def server() -> Iterator[str]:
    class Healthy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/_stcore/health" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Healthy) as one:
        threading.Thread(target=one.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{one.server_port}"
        one.shutdown()


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the browser would be started with, which everybody on the machine can read."""
    asked: list[str] = []
    monkeypatch.setattr("typer.launch", asked.append)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # nothing is there
    return asked


def test_the_token_is_in_a_file_that_nobody_else_can_read(server: str, launched: list[str]) -> None:
    address = f"{server}/?token=abc&q=<x>"
    with open_page.private_folder() as folder:
        open_page.open_when_up(server, address, folder)
        (shown,) = launched
        assert "abc" not in shown and shown.startswith("file://")
        page = Path(url2pathname(urlsplit(shown).path))
        text = page.read_text(encoding="utf-8")
        assert f"{server}/?token=abc&amp;q=&lt;x&gt;" in text and 'http-equiv="refresh"' in text
        if sys.platform != "win32":
            assert stat.S_IMODE(Path(folder).stat().st_mode) == 0o700
            assert stat.S_IMODE(page.stat().st_mode) == 0o600
    assert not page.exists()


def test_an_address_without_a_secret_is_opened_as_it_is(
    server: str, launched: list[str], tmp_path: Path
) -> None:
    open_page.open_when_up(server, server, str(tmp_path))
    assert launched == [server]
    assert list(tmp_path.glob("*.html")) == []


def test_a_browser_that_is_a_snap_sees_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_page, "_SNAPS", tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    with open_page.private_folder() as folder:
        assert Path(folder).parent == tmp_path and not Path(folder).name.startswith(".")


@pytest.mark.skipif(sys.platform != "linux", reason="compared with what Linux says")
def test_own_addresses_are_those_of_the_interfaces() -> None:
    """By the kernel's own table, in which each own address is a /32 of the host."""
    lines = Path("/proc/net/fib_trie").read_text().splitlines()
    own = {
        before.split()[-1] for before, line in itertools.pairwise(lines) if "/32 host LOCAL" in line
    }
    assert set(own_addresses()) <= {one for one in own if not one.startswith("127.")}
    assert bool(own_addresses()) == any(not one.startswith("127.") for one in own)

"""``clipsearch ui``: the real command, the real server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import cli
from benchmarks.served import free_port

TOP = Path(__file__).parent.parent


def start(*options: str, **env: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli", "ui", "--no-browser", *options],
        cwd=TOP,
        env=os.environ | env,
        stderr=subprocess.PIPE,
        text=True,
    )


def answer(port: int, path: str = "/") -> tuple[int, str]:
    end = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as found:
                return found.status, found.headers["content-security-policy"]
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers["content-security-policy"]
        except OSError:
            assert time.monotonic() < end, "it does not come up"
            time.sleep(0.1)


@pytest.mark.parametrize(
    ("secret", "status", "end"),
    [("", 200, signal.SIGINT), ("open sesame", 401, signal.SIGTERM)],
)
def test_it_serves_and_ends(secret: str, status: int, end: signal.Signals) -> None:
    port = free_port()
    process = start("--port", str(port), CLIPSEARCH_PAGE_PASSWORD=secret)
    try:
        found, policy = answer(port)
        assert found == status
        assert "default-src 'none'" in policy
        assert answer(port, "/clipsearch/outline")[0] == status
    finally:
        process.send_signal(end)
        _, said = process.communicate(timeout=30)
    assert f"http://localhost:{port}" in said
    assert "Traceback" not in said
    with pytest.raises(OSError):  # noqa: PT011  # whatever a closed port says
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "photos.example"])
def test_others_need_a_password(host: str) -> None:
    done = CliRunner().invoke(cli, ["ui", "--host", host, "--no-browser"])
    assert done.exit_code == 2
    assert "--password" in done.output and "photos" in done.output


def test_a_proxy_needs_one_too() -> None:
    done = CliRunner().invoke(cli, ["ui", "--name", "photos.example", "--no-browser"])
    assert done.exit_code == 2 and "--password" in done.output


def test_a_port_that_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(cli, ["ui", "--port", port, "--no-browser"])
    assert done.exit_code == 2 and "in use" in done.output


def test_the_settings_of_both_ways_to_start_are_the_same() -> None:
    one = (TOP / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    other = (TOP / "app" / "pages" / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert one == other
    assert 'address = "127.0.0.1"' in one and "gatherUsageStats = false" in one

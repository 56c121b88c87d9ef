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
from app.web.frontend_routes import main_address
from app.web.own_addresses import own_addresses
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
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
                return response.status, response.headers["content-security-policy"]
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers["content-security-policy"]
        except OSError:
            assert time.monotonic() < end, "it does not come up"
            time.sleep(0.1)


def address_in(process: subprocess.Popen[str]) -> str:
    """Of the page, as the command has printed it."""
    assert process.stderr
    line = process.stderr.readline()
    return line.partition("The page is at ")[2].split()[0]


@pytest.mark.parametrize(("secret", "end"), [("", signal.SIGINT), ("open sesame", signal.SIGTERM)])
def test_it_serves_and_ends(secret: str, end: signal.Signals) -> None:
    port = free_port()
    process = start("--port", str(port), CLIPSEARCH_PAGE_PASSWORD=secret)
    try:
        status, policy = answer(port)
        assert status == 401  # it asks for the password, or for the token in the address
        assert "default-src 'none'" in policy
        assert answer(port, main_address())[0] == 401
        assert answer(port, "/_stcore/health")[0] == 200
        address = address_in(process)
        assert address.startswith(f"http://127.0.0.1:{port}")
        assert ("?token=" in address) == (not secret)
        if not secret:
            opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            with opener.open(address) as page:
                assert page.url == f"http://127.0.0.1:{port}/" and b"<html" in page.read()
            with opener.open(f"http://127.0.0.1:{port}{main_address()}") as asked:
                assert asked.status == 200
    finally:
        process.send_signal(end)
        _, said = process.communicate(timeout=30)
    assert "Traceback" not in said
    with pytest.raises(OSError):  # noqa: PT011  # whatever a closed port says
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)


def test_the_token_can_be_kept_or_left_away() -> None:
    for options, token, status in (((), "0123456789abcdef", 401), (("--no-token",), "", 200)):
        port = free_port()
        process = start("--port", str(port), *options, CLIPSEARCH_PAGE_TOKEN=token)
        try:
            assert answer(port)[0] == status
            ends = f"/?token={token}" if token else ""
            assert address_in(process) == f"http://127.0.0.1:{port}{ends}"
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=30)


def test_a_password_that_is_too_short() -> None:
    short = {"CLIPSEARCH_PAGE_PASSWORD": "1234567"}
    done = CliRunner().invoke(cli, ["ui", "--no-browser"], env=short)
    assert done.exit_code == 2 and "at least 8 characters" in done.output
    typed = CliRunner().invoke(cli, ["ui", "--password"], input="1234567\n1234567\n")
    assert typed.exit_code == 2 and "at least 8 characters" in typed.output


def test_streamlit_run_refuses_it_too() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port", "0"],
        cwd=TOP,
        env=os.environ | {"CLIPSEARCH_PAGE_PASSWORD": "1234567"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode != 0
    assert "clipsearch: The page's password" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.skipif(not own_addresses(), reason="the machine has the loopback only")
def test_the_own_address_is_answered_and_printed() -> None:
    """Whatever the machine's name means: here often 127.0.0.1."""
    own, port = own_addresses()[0], free_port()
    options = ("--port", str(port), "--host", "0.0.0.0")
    process = start(*options, CLIPSEARCH_PAGE_PASSWORD="open sesame")
    try:
        assert answer(port)[0] == 401
        assert address_in(process) == f"http://{own}:{port}"
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://{own}:{port}/", timeout=5)
        with refused.value as error:
            assert error.code == 401  # asked for its password: not 403
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.7", "::", "photos.example"])
def test_others_need_a_password(host: str) -> None:
    done = CliRunner().invoke(cli, ["ui", "--host", host, "--no-browser"])
    assert done.exit_code == 2
    assert "--password" in done.output and "photos" in done.output


def test_a_proxy_needs_one_too() -> None:
    done = CliRunner().invoke(cli, ["ui", "--name", "photos.example", "--no-browser"])
    assert done.exit_code == 2 and "--password" in done.output
    done = CliRunner().invoke(cli, ["ui", "--proxy", "10.0.0.2", "--no-browser"])
    assert done.exit_code == 2 and "--password" in done.output
    named = ["ui", "--password", "--proxy", "nginx", "--no-browser"]
    done = CliRunner().invoke(cli, named, env={"CLIPSEARCH_PAGE_PASSWORD": "open sesame"})
    assert done.exit_code == 2 and "no address of a proxy" in done.output


def test_a_port_that_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(cli, ["ui", "--port", port, "--no-browser"])
    assert done.exit_code == 2 and "in use" in done.output


@pytest.mark.parametrize("host", ["192.0.2.1", "nowhere.invalid"])
def test_an_address_of_another_machine(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIPSEARCH_PAGE_PASSWORD", "a long enough password")
    done = CliRunner().invoke(cli, ["ui", "--host", host, "--no-browser"])
    assert done.exit_code == 2 and f"{host} is no address of this machine" in done.output
    assert "--host" in done.output and "in use" not in done.output


def test_the_settings_of_both_ways_to_start_are_the_same() -> None:
    one = (TOP / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    other = (TOP / "app" / "pages" / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert one == other
    assert 'address = "127.0.0.1"' in one and "gatherUsageStats = false" in one

"""The page as people have it: its server in a process of its own, and a real Chromium before it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def find_browser() -> str:
    """Where Chromium is; without one the test is skipped, but never in CI."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    if os.environ.get("CI"):
        pytest.fail("There is no Chromium.")
    pytest.skip("There is no Chromium; Debian's is: apt-get install chromium")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def index_album(library: Path, album: Path, cache: Path) -> None:
    """With the real command and the starter model."""
    command = [sys.executable, "-m", "app.cli", "index", str(album), "--model", "starter"]
    subprocess.run(
        [*command, "--library", str(library)],
        env=os.environ | {"CLIPSEARCH_CACHE": str(cache), "CLIPSEARCH_OFFLINE": "1"},
        cwd=TOP,
        check=True,
        capture_output=True,
    )


@contextmanager
def served(library: Path, cache: Path, settings: Path, *more: str, **env: str) -> Iterator[str]:
    """``streamlit run streamlit_app.py`` over a library; yields the page's address."""
    port = free_port()
    environment = os.environ | {
        "CLIPSEARCH_LIBRARY": str(library),
        "CLIPSEARCH_CACHE": str(cache),
        "CLIPSEARCH_CONFIG": str(settings),
        "CLIPSEARCH_OFFLINE": "1",
        **env,
    }
    command = [sys.executable, "-m", "streamlit", "run", str(TOP / "streamlit_app.py")]
    process = subprocess.Popen(
        [*command, f"--server.port={port}", *more],
        env=environment,
        cwd=TOP,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(process, address)
        yield address
    finally:
        process.terminate()
        process.wait(20)
        assert process.stdout is not None
        process.stdout.close()


def _wait_until_up(process: subprocess.Popen[str], address: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert process.poll() is None, process.stdout and process.stdout.read()
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
            return
        except OSError as error:
            if getattr(error, "code", None) == 401:  # up, and asks for a password
                error.close()  # type: ignore[attr-defined]
                return
            time.sleep(0.1)
    raise AssertionError("The page's server did not come up.")

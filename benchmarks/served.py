"""The page as people have it: its server in a process of its own, and a Chromium to look at it."""

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
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).parent.parent
ARGUMENTS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
_START_S = 60


@dataclass(frozen=True)
class Served:
    """Where the page is, and the id of its process."""

    address: str
    pid: int


def browser_path() -> str | None:
    """Where Chromium is; None where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def served(library: Path, *, port: int | None = None, **environment: str) -> Iterator[Served]:
    """The server that ``clipsearch ui`` starts, over a library, until the end of the block."""
    port = port or free_port()
    command = [sys.executable, "-m", "app.pages.launch"]
    process = subprocess.Popen(
        [*command, f"--server.port={port}"],
        env=os.environ | {"CLIPSEARCH_LIBRARY": str(library), **environment},
        cwd=TOP,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_up(process, address)
        yield Served(address, process.pid)
    finally:
        process.terminate()
        process.communicate(timeout=20)


def _wait_until_up(process: subprocess.Popen[str], address: str) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"The page's server ended: {process.communicate()[1]}")
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The page's server did not come up.")

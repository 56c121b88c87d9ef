"""Opening the page in the browser, without showing its token to other accounts of the machine."""

from __future__ import annotations

import html
import tempfile
import time
import urllib.request
from pathlib import Path

import typer

_START_S = 60.0
_SNAPS = Path("/var/lib/snapd")
_PAGE = """<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={address}"><title>clipsearch</title>
<a href="{address}">The page of clipsearch</a>"""


def open_when_up(probe: str, address: str, folder: str) -> None:
    """Open ``address`` once the server answers at ``probe`` (an address without a path).

    Args:
        folder: the path of a ``private_folder``.
    """
    # Without the proxies of the environment: they would be asked for an address of this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + _START_S
    while time.monotonic() < end:
        try:
            with opener.open(f"{probe}/_stcore/health", timeout=2):
                break
        except OSError:
            time.sleep(0.2)
    typer.launch(write_way_in(folder, address).as_uri() if "?" in address else address)


def private_folder() -> tempfile.TemporaryDirectory[str]:
    """A new folder that only this user and the user's browser can read; the caller closes it."""
    # Browsers that are snaps have a /tmp of their own, and can't see hidden folders.
    at = Path.home() if _SNAPS.is_dir() else None
    return tempfile.TemporaryDirectory(prefix="clipsearch-", dir=at, ignore_cleanup_errors=True)


def write_way_in(folder: str, address: str) -> Path:
    """Write a page that leads to ``address``, which holds a secret, and return its path.

    Everybody on the machine can read the arguments of a process, but only this user this file.
    """
    page = Path(folder, "open.html")
    page.touch(mode=0o600)
    page.write_text(_PAGE.format(address=html.escape(address)), encoding="utf-8")
    return page

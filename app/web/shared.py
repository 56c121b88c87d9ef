"""The desk of this process: the page's script and its routes are to use the same one."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.config import Config, load_config
from app.gallery.desk import Desk
from app.web.indexing import end_runs

_lock = threading.Lock()
_desks: dict[Config, Desk] = {}


def desk() -> Desk:
    """For the settings as they are now. ``close_desks`` closes it."""
    config = load_config()
    with _lock:
        if config not in _desks:
            for earlier in _desks.values():  # who still needs one of them opens it again
                earlier.close()
            _desks[config] = Desk(config)
        return _desks[config]


def close_desks() -> None:
    """Close whatever the page has opened."""
    with _lock:
        while _desks:
            _desks.popitem()[1].close()


@asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[None]:
    """The life of the server; at its end all is closed, and indexing from the page is stopped."""
    try:
        yield
    finally:
        end_runs()
        close_desks()

"""The service of this process: the page's script and its routes are to use the same one."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.config import Config, load_config
from app.gallery.gallery_service import GalleryService
from app.web.indexing import end_runs

_lock = threading.Lock()
_services: dict[Config, GalleryService] = {}


def gallery_service() -> GalleryService:
    """For the settings as they are now. ``close_services`` closes it."""
    config = load_config()
    with _lock:
        if config not in _services:
            for earlier in _services.values():  # who still needs one of them opens it again
                earlier.close()
            _services[config] = GalleryService(config)
        return _services[config]


def close_services() -> None:
    """Close whatever the page has opened."""
    with _lock:
        while _services:
            _services.popitem()[1].close()


@asynccontextmanager
async def lifespan(_: object) -> AsyncIterator[None]:
    """The life of the server; at its end all is closed, and indexing from the page is stopped."""
    try:
        yield
    finally:
        end_runs()
        close_services()

"""The gallery service of this process, which the page's script and its routes share."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.config import Config, load_config
from app.gallery.gallery_service import GalleryService
from app.web.folder_watch import end_watches
from app.web.indexing import end_runs

_lock = threading.Lock()
_services: dict[Config, GalleryService] = {}


def gallery_service() -> GalleryService:
    """The service for the settings as they are now; ``close_services`` closes it."""
    config = load_config()
    with _lock:
        if config not in _services:
            for earlier in _services.values():  # a visitor who still needs it opens it again
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
    """The lifespan of the server: at its end, all that it began is stopped and closed."""
    try:
        yield
    finally:
        end_watches()
        end_runs()
        close_services()

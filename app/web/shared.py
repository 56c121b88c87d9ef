"""The desk of this process: the page's script and its routes are to use the same one."""

from __future__ import annotations

import functools

from app.config import Config, load_config
from app.gallery.desk import Desk


def desk() -> Desk:
    """For the settings as they are now."""
    return _desk(load_config())


@functools.lru_cache(maxsize=2)
def _desk(config: Config) -> Desk:
    return Desk(config)

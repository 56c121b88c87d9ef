"""What a person means by a path."""

from __future__ import annotations

import os
from pathlib import Path

from store.sql.fspath import expanded


def absolute(path: Path) -> Path:
    """What the user means by ``path``, with links left as they are: they may be meant."""
    return Path(os.path.abspath(expanded(path)))  # noqa: PTH100

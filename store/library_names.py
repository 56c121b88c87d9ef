"""The names of places, cameras and folders of a library, kept in a file beside it.

To gather them takes a look at all rows, which in a large library is too much for each search. The
file is made again when the library has changed; one that is damaged counts as missing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from store.files.atomic import write_whole

NAMES = "names.json"
_REST = 20.0
"""While a library is being indexed it changes every few seconds: its names may then be out of date
for so many times as long as it took to gather them."""


@dataclass(frozen=True)
class StoredNames:
    """The different names that photos have, in order; folders by their own name, not by path."""

    places: tuple[str, ...] = ()
    cameras: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


def kept_names(folder: Path, state: str, gather: Callable[[], StoredNames]) -> StoredNames:
    """The names as of ``state``, from the file in ``folder``, or from ``gather`` and then kept.

    A file that can't be written makes no difference.
    """
    if kept := _read(folder / NAMES, state):
        return kept
    start = time.monotonic()
    names = gather()
    took = time.monotonic() - start
    content = {"state": state, "until": time.time() + _REST * took, **asdict(names)}
    with suppress(OSError):
        text = json.dumps(content, ensure_ascii=True)
        write_whole(folder / NAMES, text.encode("ascii"), keep=False)
    return names


def _read(path: Path, state: str) -> StoredNames | None:
    try:
        content = json.loads(path.read_bytes())
        is_recent = 0 <= content["until"] - time.time() < _REST * 60
        if content["state"] != state and not is_recent:
            return None
        lists = [content[key] for key in ("places", "cameras", "folders")]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not all(isinstance(name, str) for listed in lists for name in listed):
        return None
    places, cameras, folders = (tuple(listed) for listed in lists)
    return StoredNames(places, cameras, folders)

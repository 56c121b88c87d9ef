"""Fingerprints of model folders, kept in the cache: reading 600 MB anew takes a third of a second.

What is kept counts only while every file has the name, size, times and inode that it had when it
was read. A file that was written just before it was read is not kept: another write within the same
tick of the clock would leave no trace.
"""

from __future__ import annotations

import hashlib
import json
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from store.files.atomic import write_whole

_TICK_NS = 2_000_000_000  # the coarsest clock of a file system that is in use (FAT)
_MOST = 32  # folders; the files of those that were kept first are removed
_ENDING = "-fingerprint.json"

State = list[list[str | int]]


def kept_fingerprint(
    cache: Path, folder: Path, files: Sequence[Path], compute: Callable[[], str]
) -> str:
    """The fingerprint of ``files`` in ``folder``: as it was kept, else ``compute``'s, kept now.

    A cache that can't be read or written, or is damaged, costs the time only.
    """
    place = _place(cache, folder)
    before = _state(files)
    if before is not None and (kept := _read(place, before)):
        return kept
    began = time.time_ns()
    fingerprint = compute()
    if before is not None and _state(files) == before and _newest(before) < began - _TICK_NS:
        _write(place, before, fingerprint)
    return fingerprint


def _place(cache: Path, folder: Path) -> Path:
    # Beside the converted models, with a name like theirs: they are shown and removed together.
    name = hashlib.sha256(str(folder).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    return cache / "engines" / f"{name}{_ENDING}"


def _state(files: Sequence[Path]) -> State | None:
    try:
        facts = [(path.name, path.stat()) for path in files]
    except OSError:
        return None
    return [[name, s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino] for name, s in facts]


def _newest(state: State) -> int:
    return max((max(int(one[2]), int(one[3])) for one in state), default=0)


def _read(place: Path, state: State) -> str | None:
    try:
        whole = json.loads(place.read_bytes())
        said = str(whole["said"])
        if zlib.crc32(said.encode()) != whole["crc32"]:
            return None
        kept = json.loads(said)
        return str(kept["fingerprint"]) if kept["files"] == state else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _write(place: Path, state: State, fingerprint: str) -> None:
    said = json.dumps({"files": state, "fingerprint": fingerprint})
    whole = json.dumps({"crc32": zlib.crc32(said.encode()), "said": said})
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        write_whole(place, whole.encode(), keep=False)
        others = sorted(place.parent.glob(f"*{_ENDING}"), key=lambda one: one.stat().st_mtime_ns)
        for old in others[:-_MOST]:
            old.unlink(missing_ok=True)

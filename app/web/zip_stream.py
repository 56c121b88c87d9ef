"""A zip file of photos, written while it is sent: no part of it is kept."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.text import printable

_PART = 1 << 18  # bytes
# Characters that Windows refuses in names, and names that it refuses.
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Entry:
    """A file, and its name and time in the archive."""

    path: Path
    name: str
    time: datetime


class _Pipe(io.RawIOBase):
    """Buffers what ``zipfile`` writes until ``take`` is called; it can't seek."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = bytes(data)  # type: ignore[call-overload]
        self._parts.append(part)
        return len(part)

    def take(self) -> bytes:
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


def zip_stream(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The archive in parts. Photos are compressed already, so they are stored as they are.

    A photo that can't be read is left out, one that fails midway ends early; the others are whole.
    """
    pipe = _Pipe()
    used: set[str] = set()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for entry in entries:
            try:
                source = entry.path.open("rb")
            except OSError:
                continue
            time = entry.time if 1980 <= entry.time.year < 2108 else datetime(1980, 1, 1)
            info = zipfile.ZipInfo(_free_name(entry.name, used), time.timetuple()[:6])
            with source, archive.open(info, "w", force_zip64=True) as target:
                while part := _read(source):
                    target.write(part)
                    yield pipe.take()
    yield pipe.take()


def _read(source: io.BufferedReader) -> bytes:
    try:
        return source.read(_PART)
    except OSError:
        return b""


def _free_name(name: str, used: set[str]) -> str:
    """A name that every system accepts and that is not used yet; without folders in it."""
    clean = _FORBIDDEN.sub("_", printable(name)).rstrip(". ") or "photo"
    clean = clean.encode("utf-8", "replace").decode()
    if _RESERVED.match(clean) or clean.startswith("."):
        clean = f"_{clean}"
    path = Path(clean)
    number = 1
    while clean.casefold() in used:
        number += 1
        clean = f"{path.stem} ({number}){path.suffix}"
    used.add(clean.casefold())
    return clean

"""A zip file of photos, written while it is sent: no part of it is kept."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from app.text import numbered, printable

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


def zip_stream(photos: Iterable[Sequence[Entry]]) -> Iterator[bytes]:
    """The archive in parts. Photos are compressed already, so they are stored as they are.

    A file that can't be read is left out, one that fails midway ends early; the others are whole.

    Args:
        photos: the files of each; where their names are taken, all get the same number.
    """
    pipe = _Pipe()
    used = _Names()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        for entry, name in (named for files in photos for named in used.named(files)):
            try:
                source = entry.path.open("rb")
            except OSError:
                continue
            time = entry.time if 1980 <= entry.time.year < 2108 else datetime(1980, 1, 1)
            info = zipfile.ZipInfo(name, time.timetuple()[:6])
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


class _Names:
    """Names for the files of an archive, none of them twice."""

    def __init__(self) -> None:
        self._used: set[str] = set()
        # By the names of a photo's files: the number from which on they may be free.
        self._next: dict[tuple[str, ...], int] = {}

    def named(self, files: Sequence[Entry]) -> Iterator[tuple[Entry, str]]:
        """The files of a photo, each with a name that is not used yet."""
        names = [_safe_name(file.name) for file in files]
        plain = tuple(name.casefold() for name in names)
        if len(set(plain)) < len(names):  # a.CR2 and a.cr2
            for file in files:
                yield from self.named([file])
            return
        for number in count(self._next.get(plain, 1)):
            named = [numbered(name, number) for name in names]
            folded = {name.casefold() for name in named}
            if self._used.isdisjoint(folded):
                self._used |= folded
                self._next[plain] = number + 1
                yield from zip(files, named, strict=True)
                return


def _safe_name(name: str) -> str:
    """A name that every system accepts; without folders in it."""
    clean = _FORBIDDEN.sub("_", printable(name)).rstrip(". ") or "photo"
    clean = clean.encode("utf-8", "replace").decode()
    if _RESERVED.match(clean) or clean.startswith("."):
        clean = f"_{clean}"
    return clean

"""Large pictures for looking at, one file each, made on demand and kept a while."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from store.files.atomic import write_whole

FOLDER = "previews"
LIMIT = 500_000_000  # bytes, of all together


class Previews:
    """Previews by SHA-256 digest of the photo's file. The least looked at make room."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self._folder = folder / FOLDER
        self._limit = limit
        self._since_trim = 0

    def find(self, digest: bytes) -> Path | None:
        """The picture file (JPEG) for a photo; None if there is none now."""
        path = self._path(digest)
        try:
            os.utime(path)  # it was looked at
        except FileNotFoundError:
            return None
        except OSError:  # a library that can't be written to
            return path if path.is_file() else None
        return path

    def put(self, digest: bytes, image: bytes) -> Path | None:
        """Keep a picture file; None if it can't be written."""
        path = self._path(digest)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, image, keep=False)
        except OSError:
            return None
        self._since_trim += len(image)
        if self._since_trim > self._limit // 20:
            self._since_trim = 0
            self.trim()
        return path

    def remove(self, digests: Iterable[bytes]) -> None:
        """Remove the previews of photos that have left the library."""
        if self._folder.exists():
            for digest in digests:
                self._path(digest).unlink(missing_ok=True)

    def trim(self) -> None:
        """Remove those longest not looked at, until all fit into the limit."""
        try:
            files = [(entry.stat(), Path(entry.path)) for entry in os.scandir(self._folder)]
        except OSError:
            return
        total = sum(stat.st_size for stat, _ in files)
        for stat, path in sorted(files, key=lambda file: file[0].st_mtime_ns):
            if total <= self._limit:
                return
            path.unlink(missing_ok=True)
            total -= stat.st_size

    def _path(self, digest: bytes) -> Path:
        return self._folder / f"{digest.hex()}.jpg"

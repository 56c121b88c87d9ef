"""The first bytes of a database that this process may have open already.

A process that closes any descriptor of a file gives up all its POSIX locks on that file, those of
SQLite's connections too (fcntl(2); https://www.sqlite.org/howtocorrupt.html, 2.2). The next process
to close the library would then take itself for the last, and remove the log that others still read:
they would see the library as it was from then on, and could damage it. So a file that is open here
is read through the descriptor that is there, and nothing is closed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_DESCRIPTORS = Path("/dev/fd")  # of this process, on Linux and macOS


def read_header(path: Path, size: int) -> bytes:
    """The first ``size`` bytes of the file at ``path``; fewer, if it has fewer.

    Raises:
        OSError: it can't be read.
    """
    if hasattr(os, "pread"):
        file = path.stat()
        for number in _open_descriptors():
            try:
                if os.path.samestat(os.fstat(number), file):
                    header = os.pread(number, size, 0)
                    # Of the same file still, and not of one that was opened meanwhile.
                    if os.path.samestat(os.fstat(number), file):
                        return header
            except OSError:  # closed meanwhile, or opened to write only
                continue
    with path.open("rb") as opened:
        return opened.read(size)


def _open_descriptors() -> Iterator[int]:
    try:
        yield from [int(entry.name) for entry in _DESCRIPTORS.iterdir()]
    except OSError:  # a system without it
        return

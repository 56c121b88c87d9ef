"""Reads a file's bytes so that everything derived from them is of one state of the file."""

from __future__ import annotations

import io
import os
from typing import BinaryIO

IN_MEMORY = 32_000_000
"""A file of up to so many bytes is read at once, then hashed and decoded from memory.

That is nearly every photo, and as fast as reading twice. A larger file is read from the disk, since
one in each thread might fill the memory.
"""


def stamp(file: BinaryIO) -> tuple[int, int, int]:
    """The size and times of an open file, which differ once something is written to it."""
    seen = os.fstat(file.fileno())
    return seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns


def in_memory(file: io.BufferedReader) -> io.BufferedReader | io.BytesIO:
    """A copy of the file in memory or, if it is large, the file itself, at its beginning."""
    size = os.fstat(file.fileno()).st_size
    file.seek(0)
    if size > IN_MEMORY:
        return file
    return io.BytesIO(file.read(size + 1))

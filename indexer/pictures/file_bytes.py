"""A file's bytes, read so that all that is concluded from them is of one state of the file."""

from __future__ import annotations

import io
import os
from typing import BinaryIO

IN_MEMORY = 32_000_000
"""Bytes of a file that are read in one go, and then hashed and decoded from memory.

That holds nearly every photo, and is as fast as reading twice. A larger file is read where it is,
so that as many of them as there are threads do not fill the memory.
"""


def stamp(file: BinaryIO) -> tuple[int, int, int]:
    """What differs once somebody has written to an opened file: its size and times."""
    seen = os.fstat(file.fileno())
    return seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns


def in_memory(file: io.BufferedReader) -> io.BufferedReader | io.BytesIO:
    """The whole file, at its beginning: a copy in memory, or, if it is large, the file itself."""
    size = os.fstat(file.fileno()).st_size
    file.seek(0)
    if size > IN_MEMORY:
        return file
    return io.BytesIO(file.read(size + 1))

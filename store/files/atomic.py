"""Files that are there whole or not at all, whatever happens while they are written."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an error of the system say which file it is about: a full disk does not by itself."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


@contextmanager
def written_beside(path: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file in the folder of ``path``, and its path, to be renamed by whoever filled it.

    When the block ends it is on the disk. If it ends in an error, the file is removed.

    Raises:
        OSError: it can't be written; the error names ``path``.
    """
    beside = path.with_name(f".clipsearch-{secrets.token_hex(6)}.part")
    try:
        with naming(path), beside.open("xb") as file:
            yield beside, file
            file.flush()
            os.fsync(file.fileno())
    except BaseException as error:
        if isinstance(error, OSError) and error.filename == str(beside):
            error.filename = str(path)
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: bytes) -> None:
    """Let ``path`` hold ``content``; what was there before stays until then.

    Raises:
        OSError: it can't be written.
    """
    with written_beside(path) as (beside, file):
        file.write(content)
    beside.replace(path)

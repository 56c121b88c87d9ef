"""Reads XMP files beside photos (``a.jpg.xmp``, ``a.xmp``), in which programs keep what people say.

A sidecar is a file of its own: when it changes it is read, and its photo is not.
"""

from __future__ import annotations

import os
from pathlib import Path

from indexer.pictures.xmp import read_xmp
from indexer.pictures.xmp_properties import LIMIT
from store.errors import PhotoError, Vanished
from store.metadata import Metadata
from store.states import State

READ = "XMP: what it says counts for the photo that it belongs to"
"""The reason in the ledger of a sidecar that was read."""


def read_sidecar(path: Path) -> Metadata:
    """What a sidecar says.

    Raises:
        PhotoError: it can't be read, or holds no XMP; a large file is refused unread.
        Vanished: it is not there any more.
    """
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > LIMIT:
                reason = f"a sidecar of more than {LIMIT // 1_000_000} MB is not read"
                raise PhotoError(State.TOO_LARGE, reason)
            data = file.read(LIMIT + 1)
    except FileNotFoundError as error:
        raise Vanished from error
    except OSError as error:
        raise PhotoError(State.UNREADABLE, error.strerror or str(error)) from error
    if not data:
        raise PhotoError(State.EMPTY, "the file is empty")
    try:
        return read_xmp(data)
    except ValueError as error:
        raise PhotoError(State.DAMAGED, str(error)) from error
    except RecursionError as error:
        raise PhotoError(State.DAMAGED, "its XMP is nested too deeply") from error

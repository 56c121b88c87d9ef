"""Whether a folder or a photo can be seen now: drives are unplugged, and networks are away."""

from __future__ import annotations

import os
from pathlib import Path

from store.values import PhotoInfo


def is_online(root: Path, holds_files: bool = True) -> bool:
    """Whether a root can be seen now.

    An empty folder counts as not there: it is what an unplugged drive leaves at its mount point.

    Args:
        holds_files: whether the library knows of files in it; where it does not, an empty folder
            is just empty.
    """
    try:
        with os.scandir(root) as entries:  # which does not read on behind the first
            return next(entries, None) is not None or not holds_files
    except OSError:
        return False


def is_file(path: Path) -> bool:
    """As ``path.is_file()``, which before Python 3.14 raises what a drive that hangs may give."""
    return os.path.isfile(path)  # noqa: PTH113


def is_folder(path: Path) -> bool:
    """As ``path.is_dir()``, in the same way."""
    return os.path.isdir(path)  # noqa: PTH112


def is_there(photo: PhotoInfo) -> bool:
    """Whether a photo can be expected to be where the library has it: not away, nor its root."""
    return not photo.away and is_online(photo.root)

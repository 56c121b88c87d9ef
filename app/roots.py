"""The library knows a folder by one name, though links and mounts may give it several."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from indexer.folders.scan import identity


def known_as(
    folder: Path, roots: Sequence[Path], folders_of: Callable[[Path], Iterable[str]]
) -> Path:
    """The path by which the library knows, or is to know, ``folder``.

    That is ``folder`` itself, unless the same folder is known by a different path.

    Args:
        folder: an absolute path.
        roots: the library's roots, absolute; one that can't be seen now is compared by name only.
        folders_of: gives the known folders of a root, relative to it.
    """
    roots = [root for root in roots if _identity(root) is not None]
    real = Path(os.path.realpath(folder))
    for root in roots:
        whole = Path(os.path.realpath(root))
        if folder.is_relative_to(root) and real == whole / folder.relative_to(root):
            return folder  # no link on the way
    for root in roots:  # through symbolic links
        whole = Path(os.path.realpath(root))
        if real.is_relative_to(whole):
            return root / real.relative_to(whole)
    if any(folder.is_relative_to(root) for root in roots):
        return folder  # behind a link in a root to a place outside
    by_identity = {_identity(root): root for root in roots}
    for place in (real, *real.parents):  # mounted in a second place
        if root_there := by_identity.get(_identity(place)):
            return root_there / real.relative_to(place)
    return _same_folder(folder, roots, folders_of) or folder


def _same_folder(
    folder: Path, roots: Sequence[Path], folders_of: Callable[[Path], Iterable[str]]
) -> Path | None:
    """The folder above or in a root that is the same as ``folder``; None if there is none."""
    wanted = _identity(folder)
    if wanted is None:
        return None
    for root in roots:
        for above in Path(root).parents:  # a folder above a root
            if above != folder and _identity(above) == wanted:
                return above
        for inner in folders_of(root):  # a folder in a root, mounted in a second place
            if inner and _identity(root / inner) == wanted:
                return root / inner
    return None


def _identity(path: Path) -> object:
    try:
        return identity(path)
    except OSError:
        return None

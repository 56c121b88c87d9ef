"""The folders that a user names, compared with those that the library knows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from app.roots import known_as
from store.errors import RootNotFound
from store.library import Library
from store.sql.fspath import relative
from store.states import State
from store.writer import LibraryWriter

if TYPE_CHECKING:
    from indexer.folders.steps import Target

_SAMPLE = 500  # photos looked for before a relocation is believed


def targets_for(
    library: Library,
    writer: LibraryWriter,
    folders: Sequence[Path],
    excludes: Sequence[str] = (),
    *,
    replace_excludes: bool = False,
    also: Sequence[Path] = (),
) -> list[Target]:
    """What an index run looks through: ``folders`` (absolute), or every known root if empty.

    A folder inside a known root is looked through on its own; a new one becomes a root. A folder
    that the library knows photos of may be away at the moment. On a server, other runs of the same
    roots are waited for.

    Args:
        also: folders (absolute) in which the run will change something besides.

    Raises:
        RootNotFound: a folder is not there and was never indexed, or is not a folder.
    """
    from indexer.folders.steps import Target

    known = [root.path for root in library.roots()]
    writer.hold(chain((name_of(library, one) for one in folders) if folders else known, also))
    if not folders:
        # Not one that was made, or taken into another, while others were waited for.
        roots = [root for root in library.roots() if root.path in known]
        if not roots:
            raise RootNotFound("Which folder? As in: clipsearch index ~/Pictures")
        if excludes or replace_excludes:
            roots = [
                writer.add_root(root.path, excludes, replace=replace_excludes) for root in roots
            ]
        return [Target(root) for root in roots]
    targets = []
    for given in folders:
        folder = name_of(library, given)
        holder = next((r for r in library.roots() if folder.is_relative_to(r.path)), None)
        path = holder.path if holder else folder
        if holder is None or (path != folder and not library.contents_at(folder)):
            require_folder(folder)
        root = writer.add_root(path, excludes, replace=replace_excludes)
        targets.append(Target(root, relative(folder, path)))
    return targets


def name_of(library: Library, folder: Path) -> Path:
    """The path by which the library knows, or is to know, ``folder`` (absolute)."""
    roots = {root.path: root for root in library.roots()}
    return known_as(folder, list(roots), lambda root: library.folder_names(roots[root]))


def require_same_photos(library: Library, old: Path, new: Path) -> None:
    """Raise ``RootNotFound`` unless ``new`` holds a photo that the library knows from ``old``.

    A mistyped folder would make everything look deleted.
    """
    known = (p.path for p in library.files([State.INDEXED]) if p.path.is_relative_to(old))
    looked_for = list(islice(known, _SAMPLE))
    if looked_for and not any((new / path.relative_to(old)).exists() for path in looked_for):
        raise RootNotFound(
            f"{new} holds none of the photos that the library knows from {old}. "
            "Is it the right folder? If files were moved about inside it, index it instead: "
            "moved files are recognised."
        )


def require_known(library: Library, folder: Path) -> None:
    """Raise ``RootNotFound`` unless the library has a folder at, below or above ``folder``."""
    roots = library.roots()
    if not any(folder.is_relative_to(r.path) or r.path.is_relative_to(folder) for r in roots):
        known = ", ".join(str(root.path) for root in roots) or "none"
        raise RootNotFound(f"The library knows no folder {folder}. Its folders: {known}")


def require_folder(folder: Path) -> None:
    """Raise ``RootNotFound`` unless ``folder`` is a folder that is there."""
    if folder.is_dir():
        return
    if folder.exists():
        raise RootNotFound(f"{folder} is a file; give the folder that it is in.")
    raise RootNotFound(f"There is no folder {folder}.")

"""Photos to try clipsearch with, before one's own: those that the extra ``samples`` brings along.

They are read where scikit-image and scikit-learn have them, and are folders of the library like any
other, which are taken out of it together.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from store.library import Library

COMMAND = 'pip install "clipsearch[samples]"'
"""What brings them."""

_INSIDE = {"skimage": ("data",), "sklearn": ("datasets", "images")}  # of packages


def sample_folders() -> list[Path]:
    """Where they are; none if some are missing. Imports no package."""
    folders = []
    for name, inside in _INSIDE.items():
        package = find_spec(name)
        if package is None or package.origin is None:
            return []
        folders.append(Path(package.origin).parent.joinpath(*inside))
    return folders if all(folder.is_dir() for folder in folders) else []


def samples_in(library: Library) -> list[Path]:
    """The folders of sample photos in a library, also of an environment that is gone."""
    endings = [(name, *inside) for name, inside in _INSIDE.items()]
    roots = [root.path for root in library.roots()]
    return [path for path in roots if any(path.parts[-len(one) :] == one for one in endings)]


def remove_samples(library: Library) -> None:
    """Take the sample photos out of a library; the files and what else it has stay.

    Raises:
        LibraryBusy: another process changes the library.
        LibraryReadOnly: it can't be written to.
    """
    with library.writing() as writer:
        for folder in samples_in(library):
            writer.forget(folder)

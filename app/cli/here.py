"""``--here``: only photos in the current folder, with paths relative to it."""

from __future__ import annotations

import glob
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.query.model import Query
from app.text import absolute
from store.errors import RootNotFound
from store.filters import InFolder, all_of, parts

if TYPE_CHECKING:
    from store.library import Library

HereOption = Annotated[
    bool,
    typer.Option(
        "--here", help="Only photos in the current folder and below; paths are relative to it."
    ),
]


@dataclass(frozen=True)
class Here:
    """The current folder, by the path that the library knows it by."""

    folder: Path

    @property
    def filter(self) -> InFolder:
        return InFolder(tuple(glob.escape(part) for part in self.folder.parts), anchored=True)

    def restricted(self, query: Query) -> Query:
        """``query`` with its results restricted to this folder."""
        inside = all_of([*parts(query.filter), self.filter])
        return replace(query, filter=inside, reading=(*query.reading, f"in {self.folder}"))

    def shown(self, path: Path) -> Path | str:
        """``path`` relative to this folder; never one that a program would read as an option."""
        if not path.is_relative_to(self.folder):
            return path
        short = path.relative_to(self.folder)
        return f"./{short}" if str(short).startswith("-") else short


def here_in(library: Library) -> Here:
    """The current folder as ``library`` knows it.

    Raises:
        RootNotFound: the library has no photo in it.
    """
    from app.folders import name_of

    folder = name_of(library, absolute(Path.cwd()))
    if not library.contents_at(folder):
        raise RootNotFound(
            f"The library knows no photo in {folder}. To read what is there: clipsearch index ."
        )
    return Here(folder)

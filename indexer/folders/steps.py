"""The steps of a survey: files to read, paths to record, photos that are missing.

Steps are plain values that can be pickled. They go to the workers that read files, which are
threads today and may be processes: a step holds no connection, lock or open file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from indexer.folders.missing import Missed
from indexer.folders.scan import FolderListing, ScannedFile, walk, walk_only
from store.online import is_online
from store.states import State
from store.values import FileRecord, RootInfo


@dataclass(frozen=True)
class Target:
    """A root, or one ``folder`` of it ("" is all of it), to be looked through.

    Attributes:
        only: the folders to look at, each without what is below it; all are at or below
            ``folder``. None: every folder there.
    """

    root: RootInfo
    folder: str = ""
    only: frozenset[str] | None = None

    @property
    def path(self) -> Path:
        """The absolute path of the folder."""
        return self.root.path / self.folder

    def listings(self, library: Path, roots: Iterable[RootInfo] = ()) -> Iterator[FolderListing]:
        """What is there now, folder by folder; see ``indexer.folders.scan.walk``.

        Args:
            library: its folder, which is not entered.
            roots: of the library; the others are not entered through links.
        """
        root, skip = self.root, {library}
        elsewhere = [r.path for r in roots if r.id != root.id and is_online(r.path)]
        if self.only is not None:
            return walk_only(root.path, self.only, root.excludes, skip)
        return walk(root.path, self.folder, root.excludes, skip, elsewhere)


Why = Literal["new", "changed", "again", "verify", "altered"]


@dataclass(frozen=True)
class ReadFile:
    """A file that must be opened, and why: it is new, it changed, or it has to be read again.

    With ``verify`` it is decoded only if its digest is not ``known`` any more, though its size and
    time are the same; such a file is ``altered``.
    """

    root: RootInfo
    folder: str
    file: ScannedFile
    why: Why
    filesystem_id: int | None = None
    known: bytes | None = None


@dataclass(frozen=True)
class NoteFile:
    """A path to be recorded without being opened."""

    root: RootInfo
    record: FileRecord


@dataclass(frozen=True)
class Settled:
    """Paths of which no file has to be read: how many are unchanged, and which rows change."""

    unchanged: Counter[State]
    returned: Sequence[int] = ()
    elsewhere: Sequence[int] = ()
    dropped: Sequence[int] = ()
    away: int = 0  # missed before, and still
    filesystem_id: int | None = None  # where ``returned`` and ``elsewhere`` are now


@dataclass(frozen=True)
class MissingFiles:
    """The photos missing below a root, and what was decided of them; comes after its walk."""

    root: RootInfo
    missed: Missed


@dataclass(frozen=True)
class WentOffline:
    """The root can't be seen (any more): missing photos say nothing from now on."""

    root: RootInfo


Step = ReadFile | NoteFile | Settled | MissingFiles | WentOffline

"""What a survey asks for, step by step: files to read, paths to record, photos that are missed.

Steps are plain values that can be pickled. They go to the workers that read files, which are
threads today and may be processes: a step holds no connection, lock or open file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from indexer.folders.missing import Missed
from indexer.folders.scan import ScannedFile
from store.states import State
from store.values import FileRecord, RootInfo


@dataclass(frozen=True)
class Target:
    """A root, or one ``folder`` of it ("" is all of it), to be looked through."""

    root: RootInfo
    folder: str = ""

    @property
    def path(self) -> Path:
        """Where that is, absolute."""
        return self.root.path / self.folder


Why = Literal["new", "changed", "again", "verify", "altered"]


@dataclass(frozen=True)
class ReadFile:
    """A file that must be opened, and why: no such path was known, it changed, or neither.

    To ``verify`` is to read it only if its content is not of the ``known`` digest any more, though
    its size and time are the same; such a one is ``altered``.
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
    """Paths that need nothing read: how many are unchanged, and which rows change."""

    unchanged: Counter[State]
    returned: Sequence[int] = ()
    elsewhere: Sequence[int] = ()
    dropped: Sequence[int] = ()
    away: int = 0  # missed before, and still
    filesystem_id: int | None = None  # of those that returned or are elsewhere


@dataclass(frozen=True)
class MissingFiles:
    """All photos that are missed below a root, sorted out; comes once it was walked through."""

    root: RootInfo
    missed: Missed


@dataclass(frozen=True)
class WentOffline:
    """The root can't be seen (any more): nothing more is concluded from what is missing."""

    root: RootInfo


Step = ReadFile | NoteFile | Settled | MissingFiles | WentOffline

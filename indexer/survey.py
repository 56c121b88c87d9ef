"""A run's to-do list: the folders on disk against the library, as a stream of small steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from indexer.filesystems import Filesystems
from indexer.folder_diff import FolderPlan, absent, compare
from indexer.missing import Missed, outward
from indexer.scan import FolderListing, ScannedFile, walk
from store.folder_summary import FolderSummary, digest
from store.library import Library
from store.online import is_online
from store.states import State
from store.values import FileRecord, KnownFile, ModelInfo, RootInfo


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


_QUIET = 1000  # unchanged files told of at once

Step = ReadFile | NoteFile | Settled | MissingFiles | WentOffline


class Survey:
    """Compares disk and library for one run.

    Args:
        filesystems: tells which file system a folder is on.
        accepted: folders (absolute) whose missing photos are believed to be gone.
        retry: read again what failed before.
        verify: read every picture that is known, and compare.
    """

    def __init__(
        self,
        library: Library,
        model: ModelInfo,
        filesystems: Filesystems,
        *,
        accepted: Sequence[Path] = (),
        retry: bool = False,
        verify: bool = False,
    ) -> None:
        self._library, self._model, self._filesystems = library, model, filesystems
        self._accepted, self._retry, self._verify = accepted, retry, verify

    def steps(self, targets: Iterable[Target]) -> Iterator[Step]:
        """All steps for ``targets``, folder by folder; memory is bounded by the largest folder."""
        for target in targets:
            yield from self._target(target)

    def _target(self, target: Target) -> Iterator[Step]:
        root = target.root
        known = self._library.folders(root, target.folder, self._model)
        unvisited = set(known)
        missed = Missed(target.folder)
        if not is_online(root.path):
            yield from self._offline(root, known)
            return
        unreadable: list[str] = []
        seen_on: dict[str, int] = {}  # the file system of each folder that was read
        quiet = Counter[State]()  # files in folders in which nothing has changed
        others = [r.path for r in self._library.roots() if r.id != root.id and is_online(r.path)]
        skip = {self._library.folder}
        for listing in walk(root.path, target.folder, root.excludes, skip, others):
            folder = listing.folder
            if listing.error:
                if not is_online(root.path):
                    yield Settled(quiet)
                    yield WentOffline(root)
                    return
                unreadable.append(folder)
                yield _note_folder(root, folder, listing.error)
                continue
            here = self._filesystems.id(root.path / folder, listing.device)
            seen_on[folder] = here
            unvisited.discard(folder)
            summary = None if self._verify else known.get(folder)
            if summary and _is_unchanged(listing, summary, here, self._retry):
                quiet.update(summary.states)
                if quiet.total() > _QUIET:
                    yield Settled(quiet)
                    quiet = Counter()
                continue
            before = self._files(root, folder)
            plan = compare(
                listing.files,
                before,
                filesystem_id=here,
                retry=self._retry,
                verify=self._verify,
            )
            # What is missing or can't be read may be so because the whole drive just went.
            if (plan.vanished or plan.problems) and not is_online(root.path):
                yield Settled(quiet)
                yield WentOffline(root)
                return
            for file in plan.problems:
                yield NoteFile(root, record_of(root, folder, file))
            yield self._settled(root, folder, plan, missed, here)
            for file, one in plan.to_read:
                why = _why(file, one, self._verify)
                yield ReadFile(root, folder, file, why, here, one.digest if one else None)
        yield Settled(quiet)
        # Folders that the walk did not meet are missing, unless something above can't be read.
        hidden = tuple(f"{folder}/" for folder in unreadable if folder)
        for folder in sorted(unvisited):
            if folder in unreadable or folder.startswith(hidden) or "" in unreadable:
                continue
            plan = FolderPlan()
            absent(plan, self._files(root, folder).values())
            around = self._around(root, folder, seen_on)
            if around is None or not is_online(root.path):
                yield WentOffline(root)
                return
            yield self._settled(root, folder, plan, missed, around)
        missed.decide({folder: summary.pictures for folder, summary in known.items()})
        yield MissingFiles(root, missed)

    def _offline(self, root: RootInfo, known: Mapping[str, FolderSummary]) -> Iterator[Step]:
        """The root is not there: nothing is concluded, but for what was accepted as gone."""
        missed = Missed()
        for folder in known:
            if self._is_accepted(root, folder):
                missed.gone += [f.id for f in self._files(root, folder).values() if f.is_living]
        if known:
            yield WentOffline(root)
        if missed.gone:
            yield MissingFiles(root, missed)

    def _settled(
        self, root: RootInfo, folder: str, plan: FolderPlan, missed: Missed, filesystem_id: int
    ) -> Settled:
        if self._is_accepted(root, folder):
            missed.gone += [file.id for file in plan.vanished]
        else:
            missed.add(folder, plan.vanished, filesystem_id)
        return Settled(
            plan.unchanged, plan.returned, plan.elsewhere, plan.dropped, plan.away, filesystem_id
        )

    def _around(self, root: RootInfo, folder: str, seen_on: Mapping[str, int]) -> int | None:
        """The file system of the nearest folder around ``folder`` that is there; None: none is."""
        for outer in outward(folder):
            if outer in seen_on:
                return seen_on[outer]
            try:
                device = (root.path / outer).stat().st_dev
            except OSError:
                continue
            return self._filesystems.id(root.path / outer, device)
        return None

    def _is_accepted(self, root: RootInfo, folder: str) -> bool:
        return any((root.path / folder).is_relative_to(path) for path in self._accepted)

    def _files(self, root: RootInfo, folder: str) -> dict[str, KnownFile]:
        return self._library.files_in_folder(root, folder, self._model)


def _is_unchanged(
    listing: FolderListing, known: FolderSummary, filesystem_id: int, retry: bool
) -> bool:
    """Whether ``compare`` would find nothing to do here; much faster than asking it."""
    if not known.whole or State.GONE in known.states:
        return False
    if known.away or known.filesystem_id != filesystem_id:
        return False
    if any(s.may_change_unnoticed or (retry and s.is_failure) for s in known.states):
        return False
    if any(file.problem for file in listing.files):
        return False
    return digest(listing.files) == known.digest


def _why(file: ScannedFile, known: KnownFile | None, verify: bool) -> Why:
    if known is None:
        return "new"
    if (file.size, file.mtime_ns) != (known.size, known.mtime_ns):
        return "changed"
    is_right = verify and known.embedded and known.state is State.INDEXED
    return "verify" if is_right else "again"


def record_of(root: RootInfo, folder: str, file: ScannedFile) -> FileRecord:
    """The ledger's record of a path that must not be opened."""
    state, reason = file.problem or (State.OTHER, "")
    return FileRecord(root.id, folder, file.name, file.size, file.mtime_ns, state, reason)


def _note_folder(root: RootInfo, folder: str, error: str) -> NoteFile:
    parent, _, name = folder.rpartition("/")
    reason = f"the folder can't be read: {error}"
    return NoteFile(root, FileRecord(root.id, parent, name, 0, 0, State.UNREADABLE, reason))

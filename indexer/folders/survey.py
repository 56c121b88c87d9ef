"""Compares the folders on disk with the library, and yields what a run has to do, in steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from indexer.folders.filesystems import Filesystems
from indexer.folders.folder_diff import FolderDiff, compare, is_unchanged, unseen, why_read
from indexer.folders.missing import Missed, outward
from indexer.folders.scan import FolderListing, ScannedFile
from indexer.folders.sight import Sight
from indexer.folders.steps import (
    MissingFiles,
    NoteFile,
    ReadFile,
    Settled,
    Step,
    Target,
    WentOffline,
)
from store.folder_summary import FolderSummary
from store.library import Library
from store.online import is_online
from store.states import State
from store.values import FileRecord, KnownFile, ModelInfo, RootInfo

_QUIET = 1000  # unchanged files that are gathered before a step reports them

IsUnsettled = Callable[[Path, ScannedFile], bool]
"""Whether a file, whose path is given, may still be being written."""


def all_settled(_path: Path, _file: ScannedFile) -> bool:
    """Takes every file as it is."""
    return False


@dataclass
class _Visit:
    """The state of the walk through one target.

    Attributes:
        target: what is looked through.
        known: the folders that the library has there; of a few that are looked at only, none
            before a photo is missing.
        missed: photos that are missing.
        unvisited: those of ``known`` that the walk has not met.
        unreadable: paths of folders that can't be listed, and of what may be folders.
        filesystems: the file system of each folder that was read.
    """

    target: Target
    known: Mapping[str, FolderSummary]
    missed: Missed
    unvisited: set[str]
    unreadable: list[str] = field(default_factory=list)
    filesystems: dict[str, int] = field(default_factory=dict)

    def is_hidden(self, folder: str) -> bool:
        """Whether ``folder`` may be there, because it is in or below one that can't be read."""
        above = tuple(f"{one}/" for one in self.unreadable if one)
        return folder in self.unreadable or folder.startswith(above) or "" in self.unreadable


class Survey:
    """Compares disk and library for one run.

    Args:
        filesystems: tells which file system a folder is on.
        accepted: folders (absolute) whose missing photos are believed to be gone.
        retry: read again what failed before.
        verify: read every known picture, and compare its digest.
        is_unsettled: says which files are left for a later run.
        sight: takes in what is seen of the folders.
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
        is_unsettled: IsUnsettled = all_settled,
        sight: Sight | None = None,
    ) -> None:
        self._library, self._model, self._filesystems = library, model, filesystems
        self._accepted, self._retry, self._verify = accepted, retry, verify
        self._is_unsettled = is_unsettled
        self._sight = sight

    def steps(self, targets: Iterable[Target]) -> Iterator[Step]:
        """All steps for ``targets``, folder by folder; memory is bounded by the largest folder."""
        for target in targets:
            yield from self._target(target)

    def _target(self, target: Target) -> Iterator[Step]:
        root = target.root
        known: Mapping[str, FolderSummary] = {}
        if target.only is None:
            known = self._library.folders(root, target.folder, self._model)
        if not is_online(root.path):
            yield from self._offline(root, known)
            return
        visit = _Visit(target, known, Missed(target.folder), set(target.only or known))
        was_there = yield from self._walk(target, visit)
        was_there = was_there and (yield from self._absent_folders(root, visit))
        if not was_there:
            yield WentOffline(root)
            return
        pictures = {folder: summary.pictures for folder, summary in visit.known.items()}
        visit.missed.decide(pictures)
        yield MissingFiles(root, visit.missed)

    def _walk(self, target: Target, visit: _Visit) -> Generator[Step, None, bool]:
        """Steps for the folders that are there. Returns False if the root went offline."""
        root = target.root
        quiet = Counter[State]()  # files in folders in which nothing has changed
        if self._sight:
            self._sight.begin(target)
        for listing in target.listings(self._library.folder, self._library.roots()):
            if self._sight:
                self._sight.add(target, listing)
            folder = listing.folder
            visit.unreadable += unseen(listing)
            if listing.error:
                if not is_online(root.path):
                    yield Settled(quiet)
                    return False
                yield _note_folder(root, folder, listing.error)
                continue
            here = self._filesystems.id(root.path / folder, listing.device)
            visit.filesystems[folder] = here
            visit.unvisited.discard(folder)
            summary = None if self._verify else visit.known.get(folder)
            if summary and is_unchanged(listing, summary, here, self._retry):
                quiet.update(summary.states)
                if quiet.total() > _QUIET:
                    yield Settled(quiet)
                    quiet = Counter()
            elif not (yield from self._folder(root, listing, here, visit)):
                yield Settled(quiet)
                return False
        yield Settled(quiet)
        return True

    def _folder(
        self, root: RootInfo, listing: FolderListing, filesystem_id: int, visit: _Visit
    ) -> Generator[Step, None, bool]:
        """Steps for a folder that may have changed. Returns False if the root went offline."""
        folder = listing.folder
        diff = compare(
            listing.files,
            self._files(root, folder),
            filesystem_id=filesystem_id,
            retry=self._retry,
            verify=self._verify,
        )
        # Files may be missing or unreadable because the whole drive has just been unplugged.
        if (diff.vanished or diff.problems) and not is_online(root.path):
            return False
        for file in diff.problems:
            yield NoteFile(root, _record_of(root, folder, file))
        yield self._settled(root, folder, diff, visit, filesystem_id)
        for file, before in diff.to_read:
            if self._is_unsettled(root.path / folder / file.name, file):
                continue
            why = why_read(file, before, self._verify)
            yield ReadFile(
                root, folder, file, why, filesystem_id, before.digest if before else None
            )
        return True

    def _absent_folders(self, root: RootInfo, visit: _Visit) -> Generator[Step, None, bool]:
        """Steps for known folders that were not met. Returns False if the root went offline."""
        for folder in sorted(visit.unvisited):
            if visit.is_hidden(folder):
                continue
            diff = FolderDiff()
            diff.add_absent(self._files(root, folder))
            around = self._around(root, folder, visit.filesystems)
            if around is None or not is_online(root.path):
                return False
            yield self._settled(root, folder, diff, visit, around)
        return True

    def _offline(self, root: RootInfo, known: Mapping[str, FolderSummary]) -> Iterator[Step]:
        """Steps for a root that is offline: only photos accepted as gone are gone."""
        missed = Missed()
        for folder in known:
            if self._is_accepted(root, folder):
                missed.gone += [f.id for f in self._files(root, folder).values() if f.is_living]
        if known:
            yield WentOffline(root)
        if missed.gone:
            yield MissingFiles(root, missed)

    def _settled(
        self, root: RootInfo, folder: str, diff: FolderDiff, visit: _Visit, filesystem_id: int
    ) -> Settled:
        if self._is_accepted(root, folder):
            visit.missed.gone += [file.id for file in diff.vanished]
        else:
            if diff.vanished and not visit.known:  # to tell whether they are most of a folder
                visit.known = self._library.folders(root, visit.target.folder, self._model)
            visit.missed.add(folder, diff.vanished, filesystem_id)
        return Settled(
            diff.unchanged,
            returned=diff.returned,
            elsewhere=diff.elsewhere,
            dropped=diff.dropped,
            away=diff.away,
            filesystem_id=filesystem_id,
        )

    def _around(self, root: RootInfo, folder: str, seen_on: Mapping[str, int]) -> int | None:
        """The file system of the nearest existing folder around ``folder``; None if none exists."""
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


def _record_of(root: RootInfo, folder: str, file: ScannedFile) -> FileRecord:
    """The ledger's record of a path that must not be opened."""
    state, reason = file.problem or (State.OTHER, "")
    return FileRecord(root.id, folder, file.name, file.size, file.mtime_ns, state, reason)


def _note_folder(root: RootInfo, folder: str, error: str) -> NoteFile:
    parent, _, name = folder.rpartition("/")
    reason = f"the folder can't be read: {error}"
    return NoteFile(root, FileRecord(root.id, parent, name, 0, 0, State.UNREADABLE, reason))

"""Compares a folder's files with what the library knows of it; no file is opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from indexer.folders.scan import FolderListing, ScannedFile, join
from indexer.folders.steps import Why
from store.folder_summary import FolderSummary, digest
from store.metadata import is_sidecar, photos_of
from store.states import LIVING, State
from store.values import KnownFile


@dataclass
class FolderDiff:
    """A folder's files by what has to be done; ids are of rows of the ledger."""

    unchanged: Counter[State] = field(default_factory=Counter)
    to_read: list[tuple[ScannedFile, KnownFile | None]] = field(default_factory=list)
    problems: list[ScannedFile] = field(default_factory=list)  # new or changed ones
    returned: list[int] = field(default_factory=list)  # gone or away before, the same file now
    elsewhere: list[int] = field(default_factory=list)  # unchanged, but on a different file system
    vanished: list[KnownFile] = field(default_factory=list)  # held a picture
    away: int = 0  # missed before, and still
    dropped: list[int] = field(default_factory=list)  # never held a picture: nothing to keep

    def add_absent(self, files: Mapping[str, KnownFile]) -> None:
        """Add known files of a folder, by name, that are not there now.

        A sidecar goes with its photo: what it says counts while that may come back.
        """
        may_return = [name for name, file in files.items() if file.is_living]
        for name, file in files.items():
            if not file.has_content:
                if not (is_sidecar(name) and photos_of(name, may_return)):
                    self.dropped.append(file.id)
            elif file.away:
                self.away += 1
            elif file.is_living:
                self.vanished.append(file)


def compare(
    files: Iterable[ScannedFile],
    known: Mapping[str, KnownFile],
    *,
    filesystem_id: int | None = None,
    retry: bool = False,
    verify: bool = False,
) -> FolderDiff:
    """Compare one folder's files with what the library knows of it.

    A file of the same size and time is not opened again, unless its content still lacks a vector
    by the model, its failure may have passed unnoticed, or ``retry`` asks for every failure;
    ``verify`` asks for every picture.
    """
    diff = FolderDiff()
    missing = dict(known)
    for file in files:
        before = missing.pop(file.name, None)
        if file.problem:
            if before and before.state is file.problem[0]:
                diff.unchanged[before.state] += 1
            else:
                diff.problems.append(file)
        elif (
            before is None
            or (file.size, file.mtime_ns) != (before.size, before.mtime_ns)
            or before.state.may_change_unnoticed
            or (retry and before.state.is_failure)
        ) or (before.has_content and (verify or not before.embedded)):
            diff.to_read.append((file, before))
        elif before.state is State.GONE or before.away:
            diff.returned.append(before.id)
        else:
            diff.unchanged[before.state] += 1
            if before.filesystem_id != filesystem_id:
                diff.elsewhere.append(before.id)
    diff.add_absent(missing)
    return diff


def is_unchanged(
    listing: FolderListing, known: FolderSummary, filesystem_id: int, retry: bool
) -> bool:
    """Whether ``compare`` would have nothing to do in a folder; much faster than calling it."""
    if not known.whole or State.GONE in known.states:
        return False
    if known.away or known.filesystem_id != filesystem_id:
        return False
    if any(s.may_change_unnoticed or (retry and s.is_failure) for s in known.states):
        return False
    if any(file.problem for file in listing.files):
        return False
    return digest(listing.files) == known.digest


def unseen(listing: FolderListing) -> list[str]:
    """The paths at or in a folder at and below which photos may be there, though none is seen.

    They are those of the folder itself, if it can't be listed, and of what can't be looked at: it
    may be a folder, or a link to one.
    """
    if listing.error:
        return [listing.folder]
    return [
        join(listing.folder, file.name)
        for file in listing.files
        if file.problem and file.problem[0] is State.UNREADABLE
    ]


def why_read(file: ScannedFile, known: KnownFile | None, verify: bool) -> Why:
    """Why one of ``FolderDiff.to_read`` has to be read."""
    if known is None:
        return "new"
    if (file.size, file.mtime_ns) != (known.size, known.mtime_ns):
        return "changed"
    is_right = verify and known.embedded and known.state in LIVING
    return "verify" if is_right else "again"

"""A run's to-do list: the folders on disk against the library, as a stream of small steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from indexer.plan import FolderPlan, absent, compare
from indexer.scan import FoundFile, Listing, walk
from store.folders import FolderSummary, digest
from store.library import Library, is_online
from store.records import FileRecord, KnownFile, ModelInfo, RootInfo
from store.states import State


@dataclass(frozen=True)
class Target:
    """A root, or one ``folder`` of it ("" is all of it), to be looked through."""

    root: RootInfo
    folder: str = ""


Why = Literal["new", "changed", "again", "verify", "altered"]


@dataclass(frozen=True)
class ReadFile:
    """A file that must be opened, and why: no such path was known, it changed, or neither.

    To ``verify`` is to read it only if its content is not of the ``known`` digest any more, though
    its size and time are the same; such a one is ``altered``.
    """

    root: RootInfo
    folder: str
    file: FoundFile
    why: Why
    known: bytes | None = None


@dataclass(frozen=True)
class NoteFile:
    """A path to be recorded without being opened."""

    root: RootInfo
    record: FileRecord


@dataclass(frozen=True)
class Settled:
    """Paths that need nothing read: how many are unchanged, and which rows change state."""

    unchanged: Counter[State]
    returned: list[int]
    vanished: list[int]
    dropped: list[int]


@dataclass(frozen=True)
class WentOffline:
    """The root can't be seen (any more): nothing more is concluded from what is missing."""

    root: RootInfo


_QUIET = 1000  # unchanged files told of at once

Step = ReadFile | NoteFile | Settled | WentOffline


def survey(
    library: Library,
    model: ModelInfo,
    targets: list[Target],
    *,
    retry: bool = False,
    verify: bool = False,
) -> Iterator[Step]:
    """All steps for ``targets``, folder by folder; memory is bounded by the largest folder."""
    for target in targets:
        yield from _survey_one(library, model, target, retry, verify)


def _survey_one(
    library: Library, model: ModelInfo, target: Target, retry: bool, verify: bool
) -> Iterator[Step]:
    root = target.root
    known = library.folders(root, target.folder, model)
    unvisited = set(known)
    if not is_online(root.path):
        if unvisited:
            yield WentOffline(root)
        return
    unreadable: list[str] = []
    quiet = Counter[State]()  # files in folders in which nothing has changed
    for listing in walk(root.path, target.folder, root.excludes, {library.folder}):
        folder = listing.folder
        if not (listing.error or verify) and _is_unchanged(listing, known.get(folder), retry):
            unvisited.discard(folder)
            quiet.update(known[folder].states)
            if quiet.total() > _QUIET:
                yield Settled(quiet, [], [], [])
                quiet = Counter()
            continue
        if listing.error:
            if not is_online(root.path):
                yield Settled(quiet, [], [], [])
                yield WentOffline(root)
                return
            unreadable.append(folder)
            yield _note_folder(root, folder, listing.error)
            continue
        unvisited.discard(folder)
        before = library.files_in_folder(root, folder, model)
        plan = compare(listing.files, before, retry=retry, verify=verify)
        # What is missing or can't be read may be so because the whole drive just went.
        if (plan.vanished or plan.problems) and not is_online(root.path):
            yield Settled(quiet, [], [], [])
            yield WentOffline(root)
            return
        for file in plan.problems:
            yield NoteFile(root, record_of(root, folder, file))
        yield _settled(plan)
        for file, one in plan.to_read:
            yield ReadFile(root, folder, file, _why(file, one, verify), one.digest if one else None)
    yield Settled(quiet, [], [], [])
    # Folders that the walk did not meet are gone, unless something above them can't be read.
    hidden = tuple(f"{folder}/" for folder in unreadable if folder)
    for folder in sorted(unvisited):
        if folder in unreadable or folder.startswith(hidden) or "" in unreadable:
            continue
        plan = FolderPlan()
        absent(plan, library.files_in_folder(root, folder, model).values())
        if not is_online(root.path):
            yield WentOffline(root)
            return
        yield _settled(plan)


def _is_unchanged(listing: Listing, known: FolderSummary | None, retry: bool) -> bool:
    """Whether ``compare`` would find nothing to do here; much faster than asking it."""
    if known is None or not known.whole or State.GONE in known.states:
        return False
    if any(s.may_change_unnoticed or (retry and s.is_failure) for s in known.states):
        return False
    if any(file.problem for file in listing.files):
        return False
    return digest(listing.files) == known.digest


def _why(file: FoundFile, known: KnownFile | None, verify: bool) -> Why:
    if known is None:
        return "new"
    if (file.size, file.mtime_ns) != (known.size, known.mtime_ns):
        return "changed"
    is_right = verify and known.embedded and known.state is State.INDEXED
    return "verify" if is_right else "again"


def record_of(root: RootInfo, folder: str, file: FoundFile) -> FileRecord:
    """The ledger's record of a path that must not be opened."""
    state, reason = file.problem or (State.OTHER, "")
    return FileRecord(root.id, folder, file.name, file.size, file.mtime_ns, state, reason)


def _note_folder(root: RootInfo, folder: str, error: str) -> NoteFile:
    parent, _, name = folder.rpartition("/")
    reason = f"the folder can't be read: {error}"
    return NoteFile(root, FileRecord(root.id, parent, name, 0, 0, State.UNREADABLE, reason))


def _settled(plan: FolderPlan) -> Settled:
    return Settled(plan.unchanged, plan.returned, plan.vanished, plan.dropped)

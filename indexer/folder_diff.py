"""What a run has to do, found by comparing folders with the library; no file is opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from indexer.scan import ScannedFile
from store.states import State
from store.values import KnownFile


@dataclass
class FolderPlan:
    """One folder's files by what has to happen to them. ``known`` ids are of ledger rows."""

    unchanged: Counter[State] = field(default_factory=Counter)
    to_read: list[tuple[ScannedFile, KnownFile | None]] = field(default_factory=list)
    problems: list[ScannedFile] = field(default_factory=list)  # new or changed ones
    returned: list[int] = field(default_factory=list)  # gone or away before, the same file now
    elsewhere: list[int] = field(default_factory=list)  # unchanged, but for the file system
    vanished: list[KnownFile] = field(default_factory=list)  # held a picture
    away: int = 0  # missed before, and still
    dropped: list[int] = field(default_factory=list)  # never held one: nothing to keep


def compare(
    files: Iterable[ScannedFile],
    known: Mapping[str, KnownFile],
    *,
    filesystem_id: int | None = None,
    retry: bool = False,
    verify: bool = False,
) -> FolderPlan:
    """Compare one folder's files with what the library knows of it.

    A file of the same size and time is not opened again, unless its content still lacks a vector
    by the model, its failure may have passed unnoticed, or ``retry`` asks for every failure;
    ``verify`` asks for every picture.
    """
    plan = FolderPlan()
    missing = dict(known)
    for file in files:
        before = missing.pop(file.name, None)
        if file.problem:
            if before and before.state is file.problem[0]:
                plan.unchanged[before.state] += 1
            else:
                plan.problems.append(file)
        elif (
            before is None
            or (file.size, file.mtime_ns) != (before.size, before.mtime_ns)
            or before.state.may_change_unnoticed
            or (retry and before.state.is_failure)
        ) or (before.has_content and (verify or not before.embedded)):
            plan.to_read.append((file, before))
        elif before.state is State.GONE or before.away:
            plan.returned.append(before.id)
        else:
            plan.unchanged[before.state] += 1
            if before.filesystem_id != filesystem_id:
                plan.elsewhere.append(before.id)
    absent(plan, missing.values())
    return plan


def absent(plan: FolderPlan, files: Iterable[KnownFile]) -> None:
    """Add known files that are not there now."""
    for file in files:
        if not file.has_content:
            plan.dropped.append(file.id)
        elif file.away:
            plan.away += 1
        elif file.is_living:
            plan.vanished.append(file)

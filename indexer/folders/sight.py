"""What a run saw of the folders, in short: enough to tell that a later look sees the same."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from indexer.folders.filesystems import filesystem_name
from indexer.folders.scan import FolderListing
from indexer.folders.steps import Target
from store.folder_summary import digest
from store.values import RootInfo


class Sight:
    """A digest of all that the folders on disk tell a run; used by one thread.

    Two looks with the same digest met the same folders, on the same file systems, with files of the
    same names, sizes and times.
    """

    def __init__(self) -> None:
        self._seen = hashlib.blake2b(digest_size=16)
        self._filesystems: dict[int, str] = {}  # by device

    @classmethod
    def of(cls, targets: Iterable[Target], library: Path, roots: Iterable[RootInfo]) -> Sight:
        """A look at ``targets`` now; see ``Target.listings`` for the others."""
        sight, roots = cls(), list(roots)
        for target in targets:
            sight.begin(target)
            for listing in target.listings(library, roots):
                sight.add(target, listing)
        return sight

    def begin(self, target: Target) -> None:
        """Take in where ``target`` is: a link on the way may lead elsewhere one day."""
        self._take(os.path.realpath(target.root.path), os.path.realpath(target.path))

    def add(self, target: Target, listing: FolderListing) -> None:
        """Take in a folder of the target that was begun last."""
        device = listing.device
        if device not in self._filesystems:
            folder = target.root.path / listing.folder
            self._filesystems[device] = "" if listing.error else filesystem_name(folder, device)
        problems = [(file.name, file.problem) for file in listing.files if file.problem]
        self._take(listing.folder, listing.error, self._filesystems[device], problems)
        self._seen.update(digest(listing.files))

    def _take(self, *values: object) -> None:
        self._seen.update(repr(values).encode())

    def hexdigest(self) -> str:
        """The digest of what was seen so far."""
        return self._seen.hexdigest()

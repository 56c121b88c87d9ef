"""Whether a folder holds anything that the library does not know; nothing is written.

So a look costs nobody the library's lock: only a run that has something to do takes it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from indexer.folders.folder_diff import FolderDiff, compare, is_unchanged, unseen
from indexer.folders.scan import FolderListing, walk, walk_only
from indexer.folders.survey import IsUnsettled
from store.library import Library
from store.online import is_online
from store.sql.fspath import is_below
from store.values import KnownFile, ModelInfo, RootInfo


@dataclass
class News:
    """What a look at one folder has shown.

    Attributes:
        facts: what there is to do, to be compared with what a run has left undone before.
        misses: whether photos are missing.
    """

    folder: str
    facts: frozenset[object] = field(default_factory=frozenset)
    misses: bool = False

    @property
    def is_any(self) -> bool:
        return bool(self.facts)


def is_linked(root: RootInfo, folder: str) -> bool:
    """Whether ``folder`` of a root is reached through a link."""
    return Path(os.path.realpath(root.path / folder)) != Path(os.path.realpath(root.path), folder)


def folders_of(library: Library, root: RootInfo, folder: str = "") -> Iterator[FolderListing]:
    """What a run over ``folder`` of a root would look at."""
    others = [other.path for other in library.roots() if other.id != root.id]
    skip = {library.folder}
    elsewhere = [path for path in others if is_online(path)]
    return walk(root.path, folder, root.excludes, skip, elsewhere)


class Comparison:
    """Compares folders of a root with the library, one at a time.

    Args:
        model: whose vectors photos have to have; None: nothing has any.
        is_unsettled: says which files are not to be read yet.
    """

    def __init__(
        self,
        library: Library,
        root: RootInfo,
        model: ModelInfo | None,
        is_unsettled: IsUnsettled,
    ) -> None:
        self._library, self._root, self._model = library, root, model
        self._is_unsettled = is_unsettled

    def at(self, folders: set[str]) -> Iterator[News]:
        """What is new in ``folders``, each without what is below it."""
        root = self._root
        for listing in walk_only(root.path, folders, root.excludes, {self._library.folder}):
            folders = folders - {listing.folder}
            yield self._compared(listing)
        for folder in sorted(folders):
            yield self._absent(folder)

    def around(self, folder: str, met: Callable[[str], object]) -> Iterator[News]:
        """What is new at or below ``folder``.

        Args:
            met: takes the name of each folder that is there, before it is compared.
        """
        root = self._root
        known = self._library.folders(root, folder, self._model) if self._model else {}
        left = set(known)
        unreadable: list[str] = []
        for listing in folders_of(self._library, root, folder):
            left.discard(listing.folder)
            unreadable += unseen(listing)
            if listing.error:
                continue
            met(listing.folder)
            summary = known.get(listing.folder)
            if summary and is_unchanged(listing, summary, summary.filesystem_id or 0, False):
                continue
            yield self._compared(listing)
        if not is_online(root.path):
            return
        for name in sorted(left):
            if not any(name == one or is_below(name, one) for one in unreadable):
                yield self._absent(name)

    def _compared(self, listing: FolderListing) -> News:
        folder = listing.folder
        if listing.error:
            return News(folder)
        diff = compare(listing.files, self._files(folder))
        waiting = self._root.path / folder
        diff.to_read = [
            (file, before)
            for file, before in diff.to_read
            if not self._is_unsettled(waiting / file.name, file)
        ]
        return News(folder, _facts(diff), bool(diff.vanished))

    def _absent(self, folder: str) -> News:
        diff = FolderDiff()
        diff.add_absent(self._files(folder))
        return News(folder, _facts(diff), bool(diff.vanished))

    def _files(self, folder: str) -> dict[str, KnownFile]:
        if self._model is None:
            return {}
        return self._library.files_in_folder(self._root, folder, self._model)


def _facts(diff: FolderDiff) -> frozenset[object]:
    return frozenset(
        [
            *(file for file, _ in diff.to_read),
            *diff.problems,
            *diff.returned,
            *((file.id, "missing") for file in diff.vanished),
            *((id, "dropped") for id in diff.dropped),
        ]
    )

"""Turns what is told of changes into folders to be looked at."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from indexer.folders.missing import common_folder
from indexer.folders.scan import SKIPPED_NAMES, Excludes, join
from indexer.watching.agenda import AGAIN_S, Agenda
from indexer.watching.changes import FileChange, Untold
from indexer.watching.settling import CLOSED_S, Settling
from indexer.watching.watched_roots import Surveyed, WatchedRoots
from store import online
from store.sql.fspath import relative
from store.values import RootInfo

Message = FileChange | Untold | Surveyed


class Intake:
    """Used by one thread.

    Attributes:
        agenda: folders to be looked at.
        second: folders to be looked at once more, to be sure.
        undone: what a run has left as it is, by root and folder; it is no news.
    """

    def __init__(self, roots: WatchedRoots, settling: Settling) -> None:
        self._roots, self._settling = roots, settling
        self.agenda, self.second = Agenda(), Agenda()
        self.undone: dict[tuple[int, str], frozenset[object]] = {}
        self._missed: dict[int, set[str]] = {}  # folders in which a survey misses photos, by root

    def take(self, message: Message) -> Iterator[str]:
        """Take in one message; yields what the user should know."""
        if isinstance(message, FileChange):
            self._change(message)
        elif isinstance(message, Untold):
            self._roots.look_through(message.root_id)
        elif message.news is not None:
            key = (message.root_id, message.news.folder)
            if self.undone.get(key) == message.news.facts:
                return
            if message.news.misses:  # together: whether they are away or gone shows by all of them
                self._missed.setdefault(message.root_id, set()).add(message.news.folder)
            else:
                self.agenda.add(*key, time.monotonic(), chosen=True)
        else:
            if missed := self._missed.pop(message.root_id, None):
                around = common_folder(missed)
                self.agenda.add(message.root_id, around, time.monotonic(), deep=True, chosen=True)
            yield from self._roots.ended(message)

    def hold(self) -> None:
        """Look again at the folders of files that were being written, when they may be done."""
        for path, when in self._settling.take_held().items():
            for state in self._roots.roots.values():
                if path.is_relative_to(state.root.path):
                    self.agenda.add(state.root.id, relative(path.parent, state.root.path), when)

    def _change(self, change: FileChange) -> None:
        state = self._roots.roots.get(change.root_id)
        if state is None or self._is_ignored(state.root, change.folder, change.name):
            return
        now = time.monotonic()
        inner = join(change.folder, change.name)
        path = state.root.path / inner
        self.undone.pop((change.root_id, change.folder), None)
        is_folder, is_there = change.is_folder, True
        if is_folder is None:
            is_folder, is_there = online.is_folder(path), os.path.lexists(path)
        if not is_folder and online.is_folder(path):  # a link, whose folder may have other names
            self._roots.look_through(change.root_id)
            return
        if is_folder or not is_there:
            self.undone.pop((change.root_id, inner), None)
            self.agenda.add(change.root_id, inner, now + CLOSED_S, deep=True)
            self.second.add(change.root_id, inner, now + AGAIN_S, deep=True)
        if not is_folder:
            is_open = None
            if change.closes:
                is_open = not (change.is_written or _is_linked(path))
            wait = self._settling.note(path, is_open)
            self.agenda.add(change.root_id, change.folder, now + wait)

    def _is_ignored(self, root: RootInfo, folder: str, name: str) -> bool:
        """Whether a run would not look at ``name`` either: it is hidden or excluded."""
        if (root.path / folder / name).is_relative_to(self._roots.own_folder):
            return True
        excluded = Excludes(root.excludes)
        around = ""
        for part in [*folder.split("/"), name] if folder else [name]:
            if part[0] == "." or part.lower() in SKIPPED_NAMES or excluded.match(around, part):
                return True
            around = join(around, part)
        return False


def _is_linked(path: Path) -> bool:
    """Whether a file that has just appeared is a link of some kind, which nobody has to close."""
    try:
        facts = path.lstat()
    except OSError:
        return True
    return stat.S_ISLNK(facts.st_mode) or facts.st_nlink > 1

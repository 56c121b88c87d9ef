"""The roots that are watched: which can be seen, which are only looked through now and then."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from indexer.watching.changes import TOO_MANY, Notifier
from indexer.watching.drives import Drives, drives_of
from indexer.watching.news import Comparison, News, folders_of
from store.errors import ClipsearchError
from store.library import Library
from store.online import is_online
from store.values import RootInfo

ROOTS_S = 10.0
"""How often it is asked which roots the library has, and ..."""
DRIVES_S = 2.0
"""... which of them can be seen."""
WHOLE_S = 3600.0
"""How often a root is looked through though its changes are told."""
_FAILED_S = 60.0  # after a failure, a root is looked through again
_SLEPT_S = 30.0  # a clock that has jumped by more: the machine was asleep
_SHARE_OF_TIME = 4.0  # a look through a slow root comes after four times as long as it took


@dataclass(frozen=True)
class Surveyed:
    """A look through a root has shown news in a folder, or (``end``) is done."""

    root_id: int
    news: News | None = None
    end: bool = False
    error: str | None = None
    polled: str | None = None


@dataclass
class WatchedRoot:
    """How things stand with one root.

    Attributes:
        polled: why it is looked through every now and then; None: its changes are told.
        due: when it is looked through next, on the monotonic clock.
        error: why the last look through it failed, if it did.
    """

    root: RootInfo
    drives: Drives = field(default_factory=lambda: Drives(None))
    online: bool | None = None
    polled: str | None = None
    due: float = 0.0
    error: str | None = None
    survey: threading.Thread | None = None
    began: float = 0.0

    @property
    def is_busy(self) -> bool:
        return self.survey is not None and self.survey.is_alive()


class WatchedRoots:
    """Follows what becomes of the roots; used by one thread, surveys have their own.

    Args:
        look_into: makes what compares folders of a root with a library.
        notifier: tells of changes; None: nothing does here, for the reason ``untold``.
        put: takes what surveys meet.
        every: seconds between two looks at what nobody tells changes of.
    """

    def __init__(
        self,
        open_library: Callable[[], Library],
        look_into: Callable[[Library, RootInfo], Comparison],
        notifier: Notifier | None,
        put: Callable[[Surveyed], None],
        *,
        untold: str,
        every: float,
    ) -> None:
        self._open, self._look_into, self._put = open_library, look_into, put
        self._notifier, self._untold, self._every = notifier, untold, every
        self.roots: dict[int, WatchedRoot] = {}
        self.are_known = False
        """Whether the library could be asked which there are, the last time."""
        self._asked, self._looked = -ROOTS_S, -DRIVES_S
        self._clocks = time.time() - time.monotonic()
        self.own_folder = Path()
        self.closed = threading.Event()

    def tick(self, now: float) -> Iterator[str]:
        """Do what is due, and yield what the user should know."""
        clocks = time.time() - time.monotonic()
        if abs(clocks - self._clocks) > _SLEPT_S:
            self.look_through(None)
        self._clocks = clocks
        if now - self._asked >= ROOTS_S:
            self._asked, self.are_known = now, False
            self._ask()
            self.are_known = True
        if now - self._looked >= DRIVES_S:
            self._looked = now
            for state in self.roots.values():
                yield from self._follow(state)
        for state in self.roots.values():
            if state.online and now >= state.due and not state.is_busy:
                state.due, state.began = now + WHOLE_S, now
                state.survey = threading.Thread(
                    target=self._survey, args=(state.root, state.polled is None), daemon=True
                )
                state.survey.start()

    def look_through(self, root_id: int | None) -> None:
        """Look through a root, or through all of them, as soon as possible."""
        for state in self.roots.values():
            if root_id in (None, state.root.id):
                state.due = 0.0

    def ended(self, surveyed: Surveyed) -> Iterator[str]:
        """Take note of the end of a survey; yields what the user should know."""
        state = self.roots.get(surveyed.root_id)
        if state is None:
            return
        now = time.monotonic()
        if surveyed.polled and not state.polled:
            yield from self._poll(state, surveyed.polled)
        if surveyed.error and surveyed.error != state.error:
            yield surveyed.error
        state.error = surveyed.error
        if surveyed.error:
            state.due = now + _FAILED_S
        elif state.polled and state.due:
            state.due = now + max(self._every, _SHARE_OF_TIME * (now - state.began))

    def close(self) -> None:
        """Let surveys end; they change nothing, and nobody has to wait for a slow share."""
        self.closed.set()
        if self._notifier:
            self._notifier.close()

    def _ask(self) -> None:
        with self._open() as library:
            self.own_folder = library.folder
            roots = {root.id: root for root in library.roots()}
        for id, state in list(self.roots.items()):
            if roots.get(id) != state.root:
                del self.roots[id]
                self.forget(id)
        for id, root in roots.items():
            if id not in self.roots:
                self.roots[id] = WatchedRoot(root)
                self._looked = -DRIVES_S

    def forget(self, root_id: int) -> None:
        """Be told no more of a root's changes."""
        if self._notifier:
            self._notifier.forget(root_id)

    def _follow(self, state: WatchedRoot) -> Iterator[str]:
        """See whether a root is there, and whether it is the same drive as before."""
        drives = drives_of(state.root.path)
        online = drives.identity is not None and is_online(state.root.path)
        was_online, state.online = state.online, online
        if not online:
            if was_online is not False:
                self.forget(state.root.id)
                yield f"{state.root.path} can't be seen now: its photos are left as they are."
            return
        if was_online is False:
            yield f"{state.root.path} can be seen again."
        if not was_online or drives != state.drives:
            self.forget(state.root.id)
            state.drives, state.polled, state.due = drives, None, 0.0
            if drives.share:
                yield from self._poll(
                    state, f"the system tells no changes of a network share ({drives.share})"
                )
            elif self._notifier is None:
                yield from self._poll(state, self._untold)

    def _poll(self, state: WatchedRoot, why: str) -> Iterator[str]:
        state.polled = why
        yield f"{state.root.path} is looked through every {self._every:g} s: {why}."

    def _survey(self, root: RootInfo, told: bool) -> None:
        error, polled = None, None
        try:
            with self._open() as library:
                if told:
                    polled = self._watch_all(library, root)
                told = told and not polled
                look = self._look_into(library, root)
                for news in look.around("", lambda folder: told and self._watch(root, folder)):
                    if self.closed.is_set():
                        return
                    if news.is_any:
                        self._put(Surveyed(root.id, news))
        except (ClipsearchError, OSError) as problem:
            error = str(problem)
        self._put(Surveyed(root.id, end=True, error=error, polled=polled))

    def _watch_all(self, library: Library, root: RootInfo) -> str | None:
        """Be told of changes in all folders of a root; why not, if that can't be."""
        for listing in folders_of(library, root):
            if self.closed.is_set():
                return None
            if not self._watch(root, listing.folder):
                return TOO_MANY
        return None

    def met(self, state: WatchedRoot, folder: str) -> None:
        """Be told of changes in a folder that was met on the way."""
        if state.polled is None and not self._watch(state.root, folder):
            self._put(Surveyed(state.root.id, end=True, polled=TOO_MANY))

    def _watch(self, root: RootInfo, folder: str) -> bool:
        """Be told of changes in a folder; False if the system does that for no more folders."""
        try:
            if self._notifier:
                self._notifier.watch(root, folder)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EMFILE, errno.ENFILE, errno.ENOMEM):
                self.forget(root.id)
                return False
        return True

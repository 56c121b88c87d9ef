"""Watches all folders of a library: what is new in them is taken in within seconds.

A run takes in some folders at a time, and leaves the library's lock to others before the next one.
Whatever is missed is met by the next look through everything.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

from indexer.encoders.encoder import Encoder
from indexer.events import Event
from indexer.watching.agenda import AGAIN_S, Due
from indexer.watching.changes import Notifier, notifier
from indexer.watching.intake import Intake, Message
from indexer.watching.news import Comparison, News, is_linked
from indexer.watching.pause import Pause, WatchNote, WatchResumed
from indexer.watching.settling import Settling
from indexer.watching.small_runs import NewsBatch, SmallRuns
from indexer.watching.watched_roots import WatchedRoot, WatchedRoots
from store.library import Library
from store.sql.fspath import is_below
from store.values import RootInfo

MOST = 200
"""Folders that are looked at together at most."""
_GAP_S = 0.3  # between two runs at least: who waits for the lock looks for it more often
_TICK_S = 0.5
_TIDY_S = 60.0
_CATCH_UP_S = 60.0  # no more often is the index saved, and are labels given
_MESSAGES = 5000  # taken in before the next look at what is due


@dataclass(frozen=True)
class WatchSettings:
    """How to watch.

    Attributes:
        poll: look through folders every now and then, whatever the system tells.
        every: seconds between two such looks.
        wait_because: tells why nothing should be read now; None if nothing is in the way.
    """

    poll: bool = False
    every: float = 60.0
    wait_because: Callable[[], str | None] = lambda: None


Watched = Event | WatchNote | WatchResumed | NewsBatch


class Watcher:
    """Watches the folders of one library, until ``stop`` is set.

    Args:
        open_library: opens it; it is closed again after each use, so that it may be replaced.
        encoder_for: see ``SmallRuns``.
        caught_up: saves the index and the like, after news, once nothing else is to be done.
    """

    def __init__(
        self,
        open_library: Callable[[], Library],
        encoder_for: Callable[[Library], Encoder],
        caught_up: Callable[[Library, Encoder], None],
        stop: threading.Event,
        settings: WatchSettings,
    ) -> None:
        self._open, self._caught_up, self._stop = open_library, caught_up, stop
        self._settings = settings
        self._messages: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._settling = Settling()
        self._runs = SmallRuns(encoder_for, self._settling.is_unsettled, stop)
        self._tidied = self._caught_up_at = 0.0
        self._pause = Pause()
        self._behind = False  # whether there is something to catch up with
        told, untold = self._notifier()
        self._roots = WatchedRoots(
            open_library,
            self._look_into,
            told,
            self._messages.put,
            untold=untold,
            every=settings.every,
        )
        self._intake = Intake(self._roots, self._settling)

    def _notifier(self) -> tuple[Notifier | None, str]:
        """What tells of changes, or why nothing does."""
        if self._settings.poll:
            return None, "as asked"
        try:
            return notifier(self._messages.put), ""
        except OSError as error:
            return None, f"the system tells of no changes ({error.strerror or error})"

    def events(self) -> Iterator[Watched]:
        """Watch; yields what happens, until the end."""
        try:
            while not self._stop.is_set():
                yield from self._pause.hold(self._tick)
                yield from self._listen()
                yield from self._pause.hold(self._work)
        finally:
            self._roots.close()

    def _tick(self) -> Iterator[Watched]:
        now = time.monotonic()
        yield from map(WatchNote, self._roots.tick(now))
        if now - self._tidied > _TIDY_S:
            self._tidied = now
            self._settling.forget_old()

    def _listen(self) -> Iterator[Watched]:
        """Take in all messages there are; wait for one, if there is nothing to do before."""
        now = time.monotonic()
        due = min(filter(None, (self._intake.agenda.next(), self._intake.second.next())), default=0)
        wait = _TICK_S if not due else max(due, self._pause.until) - now
        try:
            message = self._messages.get(timeout=min(_TICK_S, max(0.01, wait)))
            for _ in range(_MESSAGES):
                yield from map(WatchNote, self._intake.take(message))
                message = self._messages.get_nowait()
        except queue.Empty:
            pass

    def _work(self) -> Iterator[Watched]:
        now = time.monotonic()
        intake = self._intake
        intake.hold()
        if not self._pause.is_over:
            return
        first = intake.agenda.take_due(now, MOST)
        dues = [*first.items(), *intake.second.take_due(now, MOST).items()]
        if not dues:
            if intake.agenda.next() is None:
                yield from self._when_idle(now)
            return
        done = False
        try:
            if why := self._settings.wait_because():
                yield from self._pause.wait(why)
                return
            with self._open() as library:
                news = self._news(library, dues)
                done = yield from self._take_in(library, news)
        finally:
            if not done:
                for root_id, due in dues:
                    for folder in due.alone | due.deep:
                        deep, chosen = folder in due.deep, folder in due.chosen
                        intake.agenda.add(root_id, folder, now, deep=deep, chosen=chosen)
        yield from self._pause.end()

    def _when_idle(self, now: float) -> Iterator[Watched]:
        """What is left where nothing is new: to catch up, and to say that nothing is in the way."""
        if self._behind:
            if now <= self._caught_up_at:
                return
            self._caught_up_at = now + _CATCH_UP_S
            with self._open() as library:
                self._caught_up(library, self._runs.encoder(library))
            self._behind = False
        if self._roots.are_known:
            yield from self._pause.end()

    def _news(
        self, library: Library, dues: list[tuple[int, Due]]
    ) -> dict[RootInfo, dict[str, News]]:
        """What is new in the folders that are due."""
        news: dict[RootInfo, dict[str, News]] = {}
        for root_id, due in dues:
            state = self._roots.roots.get(root_id)
            if state is None or not state.online:
                continue  # it is looked through once it can be seen
            for shown in self._looked_at(library, state, due):
                key = (root_id, shown.folder)
                if not shown.is_any:
                    self._intake.undone.pop(key, None)
                elif self._intake.undone.get(key) != shown.facts:
                    news.setdefault(state.root, {})[shown.folder] = shown
        return news

    def _looked_at(self, library: Library, state: WatchedRoot, due: Due) -> Iterator[News]:
        root = state.root
        look = self._look_into(library, root)
        deep = {one for one in due.deep if not _is_in(one, due.deep)}
        alone = {one for one in due.alone if one not in deep and not _is_in(one, deep)}
        linked = {one for one in (deep | alone) - due.chosen if is_linked(root, one)}
        if linked:  # a run decides which of its names such a folder has
            self._roots.look_through(root.id)
        for folder in sorted(deep - linked):
            yield from look.around(folder, lambda met: self._roots.met(state, met))
        yield from look.at(alone - linked)

    def _take_in(
        self, library: Library, news: dict[RootInfo, dict[str, News]]
    ) -> Generator[Watched, None, bool]:
        """A run over what is new, if anything is. Returns whether it came to its end."""
        if not news:
            return True
        began = time.monotonic()
        done = False
        for event in self._runs.run(
            library, {root: list(folders) for root, folders in news.items()}
        ):
            if isinstance(event, NewsBatch):
                done = not event.summary.stopped
                self._behind |= event.summary.embedded > 0
            yield event
        now = time.monotonic()
        self._pause.rest(max(_GAP_S, (now - began) / 4))
        for root, folders in news.items():
            for folder, shown in folders.items():
                if done:
                    self._intake.undone[root.id, folder] = shown.facts
                self._intake.second.add(root.id, folder, now + AGAIN_S, chosen=True)
        return done

    def _look_into(self, library: Library, root: RootInfo) -> Comparison:
        return Comparison(library, root, self._runs.model(library), self._settling.is_unsettled)


def _is_in(folder: str, others: set[str]) -> bool:
    """Whether ``folder`` is below one of ``others``."""
    return any(is_below(folder, other) for other in others)

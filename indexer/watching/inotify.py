"""Changes in folders as Linux tells them, one watch for each folder.

Names need not be UTF-8, files say when their writer has closed them, and a queue that overflowed or
a limit that was met is told: packages for all systems keep most of that to themselves.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from indexer.folders.scan import join
from indexer.watching.changes import FileChange, Tell, Untold
from store.values import RootInfo

if TYPE_CHECKING:
    from inotify_simple import Event

_GATHER_MS = 50  # after the first event, before a whole batch is read
_STOP_MS = 1000  # how long ``close`` may wait for the thread
Place = tuple[int, str]
"""A root's id, and a folder relative to it."""


class Inotify:
    """See ``indexer.watching.changes.Notifier``. Safe to share by threads."""

    def __init__(self, tell: Tell) -> None:
        from inotify_simple import INotify, flags

        self._tell, self._flags = tell, flags
        self._inotify = INotify()
        self._lock = threading.Lock()
        self._places: dict[int, Place] = {}  # by the system's number
        self._numbers: dict[Place, int] = {}
        self._closed = False
        self._mask = (
            flags.CREATE
            | flags.CLOSE_WRITE
            | flags.ATTRIB
            | flags.MOVED_FROM
            | flags.MOVED_TO
            | flags.DELETE
            | flags.ONLYDIR
            | flags.EXCL_UNLINK
        )
        self._thread = threading.Thread(target=self._read, name="inotify", daemon=True)
        self._thread.start()

    def watch(self, root: RootInfo, folder: str) -> bool:
        place = (root.id, folder)
        with self._lock:
            if self._closed:
                return False
            number = self._inotify.add_watch(root.path / folder, self._mask)
            if self._numbers.get(place) == number:
                return False
            if before := self._places.get(number):  # the same folder, by another name
                self._numbers.pop(before, None)
            self._places[number], self._numbers[place] = place, number
            return True

    def forget(self, root_id: int, folder: str = "") -> None:
        below = f"{folder}/" if folder else ""
        with self._lock:
            for place, number in list(self._numbers.items()):
                if place[0] == root_id and (place[1] == folder or place[1].startswith(below)):
                    self._remove(place, number)

    def _remove(self, place: Place, number: int) -> None:
        del self._numbers[place]
        if self._places.get(number) == place:
            del self._places[number]
            with suppress(OSError):  # the folder is gone, and its watch with it
                self._inotify.rm_watch(number)

    def close(self) -> None:
        self._closed = True
        self._thread.join()
        with self._lock:  # nobody is adding a folder any more
            self._inotify.close()

    def _read(self) -> None:
        while not self._closed:
            for event in self._inotify.read(timeout=_STOP_MS, read_delay=_GATHER_MS):
                told = self._told(event)
                if told is not None:
                    self._tell(told)

    def _told(self, event: Event) -> FileChange | Untold | None:
        mask, flags = event.mask, self._flags
        if mask & flags.Q_OVERFLOW:
            return Untold()
        with self._lock:
            place = self._places.get(event.wd)
            if mask & flags.IGNORED and place is not None:
                del self._places[event.wd]
                if self._numbers.get(place) == event.wd:
                    del self._numbers[place]
        if place is None:
            return None
        if mask & flags.UNMOUNT:
            return Untold(place[0])
        if not event.name:  # of the folder itself: the one around it tells
            return None
        root_id, folder = place
        is_folder = bool(mask & flags.ISDIR)
        if is_folder:
            if mask & flags.ATTRIB:  # its rights have changed, perhaps
                return FileChange(root_id, folder, event.name, is_folder=True)
            if mask & (flags.MOVED_FROM | flags.DELETE):
                self.forget(root_id, join(folder, event.name))
        is_written = bool(mask & (flags.CLOSE_WRITE | flags.MOVED_TO | flags.DELETE))
        # A change of rights or times says nothing of who has the file open.
        closes = not mask & flags.ATTRIB
        return FileChange(root_id, folder, event.name, is_folder, is_written, closes)

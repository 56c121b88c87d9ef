"""Changes in folders where the system tells of a whole tree at once: macOS and Windows."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.watching.changes import Change, Tell, Untold
from store.sql.fspath import relative
from store.values import RootInfo

if TYPE_CHECKING:
    from watchfiles._rust_notify import RustNotify

_GATHER_MS = 400  # at most, from the first change on
_STEP_MS = 100


class Recursive:
    """See ``indexer.watching.changes.Notifier``. A root is one tree, and has one thread."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._stops: dict[int, threading.Event] = {}  # by root
        self._threads: dict[int, threading.Thread] = {}

    def watch(self, root: RootInfo, folder: str) -> bool:  # noqa: ARG002  # it is in the tree
        if root.id in self._stops:
            return False
        from watchfiles._rust_notify import RustNotify

        try:
            watcher = RustNotify([str(root.path)], False, False, 0, True, False)
        except UnicodeEncodeError as error:
            raise OSError(f"its name can't be told to the system: {error.reason}") from error
        stop = self._stops[root.id] = threading.Event()
        names = [root.path, Path(os.path.realpath(root.path))]
        thread = threading.Thread(
            target=self._read, args=(root.id, names, watcher, stop), name="watch", daemon=True
        )
        self._threads[root.id] = thread
        thread.start()
        return True

    def forget(self, root_id: int, folder: str = "") -> None:
        if folder or root_id not in self._stops:
            return
        self._stops.pop(root_id).set()
        self._threads.pop(root_id).join()

    def close(self) -> None:
        for root_id in list(self._stops):
            self.forget(root_id)

    def _read(
        self, root_id: int, names: list[Path], watcher: RustNotify, stop: threading.Event
    ) -> None:
        with watcher:
            while not stop.is_set():
                try:
                    changes = watcher.watch(_GATHER_MS, _STEP_MS, 0, stop)
                except RuntimeError:  # once it has failed, it does so forever
                    self._stops.pop(root_id, None)
                    self._tell(Untold(root_id))
                    return
                if isinstance(changes, str):
                    continue
                for _, path in changes:
                    self._pass_on(root_id, names, Path(path))

    def _pass_on(self, root_id: int, names: list[Path], path: Path) -> None:
        for name in names:
            if path != name and path.is_relative_to(name):
                self._tell(Change(root_id, relative(path.parent, name), path.name))
                return
        self._tell(Untold(root_id))

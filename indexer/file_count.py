"""How many files a run will look at, for its progress bar."""

from __future__ import annotations

import threading

from indexer.scan import count_files
from indexer.survey import Target
from store.library import Library


class Counting:
    """Counts all files in the background, once there is something worth waiting for."""

    def __init__(self, library: Library, targets: list[Target]) -> None:
        self.total: int | None = None
        self.told = False
        self._targets, self._skip = targets, {library.folder}
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._count, name="count", daemon=True)
            self._thread.start()

    def _count(self) -> None:
        self.total = sum(
            count_files(target.root.path, target.folder, target.root.excludes, self._skip)
            for target in self._targets
        )

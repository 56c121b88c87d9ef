"""How many files a run will look at, for its progress bar."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from indexer.events import Counted
from indexer.folders.steps import Target
from store.library import Library


class Counting:
    """Counts all files in the background, from the first call of ``tell`` on."""

    def __init__(self, library: Library, targets: list[Target]) -> None:
        self._total: int | None = None
        self._told = False
        self._targets, self._library = targets, library.folder
        self._thread: threading.Thread | None = None

    def tell(self) -> Iterator[Counted]:
        """Begin to count at the first call; yields the number once, as soon as it is known."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._count, name="count", daemon=True)
            self._thread.start()
        if self._total is not None and not self._told:
            self._told = True
            yield Counted(self._total)

    def _count(self) -> None:
        self._total = sum(
            len(listing.files)
            for target in self._targets
            for listing in target.listings(self._library)
        )

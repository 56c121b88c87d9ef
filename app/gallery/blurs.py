"""What stands for a photo until its picture has come: sixteen colours, which a browser blurs."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable

from indexer.pictures.thumbnails import blur_of
from store.library import Library

_KEPT = 50_000  # of 64 bytes each


class Blurs:
    """The blurs of a library's photos, kept in memory once made; safe to share by threads.

    See ``indexer.pictures.thumbnails.blur_of``.
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, str] = OrderedDict()

    def of(self, ids: Iterable[int]) -> dict[int, str]:
        """The blur of each photo that has a thumbnail now; none is made for it."""
        given = {}
        for id in ids:
            blur = self._kept.get(id)
            if blur is None:
                blur = self._make(id)
                if blur is None:
                    continue
                with self._lock:
                    self._kept[id] = blur
                    while len(self._kept) > _KEPT:
                        self._kept.popitem(last=False)
            given[id] = blur
        return given

    def _make(self, id: int) -> str | None:
        digest = self.library.digest(id)
        picture = digest and self.library.thumbnails.get(digest)
        return blur_of(picture) if picture else None

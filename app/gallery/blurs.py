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
        asked = list(ids)
        given = {id: blur for id in asked if (blur := self._kept.get(id)) is not None}
        made = self._made([id for id in asked if id not in given])
        with self._lock:
            self._kept.update(made)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return given | made

    def _made(self, ids: list[int]) -> dict[int, str]:
        digests = self.library.content_digests(ids) if ids else {}
        pictures = self.library.thumbnails.get_some(list(digests.values()))
        blurs = {digest: blur_of(picture) for digest, picture in pictures.items()}
        return {id: blur for id, digest in digests.items() if (blur := blurs.get(digest))}

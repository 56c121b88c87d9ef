"""The results that open pages show, as they were when each page began to show them.

A page asks for many results part by part, while others add photos, hide them or take marks away. A
photo that moves up by a place meanwhile would be in none of the parts, one that moves down in two.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace

from app.gallery.answers import Shown
from store.column_set import ListInOrder
from store.vectors import Ids

_MOST = 5_000_000
"""Results of all pages, at 8 bytes each; but those of the last page are kept."""

_PAGES = 500
_LONGEST_NAME = 40


class BegunResults:
    """By the name that a page has given them. Safe to share by threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Ids] = OrderedDict()

    def begin(self, name: str, shown: Shown) -> None:
        """Keep the results that ``shown`` has; nothing where ``name`` is empty, or too long."""
        if not 0 < len(name) <= _LONGEST_NAME:
            return
        ids = shown.listing.results.part(0, len(shown.listing))
        with self._lock:
            self._kept.pop(name, None)
            self._kept[name] = ids
            kept = sum(map(len, self._kept.values()))
            while len(self._kept) > 1 and (kept > _MOST or len(self._kept) > _PAGES):
                kept -= len(self._kept.popitem(last=False)[1])

    def of(self, name: str, shown: Shown) -> Shown:
        """``shown`` with the results that were kept under ``name``; as it is, if there are none."""
        with self._lock:
            ids = self._kept.get(name)
            if ids is None:
                return shown
            self._kept.move_to_end(name)
        return replace(shown, listing=replace(shown.listing, results=ListInOrder(ids)))

    def forget(self) -> None:
        """Forget all: they may be of a library that is not there any more."""
        with self._lock:
            self._kept.clear()

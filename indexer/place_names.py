"""Names the places of the photos of a library: of new ones, and of all when they are named anew."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from indexer.events import PlacesNamed
from indexer.places import EDITION, places_of
from store.library import Library
from store.writer import LibraryWriter

_AT_ONCE = 2_000  # looked up and written in one transaction


def name_new(library: Library, writer: LibraryWriter) -> None:
    """Look up the places that have no name yet."""
    while rows := library.unplaced(_AT_ONCE):
        names = places_of([(latitude, longitude) for _, latitude, longitude in rows])
        writer.set_places({row[0]: name for row, name in zip(rows, names, strict=True)})


def name_anew(
    library: Library, writer: LibraryWriter, stop: threading.Event
) -> Iterator[PlacesNamed]:
    """Give the names that earlier versions looked up as we do now, except those that are said.

    A photo has the old name until it has the new one. What is done stays done: the next run goes
    on behind it.

    Args:
        stop: set it to end early.
    """
    left = library.renaming(EDITION)
    if left is None:
        return
    last, total = left
    done = 0
    while not stop.is_set():
        rows = library.placed(last, _AT_ONCE)
        if not rows:
            writer.set_place_edition(EDITION)
            return
        names = places_of([(latitude, longitude) for _, latitude, longitude, _ in rows])
        old = {id: name for id, _, _, name in rows}
        new = {id: name for id, name in zip(old, names, strict=True) if name != old[id]}
        last = rows[-1][0]
        writer.rename_places({id: (old[id], name) for id, name in new.items()}, EDITION, last)
        done += len(rows)
        yield PlacesNamed(done, max(done, total))

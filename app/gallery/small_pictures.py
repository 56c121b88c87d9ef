"""Makes the small pictures of all photos in the background, so that no search waits for them.

The first screen of a search shows some thirty, which would take as long as the rest of it. They can
be thrown away; ``clipsearch cache`` says what they take on the disk.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Sequence

from indexer.pictures.thumbnails import small_of
from store.errors import ClipsearchError
from store.library import Library

_PAGE = 500  # photos looked up at once
_BATCH = 16  # pictures written at once
_REST = 3  # times as long as it worked: whoever searches meanwhile has the processor
_FIRST_S = 30.0  # in which the first searches of a visit are over
_AGAIN_S = 60.0
_STOP_S = 5.0
_SPARE = 2_000_000_000  # bytes of the disk that are left to other things


class SmallPictures:
    """What makes those of one library, in a thread of its own, until ``stop``."""

    def __init__(self, library: Library, first_s: float = _FIRST_S) -> None:
        self._library = library
        self._first_s = first_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="small-pictures", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Make no more; returns once the library is not used any more."""
        self._over.set()
        self._thread.join(_STOP_S)

    def _run(self) -> None:
        made_of, wait = -1, self._first_s
        while not self._over.wait(wait):
            wait = _AGAIN_S
            try:
                generation = self._library.generation()
                if generation != made_of:
                    if not make_small_pictures(self._library, self._over.wait):
                        return
                    made_of = generation
            except (ClipsearchError, OSError):  # it can't be read now, or is gone
                continue


def make_small_pictures(
    library: Library, rested: Callable[[float], object] = lambda _seconds: False
) -> bool:
    """Make those that are missing.

    Args:
        rested: called with seconds now and then, to wait; true: go no further.

    Returns:
        Whether there may be more to do later: not where none can be kept, or ``rested`` was true.
    """
    last = b""
    while page := library.thumbnails.digests_after(last, _PAGE):
        last = page[-1]
        start = time.perf_counter()
        kept = library.small_pictures.kept_of(page)
        missing = [digest for digest in page if digest not in kept]
        for at in range(0, len(missing), _BATCH):
            if not library.writable or shutil.disk_usage(library.folder).free < _SPARE:
                return False
            if not _make_some(library, missing[at : at + _BATCH]):
                return False
            if rested(_REST * (time.perf_counter() - start)):
                return False
            start = time.perf_counter()
        if rested(_REST * (time.perf_counter() - start)):
            return False
    return True


def _make_some(library: Library, digests: Sequence[bytes]) -> bool:
    """Make those of ``digests``; false where none can be kept: a full disk, or one that can't be
    written to."""
    thumbnails, small = library.thumbnails, library.small_pictures
    every = [(digest, _made(picture)) for digest, picture in thumbnails.get_some(digests).items()]
    made = [(digest, picture) for digest, picture in every if picture is not None]
    small.put(made)
    can_be_kept = not made or bool(small.kept_of(digests))
    there = thumbnails.kept_of(digests)  # others were forgotten while theirs was made
    small.remove(digest for digest, _ in made if digest not in there)
    return can_be_kept


def _made(thumbnail: bytes) -> bytes | None:
    """What is kept; empty where the thumbnail itself is small; None where it is damaged."""
    small = small_of(thumbnail)
    return b"" if small == thumbnail else small

"""Why, and until when, a watcher takes nothing in; that it is over is said, too."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from store.errors import ClipsearchError, LibraryBusy

BUSY = "Another clipsearch is changing the library; what is new waits."
_BUSY_S = 1.0
_FAILED_S = (5.0, 300.0)  # at first, and at most, until what failed is tried again
_ENOUGH = 10  # failures, with which the most is reached: 2.0**1024 is no number

T = TypeVar("T")


@dataclass(frozen=True)
class WatchNote:
    """Something that the user should know; if ``waiting``, why nothing is taken in for now."""

    text: str
    waiting: bool = False


@dataclass(frozen=True)
class WatchResumed:
    """Nothing is in the way of what is new any more."""


class Pause:
    """Keeps a watcher from work that can't be done now; used by one thread."""

    def __init__(self) -> None:
        self.until = 0.0
        """The moment at which it ends, or ended (``time.monotonic``)."""
        self._failures = 0
        self._said: str | None = None

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.until

    def rest(self, seconds: float) -> None:
        """Do nothing for ``seconds``, for no reason that anybody need know."""
        self.until = time.monotonic() + seconds

    def wait(self, why: str) -> Iterator[WatchNote]:
        """Look again in a second."""
        self.rest(_BUSY_S)
        yield from self._say(why)

    def hold(self, work: Callable[[], Iterator[T]]) -> Iterator[T | WatchNote]:
        """Do ``work``; what is wrong with the library or the model may be right again later."""
        try:
            yield from work()
        except LibraryBusy:
            yield from self.wait(BUSY)
        except (ClipsearchError, OSError) as error:
            least, most = _FAILED_S
            self.rest(min(most, least * 2.0**self._failures))
            self._failures = min(self._failures + 1, _ENOUGH)
            yield from self._say(str(error))

    def end(self) -> Iterator[WatchResumed]:
        """Go on: what was in the way no longer is."""
        if self._said is not None:
            self._failures, self._said = 0, None
            yield WatchResumed()

    def _say(self, why: str) -> Iterator[WatchNote]:
        if why != self._said:
            self._said = why
            yield WatchNote(why, waiting=True)

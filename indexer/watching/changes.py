"""What a system tells of changes in folders, whichever system it is."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from store.values import RootInfo


@dataclass(frozen=True)
class Change:
    """Something has happened to ``name``, which is or was right in ``folder`` of a root.

    Attributes:
        is_folder: whether it is or was a folder; None if that isn't known.
        is_written: whether whoever wrote the file has closed it; False where it was only begun, or
            where the system doesn't tell.
        closes: whether the system tells of that at all, so that it can be waited for.
    """

    root_id: int
    folder: str
    name: str
    is_folder: bool | None = None
    is_written: bool = False
    closes: bool = False


@dataclass(frozen=True)
class Untold:
    """Changes may have been missed: in a root, or in all of them (None).

    With ``reason``, no more changes of that root will be told, and this is why.
    """

    root_id: int | None = None
    reason: str | None = None


Tell = Callable[[Change | Untold], None]
"""Takes what has changed, in the notifier's own thread."""

TOO_MANY = (
    "it has more folders than the system tells changes of at a time "
    "(fs.inotify.max_user_watches sets how many)"
)


class Notifier(Protocol):
    """Tells of changes in the folders that it was given."""

    def watch(self, root: RootInfo, folder: str) -> bool:
        """Tell of changes right in ``folder`` of ``root``; whether that is new.

        Raises:
            OSError: the system tells of no more folders (ENOSPC, EMFILE), or not of this one.
        """
        ...

    def forget(self, root_id: int, folder: str = "") -> None:
        """Tell no more of a root's folders at or below ``folder``."""
        ...

    def close(self) -> None:
        """Tell of nothing any more."""
        ...


def notifier(tell: Tell) -> Notifier:
    """The one for this system.

    Raises:
        OSError: the system tells of nothing, because too many programs ask already.
    """
    if platform.system() == "Linux":
        from indexer.watching.inotify import Inotify

        return Inotify(tell)
    from indexer.watching.recursive import Recursive

    return Recursive(tell)

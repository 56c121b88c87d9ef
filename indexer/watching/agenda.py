"""Which folders are to be looked at, and when."""

from __future__ import annotations

from dataclasses import dataclass, field

AGAIN_S = 4.0
"""A folder with news is looked at once more after so many seconds: a file may have come between two
steps of the first look, or into a new folder before the system told of it."""


@dataclass
class Entry:
    """When a folder is to be looked at, on the monotonic clock.

    Attributes:
        deep: with all that is or was below it.
    """

    when: float
    deep: bool = False


@dataclass
class Due:
    """The folders of one root that are due."""

    alone: set[str] = field(default_factory=set)
    deep: set[str] = field(default_factory=set)


class Agenda:
    """Folders by root and name; used by one thread."""

    def __init__(self) -> None:
        self._entries: dict[tuple[int, str], Entry] = {}

    def add(self, root_id: int, folder: str, when: float, *, deep: bool = False) -> None:
        """Look at ``folder`` at ``when``, or earlier if that was asked for already."""
        entry = self._entries.setdefault((root_id, folder), Entry(when, deep))
        entry.when = min(entry.when, when)
        entry.deep |= deep

    def drop(self, root_id: int) -> None:
        """Look at nothing of a root."""
        for key in [key for key in self._entries if key[0] == root_id]:
            del self._entries[key]

    def next(self) -> float | None:
        """When the first entry is due; None if there is none."""
        return min((entry.when for entry in self._entries.values()), default=None)

    def take_due(self, now: float, most: int) -> dict[int, Due]:
        """What is due by root, ``most`` folders at a time; it is taken off the agenda."""
        keys = [key for key, entry in self._entries.items() if entry.when <= now][:most]
        taken: dict[int, Due] = {}
        for key in keys:
            root_id, folder = key
            due = taken.setdefault(root_id, Due())
            (due.deep if self._entries.pop(key).deep else due.alone).add(folder)
        return taken

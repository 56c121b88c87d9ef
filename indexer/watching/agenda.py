"""Which folders are to be looked at, and when."""

from __future__ import annotations

from dataclasses import dataclass, field

AGAIN_S = 4.0
"""A folder with news is looked at once more after so many seconds: a file may have come between two
steps of the first look, or into a new folder before the system told of it."""


@dataclass
class Appointment:
    """When a folder is to be looked at, on the monotonic clock.

    Attributes:
        deep: with all that is or was below it.
        chosen: a look through the root met it by this name: of the names that links give a folder,
            it is the one that runs take.
    """

    when: float
    deep: bool = False
    chosen: bool = False


@dataclass
class Due:
    """The folders of one root that are due."""

    alone: set[str] = field(default_factory=set)
    deep: set[str] = field(default_factory=set)
    chosen: set[str] = field(default_factory=set)


class Agenda:
    """Folders by root and name; used by one thread."""

    def __init__(self) -> None:
        self._appointments: dict[tuple[int, str], Appointment] = {}

    def add(
        self, root_id: int, folder: str, when: float, *, deep: bool = False, chosen: bool = False
    ) -> None:
        """Look at ``folder`` at ``when``, or earlier if that was asked for already."""
        kept = self._appointments.setdefault((root_id, folder), Appointment(when))
        kept.when = min(kept.when, when)
        kept.deep |= deep
        kept.chosen |= chosen

    def drop(self, root_id: int) -> None:
        """Look at nothing of a root."""
        for key in [key for key in self._appointments if key[0] == root_id]:
            del self._appointments[key]

    def next(self) -> float | None:
        """When the first look is due; None if there is none."""
        return min((kept.when for kept in self._appointments.values()), default=None)

    def take_due(self, now: float, most: int) -> dict[int, Due]:
        """What is due by root, ``most`` folders at a time; it is taken off the agenda."""
        keys = [key for key, kept in self._appointments.items() if kept.when <= now][:most]
        taken: dict[int, Due] = {}
        for key in keys:
            root_id, folder = key
            due = taken.setdefault(root_id, Due())
            kept = self._appointments.pop(key)
            (due.deep if kept.deep else due.alone).add(folder)
            if kept.chosen:
                due.chosen.add(folder)
        return taken

"""Missing photos: were they deleted, or is their drive not plugged in?

Two signs say that they may come back. The folder is on a different file system than its photos were
(an unplugged drive leaves an empty folder at its mount point), or most of a folder's photos are
missing at once. Such photos are *away*: they stay in the library and in search results, marked as
offline, until they are there again or the user says that they are gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from store.values import KnownFile

AT_ONCE = 10
"""This many missing photos or more, if they are more than half of those in and below a folder, are
not believed to be gone. Fewer are: somebody has tidied up."""


@dataclass
class Missed:
    """The photos that are missing at or below ``top``, a folder of a root.

    Attributes:
        unplugged: ids of photos whose drive is not there.
        at_once: ids of photos that are missing with most of their folder.
        gone: ids of photos that are gone.
        folders: the folders where photos are away, as few as cover all of them.
    """

    top: str = ""
    unplugged: list[int] = field(default_factory=list)
    at_once: list[int] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    _drives: dict[int, list[str]] = field(default_factory=dict)  # folders by file system
    _doubtful: dict[str, list[int]] = field(default_factory=dict)  # ids by folder

    def add(self, folder: str, files: Iterable[KnownFile], filesystem_id: int | None) -> None:
        """Add the photos missing right in ``folder``, which is on ``filesystem_id`` now."""
        for file in files:
            if file.filesystem_id is None or file.filesystem_id == filesystem_id:
                self._doubtful.setdefault(folder, []).append(file.id)
            else:
                self.unplugged.append(file.id)
                self._drives.setdefault(file.filesystem_id, []).append(folder)

    def decide(self, pictures: Mapping[str, int]) -> None:
        """Decide for the rest. ``pictures``: how many each folder had at the last look."""
        missed = {folder: len(ids) for folder, ids in self._doubtful.items()}
        vast = self._vast(missed, pictures)
        for folder, ids in self._doubtful.items():
            believed = not any(outer in vast for outer in outward(folder))
            (self.gone if believed else self.at_once).extend(ids)
        self.folders = [*map(common_folder, self._drives.values()), *vast]
        self._doubtful, self._drives = {}, {}

    def _vast(self, missed: Mapping[str, int], pictures: Mapping[str, int]) -> list[str]:
        """The innermost folders of which most photos are missing.

        If a folder around one is missing as a whole, it is given instead.
        """
        lost, had = self._with_inner(missed), self._with_inner(pictures)
        rest_lost, rest_had = Counter(lost), Counter(had)
        vast: set[str] = set()
        for folder in sorted(lost, key=_depth, reverse=True):
            if rest_lost[folder] >= AT_ONCE and 2 * rest_lost[folder] > rest_had[folder]:
                vast.add(folder)
                less, fewer = rest_lost[folder], rest_had[folder]
                for outer in self._outward(folder):
                    rest_lost[outer] -= less
                    rest_had[outer] -= fewer
        whole = [min(self._whole(f, lost, had) or [f], key=_depth) for f in vast]
        return sorted(f for f in set(whole) if not set(outward(f)[1:]) & set(whole))

    def _whole(self, folder: str, lost: Mapping[str, int], had: Mapping[str, int]) -> list[str]:
        """Of a folder and the folders around it, those of which everything is missing."""
        return [outer for outer in self._outward(folder) if lost[outer] >= had[outer]]

    def _with_inner(self, counts: Mapping[str, int]) -> Counter[str]:
        """The counts of each folder and all folders below it, up to ``top``."""
        total = Counter[str]()
        for folder, count in counts.items():
            for outer in self._outward(folder):
                total[outer] += count
        return total

    def _outward(self, folder: str) -> list[str]:
        return [outer for outer in outward(folder) if _depth(outer) >= _depth(self.top)]


def _depth(folder: str) -> int:
    return folder.count("/") + bool(folder)


def outward(folder: str) -> list[str]:
    """A folder and all folders around it, up to the root, as the library writes them."""
    parents = [str(parent) for parent in PurePosixPath(folder).parents if str(parent) != "."]
    return [folder, *parents, ""] if folder else [""]


def common_folder(folders: Collection[str]) -> str:
    """The innermost folder that holds all of ``folders``."""
    first, *others = (set(outward(folder)) for folder in folders)
    shared = first.intersection(*others)
    return max(shared, key=len)

"""Lists what is in a folder, one directory at a time, without opening a file.

It never follows links in circles, never stops at what it can't read, and lists everything that is
not hidden, excluded, or in a thumbnail folder of some program.
"""

from __future__ import annotations

import errno
import fnmatch
import os
import re
import stat
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from indexer.text import printable
from store.states import State

SKIPPED_NAMES = frozenset(
    {
        "@eadir",  # Synology
        "#recycle",
        "$recycle.bin",
        "system volume information",
        "lost+found",
        "__macosx",
        "thumbnails",
        "thumbs",
        "thumbs.db",
        "desktop.ini",
    }
)
"""Folders to skip, in lower case. Names that begin with a dot are skipped as well."""

_WINDOWS = os.name == "nt"
_NOWHERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL})
"""What the system says of a link that leads to nothing; anything else may pass by itself."""

EARLIEST_NS, LATEST_NS = -(2**63), 2**63 - 1
"""The times that a database can hold, in nanoseconds since 1970: from 1677 to 2262."""


class ScannedFile(NamedTuple):
    """A path that is not a folder. ``size`` in bytes; ``problem`` if it must not be opened."""

    name: str
    size: int
    mtime_ns: int
    problem: tuple[State, str] | None = None

    @property
    def note(self) -> str | None:
        """What is odd about a file that can still be used."""
        if EARLIEST_NS < self.mtime_ns < LATEST_NS:
            return None
        return "its date of change is outside 1677 to 2262; the nearest of these is kept"


@dataclass(frozen=True, slots=True)
class FolderListing:
    """One folder, relative to the root ("" is the root): its files, or why it can't be read.

    ``device`` is its ``st_dev``; 0 where there is an error.
    """

    folder: str
    files: list[ScannedFile]
    error: str | None = None
    device: int = 0


class Excludes:
    """Glob patterns: one with a "/" is matched against the path, any other against the name."""

    def __init__(self, patterns: Sequence[str]) -> None:
        cleaned = [pattern.strip().strip("/") for pattern in patterns if pattern.strip("/ ")]
        self._paths = self._compile([p for p in cleaned if "/" in p])
        self._names = self._compile([p for p in cleaned if "/" not in p])

    @staticmethod
    def _compile(patterns: list[str]) -> re.Pattern[str] | None:
        return re.compile("|".join(map(fnmatch.translate, patterns))) if patterns else None

    def match(self, folder: str, name: str) -> bool:
        if self._names and self._names.match(name):
            return True
        return bool(self._paths and self._paths.match(join(folder, name)))


def join(folder: str, name: str) -> str:
    """The path of ``name`` in ``folder``, as the library writes paths."""
    return f"{folder}/{name}" if folder else name


def walk(
    root: Path,
    folder: str = "",
    excludes: Sequence[str] = (),
    skip: Collection[Path] = (),
    elsewhere: Collection[Path] = (),
) -> Iterator[FolderListing]:
    """Every folder at or below ``root/folder``, each once, always in the same order.

    Folders behind symbolic links come last, and only if they were not reached without a link.

    Args:
        skip: existing folders not to enter, such as the library's own.
        elsewhere: folders not to enter through a link: they are walked under their own name.
    """
    excluded = Excludes(excludes)
    seen = {identity(path) for path in skip}
    own = {identity(path) for path in elsewhere}
    todo, links = [folder], list[str]()
    while todo or links:
        if todo:
            current, through_link = todo.pop(), False
        else:
            current, through_link = links.pop(0), True
        path = root / current
        try:
            about = path.stat()
            here = identity(path, about)
            if here in seen or (through_link and here in own):
                continue
            seen.add(here)  # also if it can't be listed: nothing else is said of its other names
            with os.scandir(path) as entries:
                listed = sorted(entries, key=attrgetter("name"))
        except (FileNotFoundError, NotADirectoryError):  # not there since the one around was listed
            continue
        except OSError as error:
            yield FolderListing(current, [], error.strerror or str(error))
            continue
        files, folders = [], []
        for entry in listed:
            name = entry.name
            if name[0] == "." or name.lower() in SKIPPED_NAMES or (_WINDOWS and _is_hidden(entry)):
                continue
            if excludes and excluded.match(current, name):
                continue
            try:
                if entry.is_file(follow_symlinks=False):  # nearly all, and mostly without a call
                    facts = entry.stat()
                    files.append(ScannedFile(name, facts.st_size, _time(facts)))
                    continue
            except OSError:
                pass
            kind, file = _look(entry)
            if kind == "folder":
                folders.append(join(current, entry.name))
            elif kind == "link":
                links.append(join(current, entry.name))
            elif file:
                files.append(file)
        yield FolderListing(current, files, device=about.st_dev)
        todo.extend(reversed(folders))


def walk_only(
    root: Path,
    folders: Iterable[str],
    excludes: Sequence[str] = (),
    skip: Collection[Path] = (),
) -> Iterator[FolderListing]:
    """``folders`` without what is below them, as ``walk`` lists them; those that are there."""
    for folder in sorted(folders):
        yield from islice(walk(root, folder, excludes, skip), 1)


def _time(facts: os.stat_result) -> int:
    """When a file was changed: the same at every run, even for a time out of all bounds."""
    return min(max(facts.st_mtime_ns, EARLIEST_NS), LATEST_NS)


def identity(path: Path, facts: os.stat_result | None = None) -> Hashable:
    """A value that all names of one file or folder share, links followed: device and inode.

    Args:
        facts: the result of ``path.stat()``, if known.

    Raises:
        OSError: it can't be looked at.
    """
    facts = facts or path.stat()
    if not facts.st_ino:  # some file systems on Windows have none
        return os.path.normcase(os.path.realpath(path))
    return facts.st_dev, facts.st_ino


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    """Whether the entry is hidden, which is an attribute on Windows."""
    try:
        facts = entry.stat(follow_symlinks=False)
    except OSError:  # what is wrong is said where it is looked at
        return False
    return bool(getattr(facts, "st_file_attributes", 0) & getattr(stat, "FILE_ATTRIBUTE_HIDDEN", 0))


def _look(entry: os.DirEntry[str]) -> tuple[str, ScannedFile | None]:
    """("folder" | "link" | "file", the file if it is one)."""
    try:
        if entry.is_dir(follow_symlinks=False):
            return "folder", None
        facts = entry.stat()  # of the link's target
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not _is_link(entry):
            return "file", None  # removed since the folder was listed
        return "file", _problem_file(entry, error)
    if stat.S_ISREG(facts.st_mode):
        return "file", ScannedFile(entry.name, facts.st_size, _time(facts))
    if stat.S_ISDIR(facts.st_mode):
        if _leads_upward(entry.path):
            reason = "the link leads back to a folder that it is in"
            return "file", ScannedFile(entry.name, 0, 0, (State.LINK_LOOP, reason))
        return "link", None
    reason = "not a regular file (a pipe, socket or device)"
    return "file", ScannedFile(entry.name, 0, _time(facts), (State.SPECIAL, reason))


def _is_link(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_symlink()
    except OSError:  # the file system does not say it in its listing, nor now
        return False


def _problem_file(entry: os.DirEntry[str], error: OSError) -> ScannedFile:
    if error.errno == errno.ELOOP:
        problem = (State.LINK_LOOP, "the link leads to itself")
    elif _is_link(entry) and error.errno in _NOWHERE:
        try:
            target = str(Path(entry.path).readlink())
        except OSError:
            target = "what can't be read"
        problem = (State.BROKEN_LINK, f"the link leads nowhere: {printable(target)}")
    else:
        problem = (State.UNREADABLE, error.strerror or str(error))
    return ScannedFile(entry.name, 0, 0, problem)


def _leads_upward(link: str) -> bool:
    here = Path(os.path.realpath(Path(link).parent))
    return here.is_relative_to(os.path.realpath(link))

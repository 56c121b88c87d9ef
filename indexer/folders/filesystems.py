"""The file system that a folder is on, by a name that stays the same when it is mounted again.

Device numbers change with each mount: the drive that was 8:17 yesterday is 8:33 today. So a drive
is named by the UUID in its file system, a network share by its address, and anything else by the
file system's own id. Where the system gives none, it is named by its device (on Windows, the serial
number of the volume, which stays the same).
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

_MOUNTS = Path("/proc/self/mountinfo")
_UUIDS = Path("/dev/disk/by-uuid")
_ESCAPE = re.compile(r"\\([0-7]{3})")  # of spaces and the like in the table of mounts


class Filesystems:
    """Numbers of file systems, looked up once for each device; ``id_of`` numbers their names."""

    def __init__(self, id_of: Callable[[str], int]) -> None:
        self._id_of = id_of
        self._known: dict[int, int] = {}  # by device

    def id(self, folder: Path, device: int) -> int:
        """The number of the file system of ``folder``, which is on ``device`` (``st_dev``)."""
        if device not in self._known:
            self._known[device] = self._id_of(filesystem_name(folder, device))
        return self._known[device]


def filesystem_name(folder: Path, device: int) -> str:
    """A name for the file system that ``folder`` is on; ``device`` is its ``st_dev``."""
    for kind, source in _mounted(device):
        if source.startswith("/dev/"):
            if uuid := _uuid(source):
                return f"uuid:{uuid}"
        elif ":" in source or source.startswith("//"):
            return f"share:{kind}:{source}"
    try:
        number = os.statvfs(folder).f_fsid
    except (AttributeError, OSError):  # Windows has no statvfs
        number = 0
    return f"fsid:{number:x}" if number else f"device:{device:x}"


class Mount(NamedTuple):
    """A line of the table of mounts; ``device`` is its numbers, as in "8:17"."""

    device: str
    place: str
    kind: str
    source: str


def mounts() -> Iterator[Mount]:
    """What is mounted, where there is a table of mounts to read."""
    try:
        table = _MOUNTS.read_text(errors="surrogateescape")
    except OSError:
        return
    for line in table.splitlines():
        # 36 35 98:0 /inside /mounted rw,noatime master:1 - ext4 /dev/sdb1 rw  (proc(5))
        before, _, after = line.partition(" - ")
        fields, kinds = before.split(" "), after.split(" ")
        if len(fields) > 4 and len(kinds) > 1:
            yield Mount(fields[2], _plain(fields[4]), kinds[0], _plain(kinds[1]))


def _plain(text: str) -> str:
    return _ESCAPE.sub(lambda m: chr(int(m[1], 8)), text)


def _mounted(device: int) -> Iterator[tuple[str, str]]:
    """(type, source) of each mount of ``device``."""
    wanted = f"{os.major(device)}:{os.minor(device)}"
    for mount in mounts():
        if mount.device == wanted:
            yield mount.kind, mount.source


def _uuid(source: str) -> str | None:
    try:
        real = os.path.realpath(source)
        for link in _UUIDS.iterdir():
            if os.path.realpath(link) == real:
                return link.name
    except OSError:
        pass
    return None

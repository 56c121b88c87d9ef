"""Which drives and network shares are at or in a folder, and when that has changed."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from indexer.folders.filesystems import mounts

_NETWORK = frozenset(
    {
        "9p",
        "afpfs",
        "afs",
        "ceph",
        "cifs",
        "davfs",
        "fuse.davfs2",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.sshfs",
        "glusterfs",
        "lustre",
        "nfs",
        "nfs4",
        "prl_fs",
        "smb3",
        "smbfs",
        "vboxsf",
        "virtiofs",
        "vmhgfs",
        "webdav",
    }
)
"""Types of file systems that others can change without this system's being told."""
_SYSTEM: str = sys.platform  # as mypy is not to reason about it
_REMOTE = 4  # GetDriveTypeW, of Windows
_LOOK_S = 5.0  # what ``mount`` may take


@dataclass(frozen=True)
class Drives:
    """What is mounted at, around and in a folder.

    Attributes:
        identity: changes when the folder itself is another one (a drive was plugged in again), or
            when something is mounted in it; None if it can't be seen.
        share: the network share that it is on or has in it, if any.
    """

    identity: object
    share: str | None = None


def drives_of(folder: Path) -> Drives:
    """The drives of ``folder`` (absolute), as far as this system tells."""
    try:
        facts = folder.stat()
    except OSError:
        return Drives(None)
    # Before another mount, or through links, it has another name.
    real = Path(os.path.realpath(folder))
    lines = [
        line
        for line in _mounted()
        if real.is_relative_to(line[0]) or Path(line[0]).is_relative_to(real)
    ]
    own = max((place for place, _, _ in lines if real.is_relative_to(place)), key=len, default="")
    here = [line for line in lines if line[0] == own or Path(line[0]).is_relative_to(real)]
    share = next((source for _, kind, source in here if kind in _NETWORK), None)
    identity = (facts.st_dev, facts.st_ino, tuple(here))
    return Drives(identity, share or _windows_share(real))


def _mounted() -> list[tuple[str, str, str]]:
    """(place, type, source) of each mount."""
    if _SYSTEM == "darwin":
        return _mac_mounts()
    return [(one.place, one.kind, one.source) for one in mounts()]


def _mac_mounts() -> list[tuple[str, str, str]]:
    try:
        done = subprocess.run(
            ["/sbin/mount"], capture_output=True, text=True, timeout=_LOOK_S, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return []
    lines = []
    for line in done.stdout.splitlines():  # //me@nas/photos on /Volumes/photos (smbfs, nodev)
        source, on, rest = line.partition(" on ")
        place, bracket, facts = rest.rpartition(" (")
        if on and bracket:
            lines.append((place, facts.rstrip(")").split(",")[0], source))
    return lines


def _windows_share(folder: Path) -> str | None:
    if _SYSTEM != "win32":
        return None
    import ctypes

    drive = folder.anchor
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009  # only there is it known
    if drive.startswith("\\\\") or kernel.GetDriveTypeW(drive) == _REMOTE:
        return drive
    return None

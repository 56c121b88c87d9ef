"""What tests need of a system in a bad state: no rights, a disk that is full or read-only.

The tests themselves may be run by root, whom no rights keep out. So a test runs a process that is
nobody, or that sees other mounts; where that is not possible it is skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent


def as_nobody(*command: str) -> list[str]:
    """``command`` as a user who may write to nothing of whoever runs the tests."""
    if sys.platform == "win32" or os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    if shutil.which("setpriv") is None:
        pytest.skip("needs setpriv to stop being root")
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]


def mounted(mounts: str, *command: str) -> list[str]:
    """``command`` where ``mounts``, commands of a shell, have been carried out; nobody else sees.

    Ids of users stay what they are.
    """
    if shutil.which("unshare") is None:
        pytest.skip("needs unshare for mounts of its own")
    own = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "-r"]
    script = f'set -e; {mounts}; exec "$@"'
    if subprocess.run([*own, "sh", "-c", f"set -e; {mounts}"], capture_output=True).returncode:
        pytest.skip("no mounts of its own here")
    return [*own, "sh", "-c", script, "sh", *command]


def read_only(folder: Path) -> str:
    """The mount that lets nobody write to ``folder``."""
    return f"mount --bind '{folder}' '{folder}'; mount -o remount,ro,bind '{folder}'"


def tiny(folder: Path, size: int) -> str:
    """The mount that makes ``folder`` an empty disk of ``size`` bytes."""
    return f"mount -t tmpfs -o size={size} tmpfs '{folder}'"


def run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run it from the top of the project."""
    return subprocess.run(
        command,
        cwd=TOP,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def let_in(folder: Path) -> None:
    """Let everybody read what is in ``folder``."""
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)

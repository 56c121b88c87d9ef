"""What tests need of a system in a bad state: no rights, a disk that is full or read-only.

The tests themselves may be run by root, whom no rights keep out. So a test runs a process that is
nobody, or that sees other mounts; where that is not possible it is skipped.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent


_NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
_READER = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")


def as_nobody(*command: str) -> list[str]:
    """``command`` as a user who may write to nothing of whoever runs the tests.

    That user may read everything where the system lets us say so: else the project could not be in
    a folder that only its owner may enter.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    return [*_first_that_works((*_NOBODY, *_READER), _NOBODY), *command]


def without_rights(*command: str) -> list[str]:
    """``command`` as whoever runs the tests, kept out of files by their mode, also if it is root.

    It is not another user, who could not read a project in a folder that only its owner may enter.
    """
    if sys.platform == "win32":
        pytest.skip("needs POSIX permissions")
    if os.geteuid() != 0:
        return list(command)
    less = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
    return [*_first_that_works(less), *command]


@functools.cache
def _first_that_works(*prefixes: tuple[str, ...]) -> tuple[str, ...]:
    """The first of ``prefixes`` behind which the project can be imported."""
    if shutil.which("setpriv") is None:
        pytest.skip("needs setpriv to have fewer rights than root")
    for prefix in prefixes:
        if run([*prefix, sys.executable, "-c", "import app.cli.common"]).returncode == 0:
            return prefix
    pytest.skip(f"the project in {TOP} can't be read with fewer rights than root's")


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

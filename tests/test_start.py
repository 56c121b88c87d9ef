"""Ctrl-C at any moment, in real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
# Ctrl-C comes at a moment that is known: when ``module`` is imported.
SCRIPT = """
import os, signal, sys
class AtImport:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, AtImport())
from app.start import main
sys.exit(main())
"""


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize(
    "module",
    [
        "typer",
        "sqlalchemy.engine",
        "sqlalchemy",
        "app.cli.commands",
        "app.cli.status",
    ],
)
def test_ctrl_c_while_modules_are_imported(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(module=module), "status"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (130, "clipsearch: Stopped.\n")


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_ctrl_c_that_is_to_be_ignored_stays_so() -> None:
    """As ``nohup`` and a script's background jobs have it."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(module="typer"), "--help"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    assert done.returncode == 0 and "Usage" in done.stdout


@pytest.mark.parametrize("module", ["app.cli", "clipsearch"])
def test_exit_codes_are_those_of_the_command(module: str) -> None:
    for arguments, code in ((["--help"], 0), (["nothing"], 2), (["status"], 1)):
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments], cwd=TOP, capture_output=True, check=False
        )
        assert done.returncode == code


def test_a_pipe_that_has_not_every_letter_takes_every_name(tmp_path: Path) -> None:
    library = str(tmp_path / "日本")
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "--version"],
        cwd=TOP,
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "cp1252", "CLIPSEARCH_LIBRARY": library},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert rb"\u65e5\u672c" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_ctrl_c_in_python_m_clipsearch() -> None:
    script = SCRIPT.format(module="typer").replace(
        "from app.start import main\nsys.exit(main())",
        "import runpy\nrunpy.run_module('clipsearch', run_name='__main__', alter_sys=True)",
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "status"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (130, "clipsearch: Stopped.\n")

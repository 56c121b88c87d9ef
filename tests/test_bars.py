"""Progress bars in a real terminal, and their absence elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
SCRIPT = """
import sys, time
from app.cli.bars import Bar
with Bar("Counting", "sheep") as bar:
    bar.update(total=7)
    if {long}:
        end = time.monotonic() + 60
        while bar._timer.is_alive() and time.monotonic() < end:
            time.sleep(0.01)
    bar.update(completed=3, description="Counting on")
    if {long}:
        time.sleep(0.5)
print("rich" in sys.modules)
"""


def on_terminal(*, long: bool, **environment: str) -> tuple[str, str]:
    """What a script with a bar writes to a terminal, and what to its output."""
    pty = pytest.importorskip("pty", exc_type=ImportError)  # Windows has none
    ours, theirs = pty.openpty()
    script = SCRIPT.format(long=long)
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=theirs,
        cwd=TOP,
        env=os.environ | {"TERM": "xterm"} | environment,
        text=True,
    ) as process:
        os.close(theirs)
        said = b""
        try:
            while part := os.read(ours, 4096):
                said += part
        except OSError:  # Linux: the other end is closed
            pass
        os.close(ours)
        assert process.stdout
        output = process.stdout.read().strip()
    assert process.returncode == 0
    return said.decode(), output


def test_a_bar_is_shown_on_a_terminal_and_gone_at_the_end() -> None:
    said, output = on_terminal(long=True)
    assert "Counting on" in said and "3/7" in said
    assert output == "True"


def test_what_is_done_at_once_has_none_and_imports_nothing_for_it() -> None:
    assert on_terminal(long=False) == ("", "False")


@pytest.mark.skipif(version("rich").startswith("13."), reason="rich learnt to ask for these later")
@pytest.mark.parametrize(("name", "value"), [("FORCE_COLOR", ""), ("TTY_COMPATIBLE", "0")])
def test_a_terminal_that_is_said_to_be_none_has_none(name: str, value: str) -> None:
    assert on_terminal(long=True, **{name: value}) == ("", "True")


def test_elsewhere_there_is_none() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(long=False)],
        capture_output=True,
        text=True,
        cwd=TOP,
        env=os.environ | {"FORCE_COLOR": "1"},
        check=True,
    )
    assert (done.stderr, done.stdout.strip()) == ("", "False")

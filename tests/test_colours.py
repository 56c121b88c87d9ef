"""Colours where somebody sees them, and nowhere else."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.colours import has_colours, paint
from conftest import Run

TOP = Path(__file__).parent.parent
NAMES = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "CLICOLOR", "TERM")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _no_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("variables", "in_terminal", "in_pipe"),
    [
        ({}, True, False),
        ({"NO_COLOR": ""}, True, False),  # empty: as if it was not set
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": "0"}, False, False),  # whatever it holds
        ({"FORCE_COLOR": "1"}, True, True),
        ({"CLICOLOR_FORCE": "1"}, True, True),
        ({"FORCE_COLOR": "0"}, True, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        ({"TERM": "dumb"}, False, False),
        ({"CLICOLOR": "0"}, False, False),
    ],
)
def test_who_wants_colours(
    variables: dict[str, str], in_terminal: bool, in_pipe: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert has_colours(Terminal()) is in_terminal
    assert has_colours(io.StringIO()) is in_pipe
    assert has_colours(None) is in_pipe  # no such stream


def test_paint() -> None:
    assert paint("strong", "strong", io.StringIO()) == "strong"
    shown = paint("strong", "strong", Terminal())
    assert shown.startswith("\x1b[") and shown.endswith("\x1b[0m") and "strong" in shown


def test_no_colours_in_pipes(run: Run, photos: Path) -> None:
    run("index", photos)
    for arguments in (["search", "red"], ["search", ""], ["explain", photos / "red.png", "red"]):
        result = run(*arguments)
        assert "\x1b" not in result.out + result.err


def test_colours_where_they_are_wanted(
    run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("index", photos)
    monkeypatch.setenv("FORCE_COLOR", "1")
    for word in ("strong", "-- weaker --", "weak"):
        assert f"m{word}" in run("search", "red").out
    assert "\x1b" in run("explain", photos / "red.png", "red").out
    assert run("search", " ").err.startswith("\x1b[")
    for option in ("--json", "--paths", "-0"):
        assert "\x1b" not in run("search", "red", option).out
    for command in (["files", "--json"], ["status", "--json"], ["index", "--json"]):
        assert "\x1b" not in run(*command).out


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo terminal")
@pytest.mark.parametrize("wanted", [True, False])
def test_a_real_terminal(tmp_path: Path, wanted: bool) -> None:
    import pty

    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", **({} if wanted else {"NO_COLOR": "1"})}
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "status"],
        stdout=theirs,
        stderr=theirs,
        cwd=TOP,
        env=environment,
        check=False,
    )
    os.close(theirs)
    said = os.read(ours, 10_000)
    os.close(ours)
    assert done.returncode == 1 and b"There is no library" in said
    assert (b"\x1b[" in said) is wanted


def test_no_bars_in_a_file_even_if_colours_are_forced(
    run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    result = run("index", photos, "--model", "a/b")
    assert (result.code, result.err) == (0, "")
    assert "\x1b" not in result.out

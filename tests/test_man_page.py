"""The man page is what the commands' help says today, and man(1) can show it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main

from app.cli import cli

pytestmark = pytest.mark.one_python

TOP = Path(__file__).parent.parent
PAGE = TOP / "docs" / "clipsearch.1"


def made() -> str:
    """What the tool makes now, in a process of its own: sets have another order in each."""
    code = "from tools.man_page import page; print(page(), end='')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=TOP, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_it_is_not_stale() -> None:
    assert PAGE.read_text(encoding="ascii") == made(), "run: python -m tools.man_page"


def test_every_command_and_option_is_there() -> None:
    text = PAGE.read_text(encoding="ascii").replace("\\-", "-")
    top = typer.main.get_command(cli)
    groups = {"": top, "eval ": top.commands["eval"]}  # type: ignore[attr-defined]
    for before, group in groups.items():
        for name, command in group.commands.items():
            if name == "eval":
                continue
            (section,) = re.findall(
                rf"^\.SS clipsearch {before}{name}\b.*?(?=^\.S)", text, re.M | re.S
            )
            for parameter in command.params:
                for option in parameter.opts if _is_shown(parameter) else ():
                    shared = text.partition(".SH OPTIONS OF MANY COMMANDS")[2]
                    assert f"\\fB{option}\\fR" in section + shared, f"{name} {option}"


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_roff_has_nothing_to_complain_of() -> None:
    command = ["groff", "-man", "-ww", "-Tascii", str(PAGE)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    plain = re.sub(r"\x1b\[[\d;]*m|.\x08", "", done.stdout)
    for typed in ("clipsearch search a dog on a beach", "~/Pictures/sofa.jpg", "-n, --limit"):
        assert typed in plain
    assert "(* ' & ; and the like)" in " ".join(plain.split())


def test_the_wheel_takes_it_along() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    (files,) = (project["tool"]["setuptools"]["data-files"]["share/man/man1"],)
    assert [TOP / name for name in files] == [PAGE]


def _is_shown(parameter: Any) -> bool:
    return parameter.param_type_name == "option" and not parameter.hidden

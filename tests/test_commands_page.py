"""The commands' page of the site is what the commands' help says today."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main

from app.cli import cli

pytestmark = pytest.mark.one_python

TOP = Path(__file__).parent.parent
PAGE = (TOP / "docs" / "commands.md").read_text(encoding="utf-8")


def test_it_is_not_stale() -> None:
    code = (
        "import sys; from tools.commands_page import page; sys.stdout.buffer.write(page().encode())"
    )
    made = subprocess.run([sys.executable, "-c", code], cwd=TOP, capture_output=True, check=True)
    assert made.stdout.decode() == PAGE, "run: python -m tools.commands_page"


def test_every_command_and_option_is_there() -> None:
    top = typer.main.get_command(cli)
    commands = {
        **top.commands,  # type: ignore[attr-defined]
        **{
            f"eval {name}": command
            for name, command in top.commands["eval"].commands.items()  # type: ignore[attr-defined]
        },
    }
    del commands["eval"]
    sections = dict(re.findall(r"^## `?([\w ]+)`?\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S))
    shared = sections["Options of many commands"]
    for name, command in commands.items():
        for parameter in command.params:
            for option in parameter.opts if _is_shown(parameter) else ():
                section = sections[f"clipsearch {name}"]
                assert re.search(rf"`{re.escape(option)}[` ]", section + shared), f"{name} {option}"


def _is_shown(parameter: Any) -> bool:
    return parameter.param_type_name == "option" and not parameter.hidden

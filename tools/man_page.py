"""Make ``docs/clipsearch.1``, the man page, from the commands' own help.

    python -m tools.man_page

``tests/test_man_page.py`` fails where the page is not what this makes of the commands.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main
from typer.core import TyperArgument, TyperOption

from app import __version__
from app.cli import cli
from app.config import Config

TARGET = Path(__file__).parent.parent / "docs" / "clipsearch.1"
_SHARED = ("library", "device", "engine", "verbose", "help")  # said once, not for each command
_CODES = (
    ("0", "Done, also when some files could not be read."),
    ("1", "A real failure; standard error says which."),
    ("2", "Wrong use."),
    ("3", "Nothing was found."),
    ("130", "Stopped by Ctrl-C."),
)


def page() -> str:
    """The whole man page, as roff with the macros of man(7)."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    top: Any = typer.main.get_command(cli)
    yield '.\\" Made by tools/man_page.py from the commands; not to be edited.'
    yield f'.TH CLIPSEARCH 1 "" "clipsearch {__version__}" "User Commands"'
    yield from (".SH NAME", f"clipsearch \\- {_text(top.help).rstrip('.').lower()}")
    yield from (
        ".SH SYNOPSIS",
        ".B clipsearch",
        "[\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]",
    )
    yield from (".SH OPTIONS", *_options(top, leave_out=()))
    yield ".SH COMMANDS"
    for name, command in _commands(top):
        yield from _command(name, command)
    yield ".SH OPTIONS OF MANY COMMANDS"
    yield from _options(top.commands["search"], only=_SHARED)
    yield ".SH EXIT STATUS"
    for code, meaning in _CODES:
        yield from (".TP", f".B {code}", _text(meaning))
    yield ".SH ENVIRONMENT"
    names = [f"CLIPSEARCH_{name.upper()}" for name in Config.__dataclass_fields__]
    yield from (".TP", _bold(*names), "Settings; the README has a table of them.")
    yield from (".TP", _bold("CLIPSEARCH_OFFLINE"), "Set: the network is never asked for a model.")
    yield from (".TP", _bold("NO_COLOR", "FORCE_COLOR"), "Set: no colours; colours in pipes too.")
    yield from (
        ".SH SEE ALSO",
        "The query language, JSON and settings are described in the project's",
    )
    yield ".I README.md\nand\n.IR docs/ ."


def _commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def _command(name: str, command: Any) -> Iterator[str]:
    arguments = [p for p in command.params if isinstance(p, TyperArgument)]
    shown = " ".join(_argument(argument) for argument in arguments)
    yield f".SS clipsearch {name} {shown}".rstrip()
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        example = re.fullmatch(r"(Example: )?(clipsearch .+)", paragraph)
        if example:
            yield from (
                ".PP",
                *([".B Example:"] if example[1] else []),
                ".EX",
                _text(example[2]),
                ".EE",
            )
        else:
            yield from (".PP", _text(" ".join(paragraph.split())))
    for argument in arguments:
        if argument.help:
            yield from (".TP", f".I {_text(argument.name)}", _text(argument.help))
    yield from _options(command, leave_out=_SHARED)


def _argument(argument: TyperArgument) -> str:
    dots = " ..." if argument.nargs == -1 else ""
    name = f"\\fI{_text(argument.name)}\\fR{dots}"
    return name if argument.required else f"[{name}]"


def _options(
    command: Any, *, leave_out: tuple[str, ...] = (), only: tuple[str, ...] = ()
) -> Iterator[str]:
    context = typer.Context(command, info_name=command.name, help_option_names=["-h", "--help"])
    for option in command.get_params(context):
        if not isinstance(option, TyperOption) or option.name in leave_out:
            continue
        if only and option.name not in only:
            continue
        opts = sorted(option.opts, key=len)  # typer keeps those of --help in a set
        names = _bold(*opts, *option.secondary_opts)
        yield ".TP"
        yield names if option.is_flag else f"{names} \\fI{_text(_value(option))}\\fR"
        default = option.default
        said = "" if option.is_flag or default in (None, "", []) else f" Default: {default}."
        yield _text(f"{option.help or ''}{said}".strip())


def _value(option: TyperOption) -> str:
    """What an option's value is called."""
    return (option.metavar or option.name or "").strip("<>")


def _bold(*names: str) -> str:
    return ", ".join(f"\\fB{_text(name)}\\fR" for name in names)


def _text(text: str) -> str:
    """``text`` so that roff shows it as it is."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    escaped = escaped.replace("~", "\\(ti").replace("^", "\\(ha").replace("`", "\\(ga")
    return f"\\&{escaped}" if escaped.startswith(".") else escaped


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="ascii")
    print(f"{TARGET}: {len(page().splitlines())} lines")

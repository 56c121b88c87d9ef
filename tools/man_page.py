"""Make ``docs/clipsearch.1``, the man page, from the commands' own help.

    python -m tools.man_page

``tests/test_man_page.py`` fails where the page is not what this makes of the commands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from app import __version__
from app.config import SETTINGS
from tools import cli_help
from tools.cli_help import Argument, Command, Example, Option

TARGET = Path(__file__).parent.parent / "docs" / "clipsearch.1"


def page() -> str:
    """The whole man page, as roff with the macros of man(7)."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    top = cli_help.program()
    commands = cli_help.commands()
    (title,) = (part for part in top.text[:1] if isinstance(part, str))
    yield '.\\" Made by tools/man_page.py from the commands; not to be edited.'
    yield f'.TH CLIPSEARCH 1 "" "clipsearch {__version__}" "User Commands"'
    yield from (".SH NAME", f"clipsearch \\- {_text(title).rstrip('.').lower()}")
    yield from (
        ".SH SYNOPSIS",
        ".B clipsearch",
        "[\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]",
    )
    yield from (".SH OPTIONS", *_options(top.options))
    yield ".SH COMMANDS"
    for command in commands:
        yield from _command(command)
    yield ".SH OPTIONS OF MANY COMMANDS"
    (search,) = (command for command in commands if command.name == "search")
    yield from _options(option for option in search.options if option.name in cli_help.SHARED)
    yield ".SH EXIT STATUS"
    for code, meaning in cli_help.EXIT_CODES:
        yield from (".TP", f".B {code}", _text(meaning))
    yield ".SH ENVIRONMENT"
    names = [f"CLIPSEARCH_{name.upper()}" for name in SETTINGS]
    yield from (".TP", _bold(*names), "Settings; the README has a table of them.")
    yield from (".TP", _bold("CLIPSEARCH_OFFLINE"), "Set: the network is never asked for a model.")
    yield from (".TP", _bold("NO_COLOR", "FORCE_COLOR"), "Set: no colours; colours in pipes too.")
    yield from (
        ".SH SEE ALSO",
        "The query language, JSON and settings are described in the project's",
    )
    yield ".I README.md\nand\n.IR docs/ ."


def _command(command: Command) -> Iterator[str]:
    shown = " ".join(_argument(argument) for argument in command.arguments)
    yield f".SS clipsearch {command.name} {shown}".rstrip()
    for part in command.text:
        if isinstance(part, Example):
            title = [".B Example:"] if part.titled else []
            yield from (".PP", *title, ".EX", _text(part.line), ".EE")
        else:
            yield from (".PP", _text(part))
    for argument in command.arguments:
        if argument.help:
            yield from (".TP", f".I {_text(argument.name)}", _text(argument.help))
    yield from _options(o for o in command.options if o.name not in cli_help.SHARED)


def _argument(argument: Argument) -> str:
    dots = " ..." if argument.repeated else ""
    name = f"\\fI{_text(argument.name)}\\fR{dots}"
    return name if argument.required else f"[{name}]"


def _options(options: Iterable[Option]) -> Iterator[str]:
    for option in options:
        names = _bold(*option.flags)
        yield ".TP"
        yield names if option.value is None else f"{names} \\fI{_text(option.value)}\\fR"
        yield _text(option.help)


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

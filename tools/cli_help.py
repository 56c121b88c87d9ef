"""The commands' own help as plain values, for the man page and the page of the site."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import typer.main
from typer.core import TyperArgument, TyperOption

from app.cli import cli

SHARED = ("library", "device", "engine", "verbose", "help")  # said once, not for each command
EXIT_CODES = (
    ("0", "Done, also when some files could not be read."),
    ("1", "A real failure; standard error says which."),
    ("2", "Wrong use."),
    ("3", "Nothing was found."),
    ("130", "Stopped by Ctrl-C."),
)


@dataclass(frozen=True)
class Argument:
    """An argument; ``repeated``: any number of them."""

    name: str
    help: str
    repeated: bool
    required: bool


@dataclass(frozen=True)
class Option:
    """An option: its names, what follows it (None for a switch), and its help with the default."""

    name: str
    flags: tuple[str, ...]
    value: str | None
    help: str


@dataclass(frozen=True)
class Example:
    """A command line in a command's help; ``titled``: "Example:" stands before it."""

    line: str
    titled: bool


@dataclass(frozen=True)
class Command:
    """A command as it is typed after ``clipsearch``; "" is ``clipsearch`` itself.

    ``text`` holds paragraphs and examples, in order.
    """

    name: str
    text: tuple[str | Example, ...]
    arguments: tuple[Argument, ...]
    options: tuple[Option, ...]


def program() -> Command:
    """``clipsearch`` itself, with the options that stand before a command."""
    return _command("", typer.main.get_command(cli))


def commands() -> list[Command]:
    """Every command in the order of ``clipsearch --help``, those of groups in their place."""
    return [_command(name, command) for name, command in _leaves(typer.main.get_command(cli))]


def _leaves(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _leaves(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def _command(name: str, command: Any) -> Command:
    context = typer.Context(command, info_name=command.name, help_option_names=["-h", "--help"])
    # What is hidden is between clipsearch's own processes.
    parameters = [p for p in command.get_params(context) if not getattr(p, "hidden", False)]
    return Command(
        name,
        tuple(_text(command.help or "")),
        tuple(
            Argument(str(p.metavar or p.name), p.help or "", p.nargs == -1, p.required)
            for p in parameters
            if isinstance(p, TyperArgument)
        ),
        tuple(_option(p) for p in parameters if isinstance(p, TyperOption)),
    )


def _text(full: str) -> Iterator[str | Example]:
    for paragraph in inspect.cleandoc(full).split("\n\n"):
        example = re.fullmatch(r"(Example: )?(clipsearch .+)", paragraph)
        if example:
            yield Example(example[2], titled=bool(example[1]))
        else:
            yield " ".join(paragraph.split())


def _option(option: TyperOption) -> Option:
    opts = sorted(option.opts, key=len)  # typer keeps those of --help in a set
    default = option.default
    said = "" if option.is_flag or default in (None, "", []) else f" Default: {default}."
    return Option(
        name=str(option.name),
        flags=(*opts, *option.secondary_opts),
        value=None if option.is_flag else str(option.metavar or option.name).strip("<>"),
        help=f"{option.help or ''}{said}".strip(),
    )

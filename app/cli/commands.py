"""The command line: all commands by name, each imported when it is first used.

Their first sentences are written down here as well, since importing all commands for ``--help``
takes ten times as long as the rest of it.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Annotated, Any

import typer
import typer.main
from typer.core import TyperCommand

from app.cli.common import CommandGroup
from app.cli.plain_arguments import PlainCommand, take_as_they_are
from app.cli.run_log import VerboseOption, be_verbose, logged
from app.interrupts import stopped_at_once

# Name -> (module in ``app.cli``, first paragraph of its help), in the order of the help.
COMMANDS = {
    "index": (
        "index",
        "Read photos so that they can be found; run it again whenever photos were added.",
    ),
    "text": (
        "text",
        "Read the text in pictures (signs, receipts, screenshots), so that text:WORD finds it.",
    ),
    "watch": (
        "watch",
        "Watch the library's folders: what is new, changed, moved or removed is taken in at once.",
    ),
    "search": (
        "search",
        "Find the photos that look most like a description, among those that meet the filters.",
    ),
    "ui": ("ui", "Open the search page in the browser; it is for you on this machine only."),
    "similar": ("search", "Find the photos that look most like a picture."),
    "explain": (
        "explain",
        "Say why a photo matches a query or not: each term, each filter, and its rank.",
    ),
    "duplicates": (
        "status",
        "List photos that are there more than once: the same file, or nearly the same picture.",
    ),
    "status": ("status", "Show what the library holds: folders, counts, model, sizes on disk."),
    "files": ("status", "List files by what became of them, each with its reason."),
    "label": (
        "label",
        "Say which of some labels each photo shows (zero-shot), or that it is none of these.",
    ),
    "tag": (
        "tags",
        "Give photos a tag, or take it away; tag:NAME finds them, wherever they are moved.",
    ),
    "album": (
        "albums",
        "Put photos together under a name, in an order; album:NAME finds them.",
    ),
    "favourite": (
        "tags",
        "Mark photos as favourites; is:favourite finds them, wherever they are moved.",
    ),
    "hide": (
        "tags",
        "Hide photos: from then on they are found only by is:hidden, wherever they are moved.",
    ),
    "concept": (
        "tags",
        "Teach the library a person or thing by a few pictures; then search for concept:NAME.",
    ),
    "relocate": (
        "folders",
        "Say that a folder (or drive) is somewhere else now; nothing is read or embedded again.",
    ),
    "forget": ("folders", "Remove a folder or photo from the library. The files themselves stay."),
    "prune": (
        "folders",
        "Remove from the library what is gone from disk. What is offline or away is never touched.",
    ),
    "doctor": (
        "doctor",
        "Check the library, restore damaged data from good copies, and read other photos again.",
    ),
    "backup": (
        "backup",
        "Copy the library's database to a file and check the copy; a run may go on meanwhile.",
    ),
    "restore": (
        "backup",
        "Put a backup in the library's place; what was there is kept beside it under a dated name.",
    ),
    "copy": (
        "copy",
        "Copy a whole library to another folder or server, or bring such a copy up to date; "
        "verified.",
    ),
    "marks": (
        "backup",
        "Write tags, albums, concepts and saved searches as lines of JSON, or add them to a "
        "library.",
    ),
    "cache": (
        "cache",
        "Show what is kept only to be faster, and how large it is; clean removes what it can.",
    ),
    "eval": ("eval", "Measure a model on photos whose answers are known."),
}


class _Commands(MutableMapping[str, Any]):
    """The commands by name, made when they are first asked for."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            module, _ = COMMANDS[name]
            with stopped_at_once():
                self._made[name] = _made(name, import_module(f"app.cli.{module}"))
        return self._made[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in COMMANDS

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


def _made(name: str, module: Any) -> Any:
    """The command ``name`` as typer makes it of the function in ``module``, or of its group."""
    holder = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    if name == "eval":
        holder.add_typer(module.evaluate)
    else:
        cls: type[TyperCommand] = PlainCommand
        if name in ("search", "explain"):
            from app.cli.query_words import QueryCommand

            cls = QueryCommand
        holder.command(cls=cls)(logged(getattr(module, name)))
    return typer.main.get_group(holder).commands[name]


class AllCommands(CommandGroup):
    """The group of all commands; its help imports none of them."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = _Commands()

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        take_as_they_are(self.get_params(ctx))
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        limit = formatter.width - 6 - max(map(len, COMMANDS))
        rows = [
            (name, TyperCommand(name, help=begins).get_short_help_str(limit))
            for name, (_, begins) in COMMANDS.items()
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


cli = typer.Typer(
    name="clipsearch",
    cls=AllCommands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from app.cli.version import print_version

        print_version(wanted)


@cli.callback()
def clipsearch(
    version: Annotated[  # noqa: ARG001  # its callback does it all
        bool,
        typer.Option(
            "--version",
            callback=_print_version,
            is_eager=True,
            help="Show versions, model and folders: what a report of a bug needs.",
        ),
    ] = False,
    verbose: VerboseOption = False,
) -> None:
    """Search your own photos in plain words, privately, on your own machine."""
    if verbose:
        be_verbose()

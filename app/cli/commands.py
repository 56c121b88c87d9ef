"""The command line: all commands, registered with typer."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.backup import backup, marks, restore
from app.cli.cache import cache
from app.cli.common import CommandGroup
from app.cli.copy import copy
from app.cli.doctor import doctor
from app.cli.eval import evaluate
from app.cli.explain import explain
from app.cli.folders import forget, prune, relocate
from app.cli.index import index
from app.cli.label import label
from app.cli.query_words import QueryCommand
from app.cli.run_log import VerboseOption, be_verbose, logged
from app.cli.search import search, similar
from app.cli.status import duplicates, files, status
from app.cli.tags import concept, favourite, tag
from app.cli.ui import ui
from app.cli.version import print_version

cli = typer.Typer(
    name="clipsearch",
    cls=CommandGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@cli.callback()
def clipsearch(
    version: Annotated[  # noqa: ARG001  # its callback does it all
        bool,
        typer.Option(
            "--version",
            callback=print_version,
            is_eager=True,
            help="Show versions, model and folders: what a report of a bug needs.",
        ),
    ] = False,
    verbose: VerboseOption = False,
) -> None:
    """Search your own photos in plain words, privately, on your own machine."""
    if verbose:
        be_verbose()


for command in (
    *(index, search, ui, similar, explain, duplicates, status, files),
    *(label, tag, favourite, concept, relocate, forget, prune, doctor),
    *(backup, restore, copy, marks, cache),
):
    cls = QueryCommand if command in (search, explain) else None
    cli.command(cls=cls)(logged(command))
cli.add_typer(evaluate)

"""All commands, put together."""

from __future__ import annotations

import typer

from app.cli.backups import backup, marks, restore
from app.cli.common import Group
from app.cli.evaluating import evaluate
from app.cli.explaining import explain
from app.cli.indexing import forget, index, prune, relocate
from app.cli.labelling import label
from app.cli.looking import doctor, duplicates, files, status
from app.cli.marking import concept, favourite, tag
from app.cli.page import ui
from app.cli.searching import search, similar

cli = typer.Typer(
    name="clipsearch",
    cls=Group,
    help="Search your own photos in plain words, privately, on your own machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (
    *(index, search, ui, similar, explain, duplicates, status, files),
    *(label, tag, favourite, concept, relocate, forget, prune, doctor),
    *(backup, restore, marks),
):
    cli.command()(command)
cli.add_typer(evaluate)

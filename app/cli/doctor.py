"""clipsearch doctor"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.common import FAILED, LibraryOption, complain, configure, note, open_library, show
from app.text import absolute, plural
from store.errors import WHEN_DAMAGED
from store.library import DATABASE
from store.rescue.salvage import salvage

_NAMES = {
    "tag": "tags",
    "concept_example": "examples of concepts",
    "album_photo": "places in albums",
    "saved_search": "saved searches",
    "past_search": "past searches",
    "root": "folders",
    "photo": "files",
    "content": "pictures",
    "embedding": "vectors",
    "model": "models",
    "mount": "file systems",
    "setting": "settings",
}


def doctor(
    salvage: Annotated[
        Path | None,
        typer.Option(
            "--salvage",
            metavar="NEW_FOLDER",
            help="Save what can be read of a damaged library into a new one there.",
            show_default=False,
        ),
    ] = None,
    library: LibraryOption = None,
) -> None:
    """Check the library, restore damaged data from good copies, and read other photos again.

    Examples:

    clipsearch doctor --library ~/photos-library

    clipsearch doctor --salvage ~/saved-library
    """
    from app.doctor import examine
    from app.services import answering_model, require_folder_library

    config = configure(library)
    if salvage is not None:
        require_folder_library(config, "clipsearch doctor --salvage", "restore a pg_dump")
        salvage_into(config.library, salvage)
        return
    opened = open_library(config)
    findings = examine(opened, config, note)
    for line in findings.said:
        typer.echo(show(line))
    for problem in findings.problems:
        typer.echo(f"Still: {show(problem)}.")
    if findings.problems:
        last = f"{WHEN_DAMAGED[0].lower()}{WHEN_DAMAGED[1:]}"
        if config.server:
            last = "restore a pg_dump of it into a new database."
        complain(
            "That could not be mended. Plug in the drives that are away and run: clipsearch index. "
            f"If it stays: {last}"
        )
        raise typer.Exit(FAILED)
    model = answering_model(opened)
    typer.echo(f"All is well: {plural(opened.searchable_count(model), 'picture')} can be found.")


def salvage_into(folder: Path, target: Path) -> None:
    """Save what can be read of the library in ``folder`` into a new one, and say what was saved."""
    place = absolute(target)
    done = salvage(folder, place)
    typer.echo(f"{'saved':>9} {'left out':>9}")
    for table, name in _NAMES.items():
        typer.echo(f"{done.saved[table]:>9,} {done.left_out[table]:>9,} {name}")
    note("Left out is what was read but is damaged. What could not be read is not counted.")
    typer.echo(show(f"The new library is in {place}. To look at it: --library {place}"))
    typer.echo(show(f"To put it in the old one's place: clipsearch restore {place / DATABASE}"))
    note("Then clipsearch index reads again what is missing; tags come back with their pictures.")

"""clipsearch doctor --salvage"""

from __future__ import annotations

from pathlib import Path

import typer

from app.cli.common import note, show
from app.text import absolute
from store.library import DATABASE
from store.rescue.salvage import salvage

_NAMES = {
    "tag": "tags",
    "concept_example": "examples of concepts",
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

"""clipsearch tag, favourite"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli.common import LibraryOption, absolute, complain, configure, plural, show
from store.errors import RootNotFound
from store.filters import FAVOURITE
from store.library import Library

PathsArgument = Annotated[list[Path], typer.Argument(help="Photos, or folders of them.")]


class Action(StrEnum):
    ADD = "add"
    REMOVE = "remove"


def tag(
    action: Annotated[Action, typer.Argument(help="add or remove")],
    name: Annotated[str, typer.Argument(help="The tag: any words; case makes no difference.")],
    photos: PathsArgument,
    library: LibraryOption = None,
) -> None:
    """Give photos a tag, or take it away; tag:NAME finds them, wherever they are moved.

    Example: clipsearch tag add family ~/Pictures/2019/Easter
    """
    cleaned = " ".join(name.split())
    if not cleaned:
        raise typer.BadParameter("a tag has at least one letter", param_hint="NAME")
    _mark(photos, cleaned, action is Action.ADD, library, f"the tag {cleaned.lower()}")


def favourite(
    photos: PathsArgument,
    remove: Annotated[bool, typer.Option("--remove", help="Not any more.")] = False,
    library: LibraryOption = None,
) -> None:
    """Mark photos as favourites; is:favourite finds them, wherever they are moved.

    Example: clipsearch favourite ~/Pictures/sofa.jpg
    """
    _mark(photos, FAVOURITE, not remove, library, "the mark of a favourite")


def _mark(paths: list[Path], tag: str, add: bool, folder: Path | None, what: str) -> None:
    opened = Library.open(configure(folder).library)
    with opened.writing() as writer:
        ids: list[int] = []
        for path in paths:
            found = opened.contents_at(absolute(path))
            if not found:
                raise RootNotFound(f"The library knows no photo at {absolute(path)}.")
            ids += found
        ids = list(dict.fromkeys(ids))
        changed = writer.add_tag(ids, tag) if add else writer.remove_tag(ids, tag)
    if changed:
        verb = "has" if changed == 1 else "have"
        said = f"{verb} {what} now" if add else f"{'has' if changed == 1 else 'have'} lost {what}"
        typer.echo(show(f"{plural(changed, 'picture')} {said}."))
    else:
        complain(f"Nothing to do: {'all have' if add else 'none has'} {what}.")

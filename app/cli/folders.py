"""clipsearch relocate, forget, prune"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.common import LibraryOption, configure, confirm_or_end, note, open_library, show
from app.text import absolute, plural
from store.outcomes import Marks, Removed


def relocate(
    old: Annotated[Path, typer.Argument(help="Where the folder was.")],
    new: Annotated[Path, typer.Argument(help="Where it is now.")],
    library: LibraryOption = None,
) -> None:
    """Say that a folder (or drive) is somewhere else now; nothing is read or embedded again.

    Example: clipsearch relocate /media/old-disk/Photos /media/new-disk/Photos
    """
    from app.folders import require_folder, require_same_photos

    opened = open_library(configure(library))
    require_folder(absolute(new))
    require_same_photos(opened, absolute(old), absolute(new))
    with opened.writing(note) as writer:
        relocation = writer.relocate(absolute(old), absolute(new))
    for step in relocation.steps:
        typer.echo(f"{show(step.source.path / step.source_folder)} -> {show(step.path)}")


MarksOption = Annotated[
    bool,
    typer.Option("--marks", help="Delete their tags and favourite marks as well, without asking."),
]


def forget(
    path: Annotated[Path, typer.Argument(help="A folder or photo.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask; keep the marks.")] = False,
    marks: MarksOption = False,
    library: LibraryOption = None,
) -> None:
    """Remove a folder or photo from the library. The files themselves stay.

    Tags and favourite marks are kept, and are there again when the same picture is indexed again,
    unless you say that they go too. A forgotten folder inside an indexed one is read again at the
    next run, unless --exclude keeps it out.

    Example: clipsearch forget ~/Pictures/Screenshots
    """
    opened = open_library(configure(library))
    place = absolute(path)
    if not yes:
        confirm_or_end(f"Forget all that the library knows of {show(place)}?")
        at_stake = opened.marks_only_at(place)
        if at_stake.tags and not marks:
            marks = typer.confirm(f"Delete {_marks(at_stake)} there as well?", default=False)
    with opened.writing(note) as writer:
        removed = writer.forget(place, marks=marks)
    typer.echo(f"Forgot {plural(removed.paths, 'file')}{_and_marks(removed)}.")


def prune(
    marks: Annotated[
        bool,
        typer.Option("--marks", help="Also delete the tags of pictures that are not there; asks."),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    library: LibraryOption = None,
) -> None:
    """Remove from the library what is gone from disk. What is offline or away is never touched.

    Tags and favourite marks are kept, and are there again when the same picture is.

    Example: clipsearch prune
    """
    opened = open_library(configure(library))
    if marks and not yes:
        at_stake = opened.marks_without_photo()
        if at_stake.tags:
            question = f"Delete {_marks(at_stake)} that are in no folder of the library now?"
            confirm_or_end(question)
    with opened.writing(note) as writer:
        removed = writer.prune(marks=marks)
    typer.echo(f"Removed {plural(removed.paths, 'file')} that had gone{_and_marks(removed)}.")


def _marks(marks: Marks) -> str:
    return f"{plural(marks.tags, 'mark')} of {plural(marks.pictures, 'picture')}"


def _and_marks(removed: Removed) -> str:
    return f", and {_marks(removed.marks)}" if removed.marks.tags else ""

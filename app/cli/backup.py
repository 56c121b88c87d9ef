"""clipsearch backup, restore, marks"""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli.common import (
    STOPPED,
    LibraryOption,
    configure,
    megabytes,
    note,
    open_library,
    print_json,
    show,
)
from app.services import require_folder_library
from app.text import absolute, plural
from store.files.atomic import refuse_existing, written_whole
from store.library import DATABASE, Library
from store.rescue.backup import back_up, check_backup, restore_backup
from store.rescue.copies import DatabaseFacts
from store.rescue.mark_lines import read_lines

ForceOption = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]


def backup(
    file: Annotated[
        Path, typer.Argument(help="The file to write, or a folder: a dated file in it.")
    ],
    force: ForceOption = False,
    library: LibraryOption = None,
) -> None:
    """Copy the library's database to a file and check the copy; a run may go on meanwhile.

    All that you made and all that was read of the photos is in it. The index files, labels and
    thumbnails are not: they are made again from it and from the photos.

    Example: clipsearch backup /media/disk/backups
    """
    config = configure(library)
    require_folder_library(config, "clipsearch backup", "pg_dump, or clipsearch copy to a folder")
    made = back_up(config.library, absolute(file), replace=force)
    size = megabytes(made.path.stat().st_size)
    typer.echo(show(f"{made.path} ({size}) has {_what(made.facts)}; checked."))
    _warn_of_bad_vectors(made.facts)


def restore(
    file: Annotated[Path, typer.Argument(help="A backup.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    library: LibraryOption = None,
) -> None:
    """Put a backup in the library's place; what was there is kept beside it under a dated name.

    Example: clipsearch restore /media/disk/backups/clipsearch-2026-01-31-120000.db
    """
    config = configure(library)
    require_folder_library(
        config, "clipsearch restore", "psql or pg_restore, or clipsearch copy from a folder"
    )
    folder, path = config.library, absolute(file)
    facts = check_backup(path)
    if (folder / DATABASE).exists() and not yes:
        question = show(f"Put this backup, with {_what(facts)}, in the library's place?")
        try:
            sure = typer.confirm(question, err=True)
        except typer.Abort:  # nobody is there to be asked
            note("\nNothing was changed. To go on without a question: --yes")
            raise typer.Exit(STOPPED) from None
        if not sure:
            note("Nothing was changed.")
            raise typer.Exit(STOPPED)
    done = restore_backup(folder, path)
    typer.echo(show(f"The library in {folder} has {_what(done.facts)} now."))
    if done.aside:
        typer.echo(show(f"What was there before: {done.aside}"))
    _warn_of_bad_vectors(done.facts)


class MarksAction(StrEnum):
    EXPORT = "export"
    IMPORT = "import"


def marks(
    action: Annotated[MarksAction, typer.Argument(help="export or import")],
    file: Annotated[
        str, typer.Argument(help="A file; - is standard output or input.", show_default=False)
    ] = "-",
    force: ForceOption = False,
    library: LibraryOption = None,
) -> None:
    """Write tags, albums, concepts and saved searches as lines of JSON, or add them to a library.

    An import only ever adds. Pictures are recognised by their content, else by their path; marks
    of those that the library does not know yet are kept until they come.

    Examples:

    clipsearch marks export marks.jsonl

    clipsearch marks import marks.jsonl --library ~/another-library
    """
    opened = open_library(configure(library))
    if action is MarksAction.IMPORT:
        _import(opened, file)
    elif file == "-":
        for line in opened.user_data.exported():
            print_json(line)
    else:
        _export(opened, absolute(Path(file)), force)


def _export(library: Library, path: Path, force: bool) -> None:
    refuse_existing(path, force)
    lines = 0
    with written_whole(path, replace=force) as beside, beside.open("w", encoding="ascii") as out:
        for line in library.user_data.exported():
            out.write(json.dumps(line) + "\n")
            lines += 1
    typer.echo(show(f"{path} has {plural(lines - 1, 'line')} of marks."))


def _import(library: Library, file: str) -> None:
    if file == "-":
        lines = read_lines(sys.stdin.buffer, "standard input")
    else:
        path = absolute(Path(file))
        with path.open("rb") as source:
            lines = read_lines(source, str(path))
    done = library.user_data.import_marks(lines)
    typer.echo(
        f"New: {plural(done.tags, 'tag')}, {plural(done.examples, 'example')} of concepts, "
        f"saved searches: {done.searches:,}, places in albums: {done.albums:,}, hidden pictures: "
        f"{done.hidden:,}."
    )
    typer.echo(
        f"Of the pictures with tags or in albums, {done.known:,} are known by their content, "
        f"{done.by_path:,} by their path; the marks of {done.waiting:,} wait until the picture "
        "comes."
    )
    if done.kept:
        note(f"Saved searches that stayed as the library has them: {done.kept:,}.")


def _what(facts: DatabaseFacts) -> str:
    tags = facts.counts.get("tag", 0)
    return f"{plural(facts.counts['photo'], 'file')} and {plural(tags, 'tag')}"


def _warn_of_bad_vectors(facts: DatabaseFacts) -> None:
    if facts.bad_vectors:
        note(
            f"{plural(facts.bad_vectors, 'vector')} of it do not match their checksums: "
            "run clipsearch doctor."
        )

"""clipsearch status, files, duplicates"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app import services
from app.cli.common import (
    WRONG_USE,
    JsonOption,
    LibraryOption,
    complain,
    configure,
    megabytes,
    note_if_read_only,
    open_library,
    print_json,
    show,
)
from app.cli.here import Here, HereOption, here_in
from app.cli.replica_status import replica_status
from app.cli.status_json import status_json
from app.text import counted, plural
from store.states import FAILURES, State

if TYPE_CHECKING:
    from store.library import Library
    from store.values import RootStatus

_ORDER = [State.INDEXED, State.STACKED, *FAILURES, State.OTHER, State.GONE]


def status(library: LibraryOption = None, json: JsonOption = False) -> None:
    """Show what the library holds: folders, counts, model, sizes on disk.

    Example: clipsearch status --json
    """
    config = configure(library)
    if (standing := services.standing_of(config)) is None:
        standing = note_if_read_only(open_library(config)).standing()
    apart = replica_status(config)
    name = str(config.server or config.library)
    sizes = _sizes(config.library)
    if json:
        print_json(status_json(name, standing, sizes, apart))
        return
    model, building, texts = standing.model, standing.building, standing.texts
    size = megabytes(sum(sizes.values()))
    here = " of it on this machine" if config.server else ""
    typer.echo(f"Library   {show(name)} ({size}{here})")
    if apart:
        typer.echo(f"Replica   {show(apart)}")
    typer.echo(f"Model     {show(model.name) if model else 'none yet'}")
    if building and model and building != model:
        typer.echo(f"Next      {show(building.name)} (answers once every photo is embedded)")
    hidden = standing.hidden
    of_them = f", {hidden:,} of them hidden (search is:hidden shows which)" if hidden else ""
    typer.echo(f"Pictures  {standing.searchable:,} can be found{of_them}")
    if texts.read:
        failed = f", {texts.problems:,} could not be read" if texts.problems else ""
        typer.echo(
            f"Text      looked for in {texts.read:,} of {texts.pictures:,} pictures, read in "
            f"{texts.with_text:,}{failed}"
        )
    effort = standing.effort
    if effort and effort.count:
        typer.echo(
            f"Index     finds {100 * effort.recall:.1f} % of the ten nearest pictures "
            f"(measured when there were {effort.count:,})"
        )
    if standing.damaged:
        typer.echo(
            f"Damaged   {standing.damaged:,} of them by filters only: clipsearch doctor mends them"
        )
    for entry in standing.roots:
        _show_root(entry)


def _sizes(folder: Path) -> dict[str, int]:
    """The sizes in bytes of what is right in ``folder``, by name."""
    sizes = {}
    for path in sorted(folder.iterdir()):
        with suppress(OSError):  # replaced by a run meanwhile
            sizes[path.name] = path.stat().st_size
    return sizes


def _show_root(entry: RootStatus) -> None:
    where = "online" if entry.online else "OFFLINE"
    typer.echo(f"\n{show(entry.root.path)} ({where})")
    for state in _ORDER:
        if count := entry.counts.get(state):
            word = "not a picture" if state is State.OTHER else state
            typer.echo(f"  {count:>9,} {word}")
            if state is State.INDEXED and entry.away:
                typer.echo(f"  {entry.away:>9,} of them away (search is:offline shows which)")
    for pattern in entry.root.excludes:
        typer.echo(f"  excluded: {show(pattern)}")


def files(
    state: Annotated[
        list[str] | None,
        typer.Option(
            "--state",
            help="failed, or one state: " + ", ".join(_ORDER) + ". Repeatable. Default: failed.",
            show_default=False,
        ),
    ] = None,
    here: HereOption = False,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """List files by what became of them, each with its reason.

    Without --state: those that could not be read.

    Example: clipsearch files --state truncated --state empty
    """
    wanted: list[State] = []
    for name in state or ["failed"]:
        if name == "failed":
            wanted += FAILURES
        elif name in set(State):
            wanted.append(State(name))
        else:
            complain(f"There is no state {name!r}. States: failed, {', '.join(_ORDER)}")
            raise typer.Exit(WRONG_USE)
    opened = note_if_read_only(open_library(configure(library)))
    place = here_in(opened) if here else None
    listed = 0
    for photo in opened.files(wanted):
        if place and not photo.path.is_relative_to(place.folder):
            continue
        listed += 1
        if json:
            print_json(
                {
                    "path": str(photo.path),
                    "state": str(photo.state),
                    "reason": photo.reason,
                    "bytes": photo.size,
                }
            )
        else:
            reason = f": {show(photo.reason)}" if photo.reason else ""
            path = place.shown(photo.path) if place else photo.path
            typer.echo(f"{photo.state:<12} {show(path)}{reason}")
    if not listed and not json:
        typer.echo(_none_listed(opened, state, place))


def _none_listed(library: Library, asked: list[str] | None, place: Here | None) -> str:
    """What an empty list of files means."""
    where = f" in {show(place.folder)}" if place else ""
    if asked and asked != ["failed"]:
        return f"No file{where} is in this state: {', '.join(asked)}."
    if place:
        return f"No file{where} has failed."
    counts = sum((Counter(root.counts) for root in library.status()), Counter[State]())
    if not counts.total():
        return "The library has no files yet. Add some: clipsearch index FOLDER"
    rest = counted([(counts[State.OTHER], "not pictures"), (counts[State.GONE], "gone")])
    said = f"{plural(counts[State.INDEXED], 'file')} indexed{rest and f', {rest}'}"
    return f"All is well: no file has failed ({said})."


_CHANGES = {
    "saved": "saved again",
    "cropped": "cut or framed",
    "mirrored": "mirrored",
    "turned": "turned",
}


def duplicates(
    exact: Annotated[bool, typer.Option("--exact", help="Only files that are equal.")] = False,
    library: LibraryOption = None,
    json: JsonOption = False,
) -> None:
    """List photos that are there more than once: the same file, or nearly the same picture.

    Also what was cut, framed, turned or mirrored. The best file of each group comes first. Nothing
    is removed. A file that has several names, by links or mounts, is one file: they are listed
    below it. Hidden photos are left out.

    Example: clipsearch duplicates --exact
    """
    from app.duplicates import duplicates, shown
    from app.services import answering_model

    opened = note_if_read_only(open_library(configure(library)))
    groups = duplicates(opened, answering_model(opened), near=not exact)
    groups = shown(groups, opened.user_data.hidden())
    for group in groups:
        files = [(photo, photo.facts) for photo in group.photos if photo.facts]
        if json:
            print_json(
                {
                    "kind": group.kind,
                    "changes": list(group.changes),
                    "files": [
                        {
                            "path": str(photo.path),
                            "width": facts.width,
                            "height": facts.height,
                            "bytes": photo.size,
                            "taken_at": photo.taken_at.isoformat(),
                            "same_file": [str(path) for path in group.names.get(photo.id, ())],
                        }
                        for photo, facts in files
                    ],
                }
            )
            continue
        how = ", ".join(_CHANGES[change] for change in group.changes)
        typer.echo(f"{plural(len(files), 'file')}, {how or 'the same'}")
        for photo, facts in files:
            size = f"{facts.width} x {facts.height}, {megabytes(photo.size)}"
            typer.echo(f"  {show(photo.path)}  ({size})")
            for name in group.names.get(photo.id, ()):
                typer.echo(f"    is the same file as {show(name)}")
    if not groups and not json:
        typer.echo("No photo is there twice.")

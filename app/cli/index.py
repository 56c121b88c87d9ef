"""clipsearch index, relocate, forget, prune"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.common import (
    STOPPED,
    DeviceOption,
    EngineOption,
    JsonOption,
    LibraryOption,
    configure,
    note,
    note_cache,
    open_library,
    plural,
    print_json,
    show,
    sure,
)
from app.paths import absolute
from indexer.events import Summary
from store.errors import ModelError
from store.library import DATABASE, Library
from store.sql.removal import Marks, Removed


def index(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders of photos; none: all that were indexed before."),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            "--exclude",
            help="Skip names (or, with a /, paths) that match a pattern. Repeatable, remembered.",
        ),
    ] = None,
    clear_exclude: Annotated[
        bool, typer.Option("--clear-exclude", help="Forget the remembered patterns first.")
    ] = False,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            help="auto, starter, NAME/PRETRAINED (open_clip), hf-hub:ORG/NAME, local-dir:PATH. "
            "A library remembers its model; a new one uses auto.",
            show_default=False,
        ),
    ] = None,
    accept_missing: Annotated[
        list[Path] | None,
        typer.Option(
            "--accept-missing",
            help="A folder whose missing photos were deleted, and are not just away. Repeatable.",
            show_default=False,
        ),
    ] = None,
    retry: Annotated[
        bool, typer.Option("--retry", help="Read files again that failed before.")
    ] = False,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify",
            help="Read every file, to find those that changed though size and time did not.",
        ),
    ] = False,
    json: JsonOption = False,
    library: LibraryOption = None,
    device: DeviceOption = None,
    engine: EngineOption = None,
) -> None:
    """Read photos so that they can be found; run it again whenever photos were added.

    Unchanged files are not opened, moved and copied ones are recognised, and a run that was
    stopped or killed goes on where it was. Photos on a drive that is not plugged in stay in the
    library, and so do more than half of a folder's (10 or more) that are missing all at once.

    Example: clipsearch index ~/Pictures --exclude Screenshots
    """
    from app import services
    from app.cli import progress
    from indexer import decoder_stderr
    from indexer.pipeline import run_index

    config = configure(library, device, engine)
    wanted = [absolute(folder) for folder in folders or []]
    if not (config.library / DATABASE).exists():
        for folder in wanted:  # before a library is made for nothing
            services.require_folder(folder)
    opened = open_library(config, create=True)
    accepted = [absolute(folder) for folder in accept_missing or []]
    for folder in accepted:
        services.require_known(opened, folder)
    with opened.writing() as writer:
        targets = services.targets_for(
            opened, writer, wanted, exclude or [], replace_excludes=clear_exclude
        )
        for folder, target in zip(wanted, targets, strict=False):  # none wanted: all roots
            if target.path != folder:
                name = target.path
                note(f"{folder} is the same folder as {name}, which is what the library calls it.")
        loaded = services.encoder_for_indexing(opened, config, model)
        if loaded.note:
            note(loaded.note)
        with _stop_on_signals() as stop, decoder_stderr.caught():
            events = run_index(
                opened,
                writer,
                loaded.encoder,
                targets,
                accepted=accepted,
                retry=retry,
                verify=verify,
                stop=stop,
            )
            summary = progress.report(events) if json else progress.follow(events)
    if summary.embedded and not summary.stopped:
        with suppress(ModelError):  # labels can be made at any time
            services.update_labels(opened, loaded.encoder, config)
    note_cache(loaded.encoder.engine, loaded.encoder.fingerprint, config)
    lines = [show(line) for line in progress.summary_lines(summary, loaded.encoder.engine)]
    if json:
        print_json({"event": "finished", "stopped": summary.stopped, "said": lines})
    else:
        for line in lines:
            typer.echo(line)
        _ask_about(opened, summary)
    if summary.stopped:
        raise typer.Exit(STOPPED)


def _ask_about(library: Library, summary: Summary) -> None:
    """Where somebody sits at a terminal: were the missing photos deleted?"""
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        return
    for missing in summary.missing:
        question = f"Were the {plural(missing.photos, 'photo')} in {show(missing.folder)} deleted?"
        if typer.confirm(question, default=False):
            with library.writing() as writer:
                count = writer.accept_missing(missing.folder)
            typer.echo(f"{plural(count, 'photo')} gone; kept until: clipsearch prune")


@contextmanager
def _stop_on_signals() -> Iterator[threading.Event]:
    """The first Ctrl-C (or SIGTERM) asks the run to end; a second one interrupts it."""
    stop = threading.Event()

    def handle(_number: int, _frame: Any) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def relocate(
    old: Annotated[Path, typer.Argument(help="Where the folder was.")],
    new: Annotated[Path, typer.Argument(help="Where it is now.")],
    library: LibraryOption = None,
) -> None:
    """Say that a folder (or drive) is somewhere else now; nothing is read or embedded again.

    Example: clipsearch relocate /media/old-disk/Photos /media/new-disk/Photos
    """
    from app.services import require_folder, require_same_photos

    opened = open_library(configure(library))
    require_folder(absolute(new))
    require_same_photos(opened, absolute(old), absolute(new))
    with opened.writing() as writer:
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
        sure(f"Forget all that the library knows of {show(place)}?")
        at_stake = opened.marks_only_at(place)
        if at_stake.tags and not marks:
            marks = typer.confirm(f"Delete {_marks(at_stake)} there as well?", default=False)
    with opened.writing() as writer:
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
            sure(question)
    with opened.writing() as writer:
        removed = writer.prune(marks=marks)
    typer.echo(f"Removed {plural(removed.paths, 'file')} that had gone{_and_marks(removed)}.")


def _marks(marks: Marks) -> str:
    return f"{plural(marks.tags, 'mark')} of {plural(marks.pictures, 'picture')}"


def _and_marks(removed: Removed) -> str:
    return f", and {_marks(removed.marks)}" if removed.marks.tags else ""

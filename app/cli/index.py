"""clipsearch index"""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from app.cli.common import (
    STOPPED,
    DeviceOption,
    EngineOption,
    JsonOption,
    LibraryOption,
    at_the_end,
    configure,
    note,
    note_cache,
    open_or_make,
    print_json,
    show,
)
from app.interrupts import stop_on_signals
from app.text import absolute, plural
from indexer.events import Summary
from store.errors import ModelError
from store.values import Views

if TYPE_CHECKING:
    from app.config import Config
    from app.distribution import Distribution
    from indexer.encoders.encoder import Encoder
    from store.library import Library
    from store.writer import LibraryWriter


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
    views: Annotated[
        str | None,
        typer.Option(
            "--views",
            help="Look at each picture once (1), or at its middle as well (2): finds more, takes "
            "longer. auto: twice where that takes less than a quarter of the time. Remembered; "
            "photos that were read before stay as they are.",
            show_default=False,
        ),
    ] = None,
    ray: Annotated[
        bool,
        typer.Option(
            "--ray",
            help="Let Ray read the photos, in processes of their own (libraries on a server only).",
        ),
    ] = False,
    ray_address: Annotated[
        str | None,
        typer.Option(
            "--ray-address",
            metavar="ADDRESS",
            help="The same on a Ray cluster: ray://HOST:10001, HOST:6379, or auto.",
            show_default=False,
        ),
    ] = None,
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
    from app.cli import progress

    config = configure(library, device, engine)
    chosen = _views(views)
    wanted = [absolute(folder) for folder in folders or []]
    more = (exclude, clear_exclude, model, accept_missing, retry, verify, views, ray, ray_address)
    is_plain = not (json or any(more))
    if is_plain and progress.said_again(config, wanted):
        return
    from app import nothing_new, services
    from app.folders import require_known, targets_for
    from app.processes import give_way
    from indexer.pictures import decoder_stderr
    from indexer.pipeline import run_index
    from indexer.stages import Stages

    give_way()
    witness = nothing_new.Witness(config, wanted)
    at_the_end(witness.leave_note)
    by_ray = _by_ray(config, library, ray_address) if ray or ray_address else nullcontext()
    opened = open_or_make(config, wanted)
    accepted = [absolute(folder) for folder in accept_missing or []]
    for folder in accepted:
        require_known(opened, folder)
    with opened.writing(note) as writer:
        targets = targets_for(
            opened,
            writer,
            wanted,
            exclude or [],
            replace_excludes=clear_exclude,
            also=accepted,
        )
        for folder, target in zip(wanted, targets, strict=False):  # none wanted: all roots
            if target.path != folder:
                name = target.path
                note(f"{folder} is the same folder as {name}, which is what the library calls it.")
        _remember(opened, writer, chosen)
        loaded = services.encoder_for_indexing(opened, config, model)
        if loaded.note:
            note(loaded.note)
        # Ray takes the signals for itself when it starts; after that they are ours.
        with decoder_stderr.caught(), by_ray as shared, stop_on_signals() as stop:
            if shared:
                shared.check([target.path for target in targets])
            events = run_index(
                opened,
                writer,
                loaded.encoder,
                targets,
                accepted=accepted,
                retry=retry,
                verify=verify,
                stop=stop,
                make_stages=shared.stages if shared else Stages,
                sight=witness.sight,
            )
            summary = progress.report(events) if json else progress.follow(events)
        if is_plain:
            witness.hear(opened, targets, loaded.encoder, summary)
    if summary.embedded and not summary.stopped:
        with suppress(ModelError):  # labels can be made at any time
            services.catch_up(opened, loaded.encoder, config)
    engine_used = shared.engine if shared else loaded.encoder.engine
    lines = [show(line) for line in progress.summary_lines(summary, engine_used)]
    stopped = summary.stopped
    if json:
        stopped = stopped or _read_text(opened, loaded.encoder, quiet=True)
        print_json({"event": "finished", "stopped": stopped, "said": lines})
    else:
        for line in lines:
            typer.echo(line)
        _ask_about(opened, summary)
        stopped = stopped or _read_text(opened, loaded.encoder)
    if stopped:
        raise typer.Exit(STOPPED)
    note_cache(loaded.encoder.engine, loaded.encoder.fingerprint, config)


def _read_text(library: Library, encoder: Encoder, *, quiet: bool = False) -> bool:
    """Read the text in new photos, where that was asked for; returns whether it was stopped."""
    if not library.reads_text():
        return False
    from app.cli.text import read_waiting
    from indexer.reading import text_reader, unread_text

    waiting = unread_text.unread(library)
    if len(waiting) and not text_reader.is_available():
        note(f"The text in {plural(len(waiting), 'picture')} can't be read: {text_reader.INSTALL}")
        return False
    return read_waiting(library, encoder, waiting, quiet=quiet) if len(waiting) else False


def _views(asked: str | None) -> Views | None:
    """The argument of ``--views``, if there is one that can be meant."""
    for one in get_args(Views):
        if asked == one:
            chosen: Views = one
            return chosen
    if asked is not None:
        raise typer.BadParameter(f"{asked} is none of auto, 1, 2.", param_hint="--views")
    return None


def _remember(library: Library, writer: LibraryWriter, views: Views | None) -> None:
    if views and views != library.views():
        writer.set_views(views)


def _by_ray(
    config: Config, library: str | None, address: str | None
) -> AbstractContextManager[Distribution]:
    """Ray, which starts when the block is entered; that it may be used is seen at once."""
    from app import distribution

    return distribution.by_ray(config, distribution.require(config, library, address), address)


def _ask_about(library: Library, summary: Summary) -> None:
    """Ask whether the missing photos were deleted, if there is a terminal to ask on."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        return
    for missing in summary.missing:
        question = f"Were the {plural(missing.photos, 'photo')} in {show(missing.folder)} deleted?"
        if typer.confirm(question, default=False):
            with library.writing(note) as writer:
                count = writer.accept_missing(missing.folder)
            typer.echo(f"{plural(count, 'photo')} gone; kept until: clipsearch prune")

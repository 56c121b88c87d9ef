"""clipsearch text"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.common import (
    STOPPED,
    DeviceOption,
    EngineOption,
    JsonOption,
    LibraryOption,
    configure,
    note,
    open_library,
    print_json,
)
from app.interrupts import stop_on_signals
from app.processes import give_way
from app.text import counted, plural
from store.errors import ModelError
from store.library import Library

if TYPE_CHECKING:
    from app.config import Config
    from indexer.encoders.encoder import Encoder
    from indexer.reading.unread_text import TextProgress
    from store.vectors import Ids


def text(
    again: Annotated[
        bool, typer.Option("--again", help="Forget what was read, and read every picture.")
    ] = False,
    retry: Annotated[
        bool, typer.Option("--retry", help="Read pictures again that could not be read.")
    ] = False,
    off: Annotated[
        bool, typer.Option("--off", help="Read no new pictures from now on; what was read stays.")
    ] = False,
    json: JsonOption = False,
    library: LibraryOption = None,
    device: DeviceOption = None,
    engine: EngineOption = None,
) -> None:
    """Read the text in pictures (signs, receipts, screenshots), so that text:WORD finds it.

    Pictures that the model takes for ones with text come first. Stop it with Ctrl-C whenever you
    like: it goes on where it was. From then on, index reads the text in new photos, too.

    Example: clipsearch text
    """
    from indexer.reading import text_reader

    config = configure(library, device, engine)
    opened = open_library(config)
    if off:
        with opened.writing(note) as writer:
            writer.read_text_of_new_photos(False)
        said = "The text in new photos is not read from now on."
        if json:
            note(said)
        else:
            typer.echo(said)
        return
    text_reader.require()
    with opened.writing(note) as writer:
        if again or retry:
            writer.forget_texts(problems_only=not again)
        if not opened.reads_text():
            writer.read_text_of_new_photos(True)
    if read_waiting(opened, _encoder(opened, config), json=json):
        raise typer.Exit(STOPPED)


def read_waiting(
    library: Library,
    encoder: Encoder | None,
    waiting: Ids | None = None,
    *,
    json: bool = False,
    quiet: bool = False,
) -> bool:
    """Read what nobody has read yet, and say so; returns whether it was stopped on the way.

    Args:
        encoder, waiting: see ``indexer.reading.unread_text.read_texts``.
        json: say it in lines of JSON.
        quiet: say nothing when it is done; a terminal still shows how far it is.
    """
    from indexer.reading.text_reader import PictureTextReader
    from indexer.reading.unread_text import read_texts

    give_way()
    with stop_on_signals() as stop:
        run = read_texts(library, PictureTextReader(), encoder, stop, waiting)
        last = _report(run) if json else _follow(run)
        stopped = stop.is_set() and last.done < last.total
    for line in [] if json or quiet else _summary(last, library, stopped):
        typer.echo(line)
    return stopped


def _encoder(library: Library, config: Config) -> Encoder | None:
    from app import services

    if library.model() is None:
        return None
    with suppress(ModelError):
        return services.encoder_for_indexing(library, config).encoder
    return None


def _follow(run: Iterator[TextProgress]) -> TextProgress:
    """Show how far it is, and how long it takes, on a terminal."""
    from app.cli.bars import Bar
    from indexer.reading.unread_text import TextProgress

    last = TextProgress(0)
    with Bar("Reading text") as bar:
        for last in run:
            bar.update(completed=last.done, total=last.total)
    return last


def _report(run: Iterator[TextProgress]) -> TextProgress:
    from indexer.reading.unread_text import TextProgress

    last = TextProgress(0)
    for last in run:
        print_json(
            {
                "event": "text",
                "pictures": last.total,
                "read": last.done,
                "with_text": last.with_text,
                "failed": last.problems,
            }
        )
    return last


def _summary(last: TextProgress, library: Library, stopped: bool) -> Iterator[str]:
    said = counted([(last.with_text, "with text"), (last.problems, "could not be read")])
    begin = "Stopped; all of this is kept: " if stopped else ""
    yield f"{begin}{plural(last.done - last.skipped, 'picture')} read{f', {said}' if said else ''}."
    counts = library.text_counts()
    if left := counts.pictures - counts.read:
        gone = "their files are not there now, have changed, or can't be opened"
        where = "go on with: clipsearch text" if stopped else gone
        yield f"{plural(left, 'picture')} not read yet; {where}"

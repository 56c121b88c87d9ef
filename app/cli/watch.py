"""clipsearch watch"""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.common import (
    DeviceOption,
    EngineOption,
    JsonOption,
    LibraryOption,
    configure,
    note,
    open_or_make,
    print_json,
    show,
)
from app.interrupts import stop_on_signals
from app.text import absolute

if TYPE_CHECKING:
    from app.config import Config
    from indexer.watching.small_runs import NewsBatch
    from indexer.watching.watcher import Watched

_BATTERY = "On battery: what is new waits for mains power."


def watch(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders of photos to add; all of the library's are watched."),
    ] = None,
    poll: Annotated[
        bool,
        typer.Option(
            "--poll", help="Look through all folders now and then, whatever the system tells."
        ),
    ] = False,
    every: Annotated[
        float,
        typer.Option(
            "--every", min=1, help="Seconds between two looks at what nobody tells changes of."
        ),
    ] = 60.0,
    not_on_battery: Annotated[
        bool, typer.Option("--not-on-battery", help="Wait while there is no mains power.")
    ] = False,
    install: Annotated[
        bool,
        typer.Option(
            "--install",
            help="Watch whenever you are logged in (systemd on Linux, launchd on Macs).",
        ),
    ] = False,
    uninstall: Annotated[
        bool, typer.Option("--uninstall", help="Do so no more, and remove the file that says it.")
    ] = False,
    until_input_ends: Annotated[
        bool,
        typer.Option("--until-input-ends", help="End when standard input does.", hidden=True),
    ] = False,
    json: JsonOption = False,
    library: LibraryOption = None,
    device: DeviceOption = None,
    engine: EngineOption = None,
) -> None:
    """Watch the library's folders: what is new, changed, moved or removed is taken in at once.

    Ctrl-C ends it. The model is loaded once and kept, searches and other commands go on meanwhile.
    Folders on network shares are looked through every minute, since nobody tells what others change
    there. Photos on a drive that is not plugged in stay in the library.

    Example: clipsearch watch ~/Pictures
    """
    from app.processes import give_way
    from app.watching import on_battery, watcher
    from indexer.pictures import decoder_stderr
    from indexer.watching.watcher import WatchSettings

    config = configure(library, device, engine)
    if install or uninstall:
        if uninstall and (install or folders):
            raise typer.BadParameter("it goes with nothing else", param_hint="--uninstall")
        if folders:
            _add(config, [absolute(folder) for folder in folders])
        for line in _at_login(config, install, poll, every, not_on_battery):
            if json:
                note(line)
            else:
                typer.echo(show(line))
        return
    if not_on_battery:
        on_battery()  # where that can't be told, it is said now
    _add(config, [absolute(folder) for folder in folders or []])

    give_way()

    def wait_because() -> str | None:
        return _BATTERY if not_on_battery and on_battery() else None

    settings = WatchSettings(poll=poll, every=every, wait_because=wait_because)
    with (
        decoder_stderr.caught(),
        stop_on_signals() as stop,
        watcher(config, settings, stop, note) as watching,
    ):
        if not json:
            note(f"Watching the folders of {config.server or config.library}. Ctrl-C ends it.")
        if until_input_ends:
            threading.Thread(target=_wait_for_end, args=(stop,), daemon=True).start()
        reporter = _Reporter(json)
        for event in watching.events():
            reporter.take(event)
    if json:
        print_json({"event": "finished", "stopped": True, "said": []})


def _add(config: Config, folders: list[Path]) -> None:
    """Make ``folders`` roots of the library, which is made if there is none."""
    from app import services
    from app.folders import targets_for
    from store.errors import RootNotFound

    opened = open_or_make(config, folders) if folders or services.library_exists(config) else None
    if opened is None or not (folders or opened.roots()):
        raise RootNotFound("Which folder? As in: clipsearch watch ~/Pictures")
    if folders:
        with opened.writing(note) as writer:
            targets_for(opened, writer, folders)
    opened.close()


def _wait_for_end(stop: threading.Event) -> None:
    """Set ``stop`` when whoever began this process has closed its standard input, or is gone."""
    with suppress(OSError):
        while os.read(0, 65_536):  # not ``sys.stdin``, whose lock would be held at the end
            pass
    stop.set()


class _Reporter:
    """Says what happens while folders are watched: a line for each batch of news."""

    def __init__(self, json: bool) -> None:
        from app.cli.progress import Reports

        self._json = json
        self._reports = Reports()
        self._failed = 0  # since the last batch

    def take(self, event: Watched) -> None:
        from indexer.events import FileFailed, PhotosMissing
        from indexer.watching.pause import WatchNote, WatchResumed
        from indexer.watching.small_runs import NewsBatch

        if self._json and isinstance(event, WatchNote | WatchResumed | NewsBatch):
            self._reports.tell_progress()
        match event:
            case WatchNote(text=text):
                if self._json:
                    said = show(text)
                    print_json({"event": "note", "said": said, "waiting": event.waiting})
                else:
                    note(text)
                return
            case WatchResumed():
                if self._json:
                    print_json({"event": "resumed"})
                return
            case NewsBatch():
                self._batch(event)
                return
            case FileFailed():
                self._failed += 1
            case PhotosMissing(folder=folder, photos=photos) if not self._json:
                note(
                    f"{photos:,} in {folder} can't be seen, but may come back: kept, still found, "
                    "shown as offline. If they were deleted: clipsearch index --accept-missing"
                )
        if self._json:
            self._reports.take(event)

    def _batch(self, batch: NewsBatch) -> None:
        from app.watching import news_line

        failed, self._failed = self._failed, 0
        line = news_line(batch, failed)
        if line is None:
            return
        if self._json:
            print_json(_batch_as_json(batch, failed, show(line)))
        else:
            typer.echo(f"{time.strftime('%H:%M:%S')} {show(line)}.")


def _batch_as_json(batch: NewsBatch, failed: int, line: str) -> dict[str, Any]:
    summary = batch.summary
    return {
        "event": "batch",
        "folders": [str(folder) for folder in batch.folders],
        "new": summary.new,
        "changed": summary.changed,
        "again": summary.again,
        "moved": summary.moved,
        "copies": summary.copies,
        "returned": summary.returned,
        "failed": failed,
        "gone": summary.gone,
        "embedded": summary.embedded,
        "seconds": round(summary.seconds, 3),
        "said": line,
    }


def _at_login(
    config: Config, install: bool, poll: bool, every: float, not_on_battery: bool
) -> list[str]:
    from app import login_items

    if not install:
        return login_items.uninstall(config)
    options = ["--poll"] * poll + ["--not-on-battery"] * not_on_battery + [f"--every={every:g}"]
    return login_items.install(config, options)

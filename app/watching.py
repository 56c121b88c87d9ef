"""Puts together what watches the folders of the configured library."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app import services
from app.config import Config
from app.text import counted, plural
from store import locks
from store.errors import ConfigError, ModelError
from store.library import Library
from store.values import Tell

if TYPE_CHECKING:
    from indexer.encoders.encoder import Encoder
    from indexer.watching.small_runs import NewsBatch
    from indexer.watching.watcher import Watcher, WatchSettings

_SUPPLIES = Path("/sys/class/power_supply")
_SYSTEM: str = sys.platform  # as mypy is not to reason about it
_LOOK_S = 5.0  # what ``pmset`` may take


@contextmanager
def watcher(
    config: Config, settings: WatchSettings, stop: threading.Event, tell: Tell
) -> Iterator[Watcher]:
    """What watches the library's folders; there is one at a time.

    Args:
        tell: takes what is to be said about how the model was chosen.

    Raises:
        LibraryBusy: another process watches them.
    """
    from indexer.watching.watcher import Watcher

    def encoder_for(library: Library) -> Encoder:
        loaded = services.encoder_for_indexing(library, config)
        if loaded.note:
            tell(loaded.note)
        return loaded.encoder

    def caught_up(library: Library, encoder: Encoder) -> None:
        with suppress(ModelError):  # labels can be made at any time
            services.catch_up(library, encoder, config)

    with locks.watching(config.library):
        yield Watcher(
            partial(services.open_library_of, config), encoder_for, caught_up, stop, settings
        )


def on_battery() -> bool:
    """Whether this machine runs on its battery.

    Raises:
        ConfigError: that can't be told on this system.
    """
    if _SYSTEM == "darwin":
        try:
            done = subprocess.run(
                ["/usr/bin/pmset", "-g", "batt"], capture_output=True, text=True, timeout=_LOOK_S
            )
        except (OSError, subprocess.SubprocessError) as error:
            raise ConfigError(f"Whether there is mains power can't be told: {error}") from error
        return "'Battery Power'" in done.stdout
    if _SYSTEM != "linux":
        raise ConfigError("On this system clipsearch can't tell whether there is mains power.")
    return any(_is_discharging(supply) for supply in _SUPPLIES.glob("*"))


def _is_discharging(supply: Path) -> bool:
    """Whether a power supply is the battery of this machine (not of its mouse), and in use."""

    def says(name: str) -> str:
        try:
            return (supply / name).read_text().strip()
        except OSError:
            return ""

    return (
        says("type") == "Battery" and says("scope") != "Device" and says("status") == "Discharging"
    )


def news_line(batch: NewsBatch, failed: int) -> str | None:
    """What a batch brought, in a few words; None if that is nothing to speak of.

    Args:
        failed: files that could not be read, which it met.
    """
    summary = batch.summary
    parts = [
        (summary.new, "new"),
        (summary.changed, "changed"),
        (summary.again, "read again"),
        (summary.moved, "moved"),
        (summary.copies, "copies"),
        (summary.returned, "back again"),
        (failed, "failed"),
        (summary.gone, "gone"),
        (sum(missing.photos for missing in summary.missing), "away"),
    ]
    said = counted(parts)
    return f"{said} in {_named(batch.folders)}" if said else None


def _named(folders: Sequence[Path]) -> str:
    return str(folders[0]) if len(folders) == 1 else plural(len(folders), "folder")

"""Progress bars on a terminal, for what takes more than a moment."""

from __future__ import annotations

import sys
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_AFTER_S = 0.3


class Bar:
    """How far something is, on a terminal, gone when it is done; nothing elsewhere.

    To be used in a ``with``. It is there after a moment only: what is done by then does not wait
    for rich to be imported, which takes longer than to see that no photo is new.

    Args:
        doing: the words before it.
        things: what is counted, if it is to say how many a second.
    """

    def __init__(self, doing: str, things: str = "") -> None:
        self._values: dict[str, Any] = {"description": doing, "completed": 0, "total": None}
        self._things = things
        self._lock = Lock()
        self._ended = False
        self._shown: tuple[Progress, TaskID] | None = None
        self._timer: Timer | None = None

    def __enter__(self) -> Bar:
        if _is_terminal():
            self._timer = Timer(_AFTER_S, self._show)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._ended = True
            if self._shown:
                self._shown[0].stop()
        if self._timer:
            self._timer.cancel()
            self._timer.join()  # it may be importing

    def update(self, **values: Any) -> None:
        """Set its ``completed``, ``total`` (None: not known) or ``description``."""
        with self._lock:
            self._values |= values
            if self._shown:
                bar, task = self._shown
                bar.update(task, **self._values)

    def _show(self) -> None:
        from rich import progress
        from rich.console import Console
        from rich.text import Text

        console = Console(stderr=True)
        if not console.is_terminal:  # as the environment says: FORCE_COLOR="", TTY_COMPATIBLE=0
            return
        things = self._things

        class Rate(progress.ProgressColumn):
            def render(self, task: progress.Task) -> Text:
                return Text(f"{task.speed:.0f} {things}/s" if task.speed and things else "")

        bar = progress.Progress(
            progress.SpinnerColumn(),
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            Rate(),
            progress.TimeRemainingColumn(),
            console=console,
            transient=True,
        )
        with self._lock:
            if not self._ended:
                self._shown = bar, bar.add_task(**self._values)
                bar.start()


def _is_terminal() -> bool:
    # Not what rich says: with FORCE_COLOR, it takes any stream for a terminal.
    try:
        return sys.stderr is not None and sys.stderr.isatty()
    except ValueError:  # closed
        return False

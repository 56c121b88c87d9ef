"""Indexing from the page: in a process of its own, watched and stopped, while searches go on."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from app import processes
from app.config import Config

_LINES = 20  # of its complaints that are kept
_STOP_S = 20.0  # a run that has not ended by then is left alone
_STOPPED = "Stopped; what it had read is kept."


@dataclass
class RunProgress:
    """How far a run is; ``total`` is 0 until the files are counted."""

    seen: int = 0
    embedded: int = 0
    total: int = 0
    failed: int = 0
    started: float = field(default_factory=time.monotonic)
    seconds: float = 0.0
    before_first: float = 0.0
    """Seconds until photos were read: the files were counted, and the model was loaded."""
    naming: tuple[int, int] | None = None
    """While the places of photos are named: how many have been, and of how many."""

    @property
    def rate(self) -> float:
        """Photos a second since the first one was read."""
        reading = self.seconds - self.before_first
        return self.embedded / reading if reading > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        reading = self.seconds - self.before_first
        if not self.total or not self.seen or reading < 1:
            return None
        return reading / self.seen * max(0, self.total - self.seen)


class IndexRun:
    """At most one ``clipsearch index`` at a time for one library; safe to share by threads."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._follower: threading.Thread | None = None
        self._is_stopped = False
        self.progress = RunProgress()
        self.result: list[str] = []
        """The last lines of the last run: its summary, or why it ended."""
        self.failed = False
        """Whether the last run ended before its work was done, though nobody stopped it."""

    def is_running(self) -> bool:
        """Whether a run is going on, as far as is known."""
        with self._lock:
            return self._follower is not None and self._follower.is_alive()

    def start(self, folders: list[Path], *, retry: bool = False) -> None:
        """Begin a run over ``folders`` (all known ones if empty), unless one is going on."""
        with self._lock:
            if self._follower is not None and self._follower.is_alive():
                return
            options = [*(["--retry"] if retry else []), "--", *map(str, folders)]
            self.progress, self.result, self.failed = RunProgress(), [], False
            self._is_stopped = False
            try:
                process = processes.begun(self._config, "index", *options, stdin=subprocess.DEVNULL)
            except OSError as error:
                self.result, self.failed = [f"Indexing can't be started: {error}."], True
                return
            errors: deque[str] = deque(maxlen=_LINES)
            assert process.stderr is not None
            listener = threading.Thread(target=_collect, args=(process.stderr, errors), daemon=True)
            listener.start()
            self._process = process
            self._follower = threading.Thread(
                target=self._follow, args=(process, listener, errors), daemon=True
            )
            self._follower.start()

    def stop(self) -> None:
        """Ask the run to end; everything that it has read so far is kept."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                self._is_stopped = True
                self._process.send_signal(signal.SIGTERM)

    def wait(self, seconds: float) -> bool:
        """Wait for the run to end; whether it did within ``seconds``."""
        with self._lock:
            process = self._process
        try:
            return process is None or process.wait(seconds) is not None
        except subprocess.TimeoutExpired:
            return False

    def _follow(
        self, process: subprocess.Popen[str], listener: threading.Thread, errors: deque[str]
    ) -> None:
        assert process.stdout is not None
        progress = self.progress
        said: list[str] = []
        with process.stdout:
            for line in process.stdout:
                try:
                    event = json.loads(line)
                except ValueError:
                    continue
                _take(progress, event)
                said = event.get("said", said)
        listener.join()
        code = process.wait()
        if not said and self._is_stopped:  # before it read photos, or after: it said no summary
            said = [_STOPPED]
        self.failed = not said
        self.result = said or [*_why_it_ended(code, bool(errors)), *errors]


def _why_it_ended(code: int, spoke: bool) -> list[str]:
    """What to say of a run that ended without a summary; ``spoke``: whether it said why itself."""
    kept = "What it had read is kept; start it again to go on."
    if code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = "of no name"
        hint = " (too little memory, perhaps)" if name == "SIGKILL" else ""
        return [f"Indexing was killed by signal {-code}, {name}{hint}. {kept}"]
    if code in (1, 2) and spoke:  # its own message says it better
        return []
    return [f"Indexing ended with code {code} before it was done. {kept}"]


def _take(progress: RunProgress, event: dict[str, Any]) -> None:
    progress.seconds = time.monotonic() - progress.started
    for name in ("seen", "embedded", "total"):
        if name in event:
            setattr(progress, name, event[name])
    if not progress.seen:
        progress.before_first = progress.seconds
    kind = event.get("event")
    progress.failed += kind == "failed"
    progress.naming = (event["named"], event["of"]) if kind == "places" else None


def _collect(stream: IO[str], lines: deque[str]) -> None:
    with stream:
        lines.extend(line.strip() for line in stream if line.strip())


_runs: dict[Config, IndexRun] = {}


def run_of(config: Config) -> IndexRun:
    """The run of a library, shared by all visitors of the page; ``end_runs`` ends it."""
    return _runs.setdefault(config, IndexRun(config))


def end_runs() -> None:
    """Stop all runs of this process; everything that they have read is kept."""
    while _runs:
        _, run = _runs.popitem()
        run.stop()
        run.wait(_STOP_S)

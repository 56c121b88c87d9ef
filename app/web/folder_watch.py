"""Watching folders from the page: in a process of its own, which ends with the server."""

from __future__ import annotations

import json
import subprocess
import threading
from collections import deque
from typing import IO

from app import processes
from app.config import Config

_LINES = 3  # of what it said that are kept
_STOP_S = 15.0  # a watcher that has not ended by then is killed: it loses nothing


class FolderWatch:
    """At most one ``clipsearch watch`` for one library; safe to share by threads."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._said: deque[str] = deque(maxlen=_LINES)
        self._waits_because: str | None = None

    @property
    def is_on(self) -> bool:
        """Whether folders are watched, as far as is known."""
        with self._lock:
            return self._process is not None and self._process.poll() is None

    @property
    def said(self) -> list[str]:
        """What it took in, why it waits, or why it ended: the last lines."""
        waits = self._waits_because if self.is_on else None
        return [*self._said, *([waits] if waits else [])]

    def start(self) -> None:
        """Begin to watch, unless that is done already."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                return
            self._said.clear()
            self._waits_because = None
            try:
                # It ends when its standard input does: with the server, however that ends.
                self._process = process = processes.begun(
                    self._config, "watch", "--until-input-ends", stdin=subprocess.PIPE
                )
            except OSError as error:
                self._said.append(f"Watching can't be started: {error}.")
                return
        assert process.stdout is not None and process.stderr is not None
        for stream in (process.stdout, process.stderr):
            threading.Thread(target=self._follow, args=(process, stream), daemon=True).start()

    def stop(self) -> None:
        """Watch no more; returns once that is so."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _follow(self, process: subprocess.Popen[str], stream: IO[str]) -> None:
        assert process.stdin is not None
        with stream, process.stdin:  # which nobody needs once it says nothing more
            for line in stream:
                try:
                    event = json.loads(line)
                    said = event.get("said")
                except (ValueError, AttributeError):
                    event, said = {}, line.strip()
                if event.get("event") == "resumed":
                    self._waits_because = None
                elif said and isinstance(said, str):
                    if event.get("waiting"):
                        self._waits_because = said
                    else:
                        self._said.append(said)


_watches: dict[Config, FolderWatch] = {}


def watch_of(config: Config) -> FolderWatch:
    """What watches the folders of a library, shared by all visitors; ``end_watches`` ends it."""
    return _watches.setdefault(config, FolderWatch(config))


def end_watches() -> None:
    """Watch nothing any more."""
    while _watches:
        _watches.popitem()[1].stop()

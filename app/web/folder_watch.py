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

    @property
    def is_on(self) -> bool:
        """Whether folders are watched, as far as is known."""
        with self._lock:
            return self._process is not None and self._process.poll() is None

    @property
    def said(self) -> list[str]:
        """What it took in, or why it ended: the last lines."""
        return list(self._said)

    def start(self) -> None:
        """Begin to watch, unless that is done already."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                return
            self._said.clear()
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
                    said = json.loads(line).get("said")
                except (ValueError, AttributeError):
                    said = line.strip()
                if said and isinstance(said, str):
                    self._said.append(said)


_watches: dict[Config, FolderWatch] = {}


def watch_of(config: Config) -> FolderWatch:
    """What watches the folders of a library, shared by all visitors; ``end_watches`` ends it."""
    return _watches.setdefault(config, FolderWatch(config))


def end_watches() -> None:
    """Watch nothing any more."""
    while _watches:
        _watches.popitem()[1].stop()

"""The real ``clipsearch watch`` in a process of its own, and what it has said so far."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from store.library import Library
from store.states import State

SCHEMA = json.loads((Path(__file__).parent.parent / "docs" / "json-schema.json").read_bytes())
ALLOWED = Draft202012Validator(SCHEMA | {"$ref": "#/$defs/watch"})
CHILD = Path(__file__).parent / "crash_child.py"
LONGEST_S = 60.0


def until(true: Callable[[], object], what: str = "") -> None:
    """Wait for something, for as long as a slow machine may take."""
    end = time.monotonic() + LONGEST_S
    while not true():
        assert time.monotonic() < end, f"it takes too long: {what}"
        time.sleep(0.05)


def command(library: Path, *arguments: object) -> list[str]:
    return [sys.executable, str(CHILD), *map(str, arguments), "--library", str(library)]


class Watching:
    """A watcher's process; ``events`` are its lines of JSON, in order."""

    def __init__(
        self, library: Path, *arguments: object, wrapper: Sequence[str] = (), ready: bool = True
    ) -> None:
        self.library = library
        self.process = subprocess.Popen(
            [*wrapper, *command(library, "watch", "--json", *arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.events: list[dict[str, Any]] = []
        self.errors: list[str] = []
        self._threads = [
            threading.Thread(target=self._read, daemon=True),
            threading.Thread(target=self._hear, daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        if ready:
            self.until_batch(lambda batch: True)

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as lines:
            for line in lines:
                self.events.append(json.loads(line))

    def _hear(self) -> None:
        assert self.process.stderr
        with self.process.stderr as lines:
            self.errors.extend(lines)

    def batches(self) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == "batch"]

    def notes(self) -> list[str]:
        return [event["said"] for event in self.events if event["event"] == "note"]

    def until_batch(self, is_it: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        until(lambda: any(is_it(batch) for batch in self.batches()), str(self.events[-5:]))
        return next(batch for batch in self.batches() if is_it(batch))

    def until_note(self, part: str) -> None:
        until(lambda: any(part in said for said in self.notes()), f"{part}: {self.notes()}")

    def until_state(self, path: Path, state: State | None) -> None:
        """Wait until the library has ``path`` in ``state`` (None: not at all)."""
        until(lambda: self.states().get(path) is state, f"{path}: {self.events[-5:]}")

    def states(self) -> dict[Path, State]:
        """What the library has, photos that are away included."""
        with Library.open(self.library) as library:
            return {photo.path: photo.state for photo in library.files(State)}

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        code = self.process.wait(LONGEST_S)
        self.close()
        return code

    def close(self) -> None:
        """Wait for the last of what it says, which has to be in the schema; it ends now."""
        self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join()
        for event in self.events:
            ALLOWED.validate(event)


@contextmanager
def watched(library: Path, *arguments: object, **options: Any) -> Iterator[Watching]:
    """A watcher that has taken in what was there; killed at the end if it still runs."""
    watching = Watching(library, *arguments, **options)
    try:
        yield watching
    finally:
        watching.close()

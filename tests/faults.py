"""Every operation that writes, with a fault at its n-th write, sync, rename or removal.

    python tests/faults.py [--most 1000] [--operation index] [--seed 0]

As SQLite tests itself ("How SQLite Is Tested", I/O error and crash testing). strace makes the
system call fail (the disk is full, or broken) or kills the process there. Then whatever a person
made must be there, and after the same command was run again, everything must be as if nothing
had happened. With more system calls than ``--most``, a sample of them is tried.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from comparer import Held, held

OLD = Path(__file__).parent / "libraries" / "format-4.sql"
SERVER = Path(__file__).with_name("fault_child.py")
WRITES = ("write", "pwrite64", "ftruncate")
CALLS = (*WRITES, "fsync", "fdatasync", "rename", "renameat2", "unlink", "unlinkat")


@dataclass(frozen=True)
class Operation:
    """A command on a library of its own, and what its user did before.

    Attributes:
        arguments: LIBRARY, PHOTOS and PLACE stand for the folders.
        fingerprint: of the model.
        settle: commands after which the undisturbed and the disturbed library must be equal.
        may_refuse: whether to run it again may end with a refusal, as there is nothing to do.
        old_format: whether it is done to a library of the format before.
    """

    arguments: tuple[str, ...]
    edits: bool = False
    fingerprint: str = "1"
    settle: tuple[tuple[str, ...], ...] = (("index",),)
    may_refuse: bool = False
    old_format: bool = False


OPERATIONS = {
    "index": Operation(("index", "PHOTOS"), edits=True),
    "switch of model": Operation(("index",), edits=True, fingerprint="2"),
    "prune": Operation(("prune",), settle=()),
    "forget": Operation(("forget", "PHOTOS/b", "--yes"), settle=(), may_refuse=True),
    "relocate": Operation(("relocate", "PHOTOS/a", "PHOTOS/c"), settle=(), may_refuse=True),
    "tag": Operation(("tag", "add", "more", "PHOTOS/a"), settle=()),
    "favourite": Operation(("favourite", "--remove", "PHOTOS/a"), settle=()),
    "doctor": Operation(("doctor",), settle=()),
    "backup": Operation(("backup", "PLACE/backup.db", "--force"), settle=()),
    "restore": Operation(("restore", "PLACE/start/earlier.db", "--yes"), settle=()),
    "import of marks": Operation(("marks", "import", "PLACE/start/marks.jsonl"), settle=()),
    "change of format": Operation(("status",), settle=(), old_format=True),
}


def draw(path: Path, seed: int) -> None:
    chance = random.Random(seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("RGB", (16, 16), tuple(chance.randrange(40, 256) for _ in range(3)))
    for _ in range(6):
        spot = (chance.randrange(16), chance.randrange(16))
        image.putpixel(spot, tuple(chance.randrange(256) for _ in range(3)))
    image.save(path)


class Server:
    """Runs commands, each in a child that may be traced."""

    def __init__(self, place: Path) -> None:
        self._output = place / "output"
        self._process = subprocess.Popen(
            [sys.executable, str(SERVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"CLIPSEARCH_OFFLINE": "1", "CLIPSEARCH_CACHE": str(place / "cache")},
        )

    def run(
        self, arguments: list[str], environment: dict[str, str], trace: list[str] | None = None
    ) -> tuple[int, str]:
        """The exit code and all that was said; ``trace`` are strace's options."""
        task = {"arguments": arguments, "environment": environment, "output": str(self._output)}
        self._tell(json.dumps(task))
        number = self._hear()
        tracer = None
        if trace is not None:
            tracer = subprocess.Popen(
                ["strace", "-f", "-p", number, *trace], stderr=subprocess.PIPE, text=True
            )
            assert tracer.stderr is not None
            first = tracer.stderr.readline()
            assert "attached" in first, first
        self._tell("go")
        code = int(self._hear())
        if tracer is not None:
            tracer.communicate()
        return code, self._output.read_text(errors="replace")

    def _tell(self, text: str) -> None:
        assert self._process.stdin is not None
        print(text, file=self._process.stdin, flush=True)

    def _hear(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the server has died"
        return line.strip()

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


@dataclass
class Bench:
    """A library to start every trial from, and the server that runs the trials."""

    place: Path
    server: Server
    trials: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "CLIPSEARCH_LIBRARY": str(self.place / "library"),
            "CLIPSEARCH_CONFIG": str(self.place / "config.toml"),
        }

    def run(
        self, operation: Operation, arguments: tuple[str, ...], trace: list[str] | None = None
    ) -> tuple[int, str]:
        words = [
            word.replace("PHOTOS", str(self.place / "photos")).replace("PLACE", str(self.place))
            for word in arguments
        ]
        fingerprint = {"FINGERPRINT": operation.fingerprint}
        return self.server.run(words, self.environment | fingerprint, trace)

    def prepare(self, operation: Operation) -> None:
        """Everything as before the operation."""
        for name in ("library", "photos"):
            shutil.rmtree(self.place / name, ignore_errors=True)
            # With times, so that nothing looks changed.
            shutil.copytree(self.place / "start" / name, self.place / name)
        if operation.old_format:
            database = self.place / "library" / "library.db"
            for path in database.parent.iterdir():
                path.unlink()
            with closing(sqlite3.connect(database)) as connection:
                connection.executescript(OLD.read_text())
        if operation.arguments[0] == "relocate":
            (self.place / "photos" / "a").rename(self.place / "photos" / "c")
        if operation.edits:
            edit(self.place / "photos")

    def settled(self, operation: Operation) -> Held:
        for arguments in operation.settle:
            code, said = self.run(operation, arguments)
            assert code == 0, said
        code, said = self.run(operation, ("doctor",))
        assert code == 0, said
        return held(self.place / "library")


def edit(photos: Path) -> None:
    """What happened since the last run: new, moved, edited, deleted and damaged files."""
    for number in range(50, 60):
        draw(photos / "new" / f"{number}.png", number)
    (photos / "a" / "1.png").rename(photos / "b" / "moved.png")
    (photos / "b" / "16.png").unlink()
    for number in (2, 3):  # marked ones
        with Image.open(photos / "a" / f"{number}.png") as image:
            image.load()
        image.putpixel((0, 0), (0, 0, 0))
        image.save(photos / "a" / f"{number}.png")
    (photos / "b" / "17.png").write_bytes(b"\x89PNG\r\n\x1a\n")


@contextmanager
def bench() -> Iterator[Bench]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "config.toml").touch()
        server = Server(place)
        try:
            made = Bench(place, server)
            start(made)
            yield made
        finally:
            server.close()


def start(made: Bench) -> None:
    photos = made.place / "photos"
    (made.place / "start").mkdir()
    for number in range(24):
        draw(photos / ("a" if number < 12 else "b") / f"{number}.png", number)
    plain = Operation(())
    names = [f"PHOTOS/a/{number}.png" for number in range(6)]
    (photos / "b" / "20.png").rename(made.place / "20.png")  # it will be gone
    for arguments in (
        ("index", "PHOTOS"),
        ("favourite", *names, "PHOTOS/b/12.png"),
        ("backup", "PLACE/start/earlier.db"),
        ("tag", "add", "sea", "PHOTOS/a/2.png", "PHOTOS/b"),
        ("marks", "export", "PLACE/start/marks.jsonl"),
        ("tag", "remove", "sea", "PHOTOS/a/2.png"),
    ):
        code, said = made.run(plain, arguments)
        assert code == 0, said
    (photos / "b" / "21.png").unlink()
    code, said = made.run(plain, ("index",))
    assert code == 0, said
    for name in ("library", "photos"):
        shutil.copytree(made.place / name, made.place / "start" / name)


@dataclass(frozen=True)
class Moment:
    """The n-th call of one kind by the thread that writes."""

    call: str
    number: int


def moments(made: Bench, operation: Operation) -> list[Moment]:
    """Every system call of an undisturbed run that changes the library."""
    made.prepare(operation)
    log = made.place / "log"
    trace = ["-y", "-o", str(log), "-e", f"trace={','.join(CALLS)}"]
    code, said = made.run(operation, operation.arguments, trace)
    assert code == 0, said
    counts: Counter[tuple[str, str]] = Counter()
    wanted = []
    main = ""
    for line in log.read_text(errors="replace").splitlines():
        match = re.match(r"(\d+)\s+(\w+)\((.*)", line)
        if not match:
            continue
        thread, call, rest = match.groups()
        main = main or thread
        counts[thread, call] += 1
        if str(made.place) in rest and "/output>" not in rest and thread == main:
            wanted.append(Moment(call, counts[thread, call]))
    return wanted


def faults_at(moment: Moment) -> list[str]:
    """What may go wrong there, as strace has it."""
    broken = [f"signal=KILL:when={moment.number}", f"error=EIO:when={moment.number}"]
    if moment.call in WRITES:
        # Full for this write alone, or from here on (but our own words can still be written).
        again = "+" if moment.call == "pwrite64" else ""
        broken.append(f"error=ENOSPC:when={moment.number}{again}")
    return [f"inject={moment.call}:{fault}" for fault in broken]


def trial(made: Bench, name: str, operation: Operation, fault: str, expected: Held) -> None:
    """One fault, then the same again without it."""
    made.prepare(operation)
    before = None if operation.old_format else held(made.place / "library")
    trace = ["-o", "/dev/null", "-e", f"trace={','.join(CALLS)}", "-e", fault]
    code, said = made.run(operation, operation.arguments, trace)
    what = f"{name}, {fault}: exit {code}: {said[-600:]}"
    made.trials[name] += 1
    try:
        assert code in (0, 1, -9), "an exit code that nobody expects"
        assert "Traceback" not in said and "that should not" not in said, "no error of ours"
        if before is not None:
            after = held(made.place / "library")
            assert after.marks in (before.marks, expected.marks), "marks were lost"
        code, said = made.run(operation, operation.arguments)
        assert code == 0 or (operation.may_refuse and code == 2), f"again: {code} {said}"
        assert made.settled(operation) == expected, "not as if nothing had happened"
    except AssertionError as error:
        made.faults.append(f"{what}\n    {error}")


def run(made: Bench, names: list[str], most: int, seed: int) -> None:
    chance = random.Random(seed)
    for name in names:
        operation = OPERATIONS[name]
        faults = [fault for moment in moments(made, operation) for fault in faults_at(moment)]
        expected = made.settled(operation)
        chosen = faults if len(faults) <= most else chance.sample(faults, most)
        for fault in chosen:
            trial(made, name, operation, fault, expected)


def can_trace() -> bool:
    """Whether this machine lets strace attach to a process."""
    if shutil.which("strace") is None:
        return False
    sleeper = subprocess.Popen(["sleep", "20"])
    tracer = subprocess.Popen(["strace", "-p", str(sleeper.pid)], stderr=subprocess.PIPE, text=True)
    assert tracer.stderr is not None
    attached = "attached" in tracer.stderr.readline()
    sleeper.kill()
    sleeper.wait()
    tracer.communicate()
    return attached


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=1000, help="faults tried in each operation")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--operation", action="append", choices=list(OPERATIONS))
    options = parser.parse_args()
    begun = time.monotonic()
    with bench() as made:
        run(made, options.operation or list(OPERATIONS), options.most, options.seed)
    for name, count in made.trials.items():
        print(f"{count:>6} {name}")
    seconds = time.monotonic() - begun
    print(f"{made.trials.total():>6} in all, {len(made.faults)} wrong, {seconds:.0f} s")
    for fault in made.faults:
        print(fault)
    sys.exit(bool(made.faults))


if __name__ == "__main__":
    main()

"""Restoring under kills, errors and searches: the old library or the new one, never another."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from test_backup import dump, filled  # noqa: F401

from damaged import make_library
from store.library import DATABASE, Library
from store.rescue.backup import back_up, restore_backup

HERE = Path(__file__).parent


KILLED = """
import os, signal, sys, threading, time
sys.path.insert(0, {top!r})
from pathlib import Path
from store.rescue.backup import restore_backup
def kill():
    time.sleep({after})
    os.kill(os.getpid(), signal.SIGKILL)
threading.Thread(target=kill, daemon=True).start()
start = time.monotonic()
restore_backup(Path({folder!r}), Path({backup!r}))
print(time.monotonic() - start)
"""


@pytest.fixture
def two_libraries(tmp_path: Path) -> tuple[Path, Path, Path]:
    """The folder of a library, the backup of another one, and one of it."""
    make_library(tmp_path / "library", 3_000, 200)
    make_library(tmp_path / "other", 1_000, 40)
    other = back_up(tmp_path / "other", tmp_path / "other.db").path
    mine = back_up(tmp_path / "library", tmp_path / "mine.db").path
    return tmp_path / "library", other, mine


@pytest.mark.one_python
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_kills_leave_the_old_library_or_the_new(two_libraries: tuple[Path, Path, Path]) -> None:
    folder, other, mine = two_libraries
    allowed = {str(dump(other)), str(dump(mine))}
    restore_backup(folder, mine)
    takes = 60.0  # seconds; the first run is left alone and says how long one takes
    chance = random.Random()
    outcomes = set()
    trials = int(os.environ.get("CLIPSEARCH_KILLS", "10"))
    for trial in range(1 + trials):
        backup = (other, mine)[trial % 2]
        after = takes if trial == 0 else chance.uniform(0, 1.5 * takes)
        script = KILLED.format(
            top=str(HERE.parent), folder=str(folder), backup=str(backup), after=after
        )
        done = subprocess.run(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, check=False
        )
        assert done.returncode in (0, -9)
        now = str(dump(folder / DATABASE))
        assert now in allowed
        outcomes.add((done.returncode, now == str(dump(backup))))
        if done.returncode == 0:
            assert now == str(dump(backup))
            takes = float(done.stdout)  # a run that a busy machine slowed is forgotten at the next
        for aside in folder.glob("library-before-*.db"):
            aside.unlink()
    assert any(code == -9 for code, _ in outcomes)
    restore_backup(folder, other)
    assert str(dump(folder / DATABASE)) == str(dump(other))
    assert list(folder.glob("*.tmp*")) == []  # what the kills left is gone


STEPS = ("copy_pages", "open_database", "examine", "_copy_unchanged", "_put_into")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "error",
    [
        OSError(28, "No space left on device", "x"),
        sqlite3.OperationalError("database or disk is full"),
    ],
)
def test_an_error_at_any_step_changes_nothing(
    step: str,
    error: Exception,
    filled: Library,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = back_up(filled.folder, tmp_path / "b.db").path
    filled.user_data.add_tag([3], "later")
    before = dump(filled.folder / DATABASE)

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(f"store.rescue.backup.{step}", fail)
    with pytest.raises(Exception, match=r"No space|full"):
        restore_backup(filled.folder, good)
    monkeypatch.undo()
    assert dump(filled.folder / DATABASE) == before
    left = [p.name for p in filled.folder.iterdir() if ".tmp" in p.name or "restore" in p.name]
    assert left == []


ASKING = """
import sys
sys.path[:0] = [{top!r}, {tests!r}]
from pathlib import Path
from store.library import Library
import numpy as np
library = Library.open(Path({folder!r}))
model = library.model()
print("ready", flush=True)
for _ in sys.stdin:
    index = library.index(model).index
    counts = {{len(library.matching(model, None)), len(index)}}
    print(sorted(counts), flush=True)
"""


@pytest.mark.one_python
def test_searches_in_another_process_meanwhile(two_libraries: tuple[Path, Path, Path]) -> None:
    folder, other, mine = two_libraries
    script = ASKING.format(top=str(HERE.parent), tests=str(HERE), folder=str(folder))
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin and child.stdout
        assert child.stdout.readline() == "ready\n"
        said = set()
        for backup in (other, mine) * 3:
            child.stdin.write("?\n" * 3)
            child.stdin.flush()
            restore_backup(folder, backup)
            said |= {child.stdout.readline() for _ in range(3)}
        child.stdin.close()
        assert child.wait(timeout=30) == 0
    # One of the two libraries each time, or at the worst the rows of one and the index of the next.
    assert said <= {"[3000]\n", "[1000]\n", "[1000, 3000]\n"}
    assert {"[3000]\n"} <= said

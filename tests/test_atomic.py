from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from store.errors import FileRefused
from store.files.atomic import replaced, write_whole, written_whole
from store.library import Library


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    return made


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_file_appears_when_it_is_whole(folder: Path) -> None:
    path = folder / "a.txt"
    with written_whole(path) as beside:
        beside.write_text("half")
        assert not path.exists()
        beside.write_text("whole")
    assert path.read_text() == "whole" and names(folder) == ["a.txt"]


def test_an_error_leaves_what_was_there(folder: Path) -> None:
    path = folder / "a.db"
    path.write_text("before")
    with (
        pytest.raises(KeyboardInterrupt),
        written_whole(path, replace=True) as beside,
        closing(sqlite3.connect(beside)) as database,
    ):
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE t (a)")
        raise KeyboardInterrupt
    assert path.read_text() == "before" and names(folder) == ["a.db"]


def test_what_comes_meanwhile_is_not_replaced(folder: Path) -> None:
    path = folder / "a.txt"
    with pytest.raises(FileRefused, match=r"a\.txt"), written_whole(path) as beside:
        beside.write_text("mine")
        path.write_text("another's")
    assert path.read_text() == "another's" and names(folder) == ["a.txt"]


KILLED = """
import os, signal, sys
sys.path.insert(0, {top!r})
from pathlib import Path
from store.files.atomic import replaced
with replaced(Path("a.txt")) as file:
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_what_a_kill_leaves_is_cleared_away_by_the_next_writer(folder: Path) -> None:
    (folder / "a.txt").write_text("before")
    script = KILLED.format(top=str(Path(__file__).parent.parent))
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, check=False)
    assert done.returncode == -signal.SIGKILL
    assert (folder / "a.txt").read_text() == "before" and len(names(folder)) == 2
    with Library.open(folder, create=True) as library, library.writing():
        assert [name for name in names(folder) if name.startswith(".clipsearch")] == []


@pytest.mark.parametrize("keep", [True, False])
def test_bytes_are_written_whole(folder: Path, keep: bool) -> None:
    path = folder / "a.txt"
    for content in (b"first", b"second"):
        write_whole(path, content, keep=keep)
        assert path.read_bytes() == content and names(folder) == ["a.txt"]
    with pytest.raises(ZeroDivisionError), replaced(path, keep=keep) as file:
        file.write(b"third")
        _ = 1 / 0
    assert path.read_bytes() == b"second" and names(folder) == ["a.txt"]


FULL = """
import resource, sys
sys.path.insert(0, {top!r})
from pathlib import Path
from store.files.atomic import written_whole
resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))  # as a disk that is full
try:
    with written_whole(Path("a.txt")) as beside, beside.open("w") as out:
        out.write("x" * 5_000)
except OSError as error:
    print(error.filename)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_full_disk_is_named(folder: Path) -> None:
    script = FULL.format(top=str(Path(__file__).parent.parent))
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True
    )
    assert done.stdout == "a.txt\n", done.stderr
    assert names(folder) == []

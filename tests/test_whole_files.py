from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from store.errors import FileRefused
from store.files.whole_files import written_whole


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


FULL = """
import resource, sys
sys.path.insert(0, {top!r})
from pathlib import Path
from store.files.whole_files import written_whole
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

"""Copies of a database are whole or not there; one is kept before a change of format."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from test_database import library_of, structure

from store.errors import FileRefused, LibraryDamaged, LibraryError
from store.library import DATABASE
from store.rescue.copies import copy_database, examine, keep_before_upgrade
from store.sql.database import open_database
from store.sql.dialect.upgrades import SCHEMA_VERSION

HERE = Path(__file__).parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "library"
    made.mkdir()
    return made


def test_a_copy_is_equal_and_one_file(folder: Path) -> None:
    source = library_of(4, folder)
    facts = copy_database(source, folder / "copy.db")
    assert facts is not None
    assert (facts.version, facts.counts["photo"], facts.counts["tag"]) == (4, 4, 2)
    with (
        closing(sqlite3.connect(source)) as one,
        closing(sqlite3.connect(folder / "copy.db")) as two,
    ):
        assert list(one.iterdump()) == list(two.iterdump())
    assert {p.name for p in folder.iterdir()} == {DATABASE, "copy.db"}


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_a_copy_is_kept_before_the_format_changes(folder: Path, version: int) -> None:
    (folder / f"library-format-{version - 1}.db").touch()
    path = library_of(version, folder)
    before = structure(path)
    open_database(path).dispose()
    kept = folder / f"library-format-{version}.db"
    assert structure(kept) == before
    assert examine(kept).version == version
    assert sorted(p.name for p in folder.glob("library-format-*")) == [kept.name]
    open_database(path).dispose()  # up to date: the copy stays as it is
    assert examine(kept).version == version


def test_a_library_that_another_process_has_just_changed_is_not_copied(folder: Path) -> None:
    path = library_of(SCHEMA_VERSION - 1, folder)
    open_database(path, keep_copy=False).dispose()
    keep_before_upgrade(path, SCHEMA_VERSION - 1)
    assert list(folder.glob("library-format-*")) == []


def test_without_room_for_the_copy_nothing_is_changed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = library_of(3, folder)
    before = structure(path)
    usage = type("Usage", (), {"free": 1000})
    with monkeypatch.context() as patch:
        patch.setattr("shutil.disk_usage", lambda _: usage)
        with pytest.raises(LibraryError, match=r"format 3.*0 MB are free.*not changed"):
            open_database(path)
    assert structure(path) == before
    assert {p.name for p in folder.iterdir()} <= {DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"}
    open_database(path).dispose()
    assert examine(path).version == SCHEMA_VERSION


LIMITED = """
import resource, sys
sys.path.insert(0, {top!r})
from pathlib import Path
from store.errors import LibraryError
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))  # as a disk that is full
try:
    {call}
except (LibraryError, OSError) as error:
    print(type(error).__name__, error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            "from store.sql.database import open_database; open_database(Path('library.db'))",
            "format 4",
        ),
        (
            "from store.rescue.backup import back_up; back_up(Path.cwd(), Path('b.db').resolve())",
            "b.db",
        ),
    ],
)
def test_a_full_disk_leaves_nothing_behind(folder: Path, call: str, said: str) -> None:
    path = library_of(4, folder)
    before = path.read_bytes()
    assert len(before) > 40_000
    script = LIMITED.format(top=str(HERE.parent), call=call)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("LibraryError") and said in done.stdout, done.stderr
    assert path.read_bytes()[100:] == before[100:]
    names = {p.name for p in folder.iterdir()}
    assert names <= {DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"}


KILLED = """
import os, signal, sys
sys.path.insert(0, {top!r})
from pathlib import Path
from sqlalchemy import Engine, event
from store.sql.database import open_database
@event.listens_for(Engine, "before_cursor_execute")
def count(connection, cursor, statement, *_):
    global left
    if not statement.startswith(("CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "PRAGMA user_v")):
        return
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
for line in sys.stdin:  # each in a process of its own, all of which have imported the same
    if not (child := os.fork()):
        left = int(line)
        try:
            open_database(Path("library.db"))
            os._exit(0)
        finally:
            os._exit(1)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.mark.one_python
@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_kill_at_any_statement_leaves_the_earlier_format(folder: Path) -> None:
    path = library_of(3, folder)
    before = structure(path)
    script = [sys.executable, "-c", KILLED.format(top=str(HERE.parent))]
    pipe = subprocess.PIPE
    with subprocess.Popen(script, cwd=folder, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin and process.stdout
        for statements in range(0, 100, 4):
            print(statements, file=process.stdin, flush=True)
            code = int(process.stdout.readline())
            if code == 0:
                break
            assert code == -signal.SIGKILL
            assert structure(path) == before
    assert statements > 12  # it was killed now and then
    assert examine(path).version == SCHEMA_VERSION


def test_a_damaged_library_is_not_changed(folder: Path) -> None:
    path = library_of(4, folder)
    content = bytearray(path.read_bytes())
    content[-4096:] = os.urandom(4096)
    path.write_bytes(content)
    with pytest.raises(LibraryDamaged, match=r"library\.db .*--salvage"):
        open_database(path)
    assert path.read_bytes()[100:] == content[100:]


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda p: None, FileRefused),
        (lambda p: p.write_bytes(b"text" * 5000), LibraryDamaged),
        (lambda p: p.write_bytes(b""), FileRefused),
        (
            lambda p: sqlite3.connect(p).execute("CREATE TABLE photo (id)").connection.close(),
            FileRefused,
        ),
    ],
)
def test_what_is_no_library(folder: Path, make: object, error: type[Exception]) -> None:
    path = folder / "x.db"
    make(path)  # type: ignore[operator]
    with pytest.raises(error, match=r"x\.db"):
        examine(path)
    with pytest.raises((error, LibraryError)):
        copy_database(path, folder / "copy.db")
    assert not (folder / "copy.db").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
def test_a_folder_that_can_not_be_written(folder: Path) -> None:
    path = library_of(4, folder)
    folder.chmod(0o500)
    try:
        with pytest.raises(LibraryError, match=r"format 4.*not changed"):
            keep_before_upgrade(path, 4)
    finally:
        folder.chmod(0o700)
    assert [p.name for p in folder.iterdir()] == [DATABASE]

"""A damaged database is called so when it is opened, and nobody writes to it."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from conftest import Index
from store.errors import LibraryDamaged
from store.library import DATABASE, Library
from store.sql.database import open_database
from store.sql.dialect.sessions import add_functions
from store.states import State


@pytest.fixture
def database(index: Index, photos: Path, library: Library) -> Path:
    """The file of a library, with nothing left in a log beside it."""
    index(photos)
    library.close()
    path = library.folder / DATABASE
    with closing(sqlite3.connect(path)) as connection:
        add_functions(connection)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


def cut(share: float) -> Callable[[bytes], bytes]:
    return lambda content: content[: int(len(content) * share)]


def overwrite(place: int, new: bytes) -> Callable[[bytes], bytes]:
    return lambda content: content[:place] + new + content[place + len(new) :]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (cut(0), "is empty"),
        (lambda content: content[:50], "beginning is damaged"),
        (cut(0.5), "is cut short"),
        (cut(0.95), "is cut short"),
        (overwrite(0, b"no SQLite file at all"), "beginning is damaged"),
        (overwrite(0, bytes(4096)), "beginning is damaged"),
        (overwrite(16, b"\x00\x07"), "beginning is damaged"),
        (overwrite(60, bytes(4)), "without a library"),
        (overwrite(60, b"\xff\xff\xff\xf0"), "without a library"),
    ],
)
def test_damage_that_shows_at_once(
    database: Path, change: Callable[[bytes], bytes], said: str
) -> None:
    damaged = change(database.read_bytes())
    database.write_bytes(damaged)
    for create in (False, True):
        with pytest.raises(LibraryDamaged, match=said):
            Library.open(database.parent, create=create)
    assert database.read_bytes() == damaged
    assert not database.with_name(f"{DATABASE}-wal").exists()


@pytest.mark.parametrize("table", ["photo", "tag", "embedding", "setting"])
def test_a_missing_table(database: Path, table: str) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        add_functions(connection)
        connection.execute(f"DROP TABLE {table}")
    with pytest.raises(LibraryDamaged, match=f"lacks {table}"):
        open_database(database)


def test_a_missing_column(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        add_functions(connection)
        connection.execute("ALTER TABLE photo RENAME COLUMN reason TO raeson")
    with pytest.raises(LibraryDamaged, match=r"lacks photo\.reason"):
        open_database(database)


def test_a_schema_that_is_no_text(database: Path) -> None:
    """SQLite quotes it in its complaint, which Python can't decode then."""
    content = database.read_bytes()
    place = content.index(b"CREATE TABLE tag")
    database.write_bytes(overwrite(place + 8, b"\xa0")(content))
    with pytest.raises(LibraryDamaged, match="no readable names"):
        open_database(database)


def test_what_is_still_in_the_log_is_not_missing(database: Path) -> None:
    """A file that is short because a kill left the rest of it in the log."""
    script = (
        "import os, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA wal_autocheckpoint = 0')\n"
        "c.execute('CREATE TABLE more (x)')\n"
        "c.execute('INSERT INTO more VALUES (zeroblob(200000))')\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", script, str(database)], check=True)
    assert database.with_name(f"{DATABASE}-wal").stat().st_size > 200_000
    # As a kill half way through writing the log back leaves it: the new first page, no new others.
    content = bytearray(database.read_bytes())
    pages = int.from_bytes(content[28:32], "big")
    content[28:32] = (pages + 50).to_bytes(4, "big")
    database.write_bytes(content)
    opened = Library.open(database.parent)
    assert len(list(opened.files([State.INDEXED]))) == 5
    opened.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE photo SET state = 'indfxed'",
        "UPDATE content SET taken_at = 'yesterday'",
        "UPDATE root SET excludes = '['",
        "UPDATE setting SET value = '[' WHERE key = 'model_id'",
        "UPDATE setting SET value = '[' WHERE key = 'generation'",
        "UPDATE photo SET mtime_ns = 'soon'",
        "UPDATE photo SET name = x'ff00' WHERE id = 2",
        "UPDATE photo SET name = cast(x'ff00' as text) WHERE id = 2",
    ],
)
@pytest.mark.parametrize("command", ["status", "files", "search", "index"])
def test_a_value_that_can_not_be_is_one_line(
    database: Path, statement: str, command: str, photos: Path
) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        add_functions(connection)
        connection.execute("DROP TRIGGER photo_words_changed")  # it would refuse what is no text
        connection.execute(statement)
    from typer.testing import CliRunner

    from app.cli import cli

    arguments = {"search": ["-n", "5", "--", "in:sub"], "files": ["--state", "indexed"]}
    done = CliRunner().invoke(cli, [command, *arguments.get(command, [])])
    assert "should not" not in done.stderr, done.stderr
    if done.exit_code:
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr


def test_a_new_library_is_whole_or_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    # Of a library that was deleted, and of a process that was killed while it made one.
    (folder / f"{DATABASE}-wal").write_bytes(os.urandom(5000))
    (folder / f"{DATABASE}.new123").write_bytes(b"")
    (folder / f"{DATABASE}.backup").write_bytes(b"the user's own")
    Library.open(folder, create=True).close()
    assert {path.name for path in folder.glob("library*")} == {
        DATABASE,
        f"{DATABASE}.backup",
    }


@pytest.mark.one_python
def test_several_processes_make_one_library(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom store.library import Library\n"
        "Library.open(Path(sys.argv[1]), create=True).close()\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "new")]
    top = Path(__file__).parent.parent
    children = [subprocess.Popen(command, cwd=top) for _ in range(6)]
    assert [child.wait() for child in children] == [0] * 6
    Library.open(tmp_path / "new").close()

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.checksums import checksum
from store.errors import LibraryDamaged, LibraryError, LibraryNotFound, LibraryTooNew
from store.library import Library
from store.sql.database import open_database
from store.sql.dialect.upgrades import SCHEMA_VERSION


def test_a_missing_library_is_not_made_by_looking(tmp_path: Path) -> None:
    with pytest.raises(LibraryNotFound, match="clipsearch index"):
        open_database(tmp_path / "none" / "library.db")
    assert not (tmp_path / "none").exists()


def test_pragmas_and_version(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "library.db", create=True)
    with engine.connect() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "user_version")
        }
    engine.dispose()
    assert values == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "busy_timeout": 30_000,
        "user_version": SCHEMA_VERSION,
    }


def test_a_newer_library_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    open_database(path, create=True).dispose()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(LibraryTooNew, match="Update clipsearch"):
        open_database(path)


@pytest.mark.parametrize("content", [b"only text, no database" * 100, b"SQLite format 3\0"])
def test_a_broken_file_is_named_as_such(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "library.db"
    path.write_bytes(content + b"x" * 5000)
    with pytest.raises(LibraryDamaged, match=r"library\.db"):
        open_database(path)
    assert path.read_bytes() == content + b"x" * 5000


@pytest.mark.parametrize("version", [-1, -(2**31)])
def test_a_version_that_never_was_is_damage(tmp_path: Path, version: int) -> None:
    path = tmp_path / "library.db"
    open_database(path, create=True).dispose()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {version}")
    connection.close()
    with pytest.raises(LibraryDamaged, match=r"without a library in it.*backup"):
        open_database(path)


def test_the_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "library.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipe (name TEXT)")
    connection.close()
    with pytest.raises(LibraryDamaged, match="without a library in it"):
        open_database(path, create=True)
    assert list(structure(path)) == ["recipe"]


def test_a_folder_name_with_url_characters(tmp_path: Path) -> None:
    folder = tmp_path / "a?b%20c#d"
    folder.mkdir()
    open_database(folder / "library.db", create=True).dispose()
    assert (folder / "library.db").is_file()


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    engine = open_database(tmp_path / "library.db", create=True)
    with (
        pytest.raises(LibraryError, match="full"),
        engine.begin() as connection,
    ):
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
        for key in range(100):
            statement = "INSERT INTO setting VALUES (?, ?)"
            connection.exec_driver_sql(statement, (str(key), "x" * 10_000))
    with engine.begin() as connection:  # and nothing half of it
        assert connection.exec_driver_sql("SELECT count(*) FROM setting").scalar_one() == 0
    engine.dispose()


def test_a_folder_that_may_not_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "library.db").mkdir()
    with pytest.raises(LibraryError, match="can't be used"):
        open_database(tmp_path / "library.db")


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_a_library_of_every_earlier_version_is_brought_up_to_date(
    tmp_path: Path, version: int
) -> None:
    open_database(tmp_path / "new.db", create=True).dispose()
    path = library_of(version, tmp_path)
    assert structure(path) != structure(tmp_path / "new.db")
    open_database(path).dispose()
    assert structure(path) == structure(tmp_path / "new.db")
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        names = [name for (name,) in connection.execute("SELECT name FROM photo ORDER BY id")]
        film = ["film.mp4"] * (version >= 11)
        assert names == ["red.png", "green.png", "blue.png", *film, "notes.txt"]
        rows = connection.execute(
            "SELECT digest, vector, checksum FROM embedding JOIN content ON content.id = content_id"
        ).fetchall()
        assert len(rows) == 3 + len(film)
        assert all(checksum(digest, vector) == kept for digest, vector, kept in rows)


@pytest.mark.parametrize("version", range(3, SCHEMA_VERSION))
def test_what_a_person_made_survives_every_change_of_version(tmp_path: Path, version: int) -> None:
    library_of(version, tmp_path)
    with closing(Library.open(tmp_path)) as library:
        assert library.user_data.tagged() == {"favourite": [1], "sea": [3]}
        examples = [(e.path, e.negative, e.content_id) for e in library.user_data.examples("warm")]
        assert examples == [("/photos/red.png", False, 1), ("/elsewhere/ice.png", True, None)]
        if version >= 4:
            assert library.user_data.saved_searches() == {"sea": "the sea"}
            assert library.user_data.history(5) == ["dog"]


def library_of(version: int, folder: Path) -> Path:
    """A database as ``version`` made it: three pictures (one of them gone) and a text file."""
    path = folder / "library.db"
    script = Path(__file__).parent / "libraries" / f"format-{version}.sql"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script.read_text())
    return path


def structure(path: Path) -> dict[str, object]:
    """Every table's columns and keys, and the text of everything else, by name."""
    with sqlite3.connect(path) as connection:
        definitions: dict[str, object] = {}
        rows = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        for kind, name, sql in rows:
            if kind != "table":
                definitions[name] = (kind, " ".join((sql or "").split()))
                continue
            columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
            keys = connection.execute(f"PRAGMA foreign_key_list({name})").fetchall()
            definitions[name] = (
                sorted(column[1:] for column in columns),
                sorted(key[2:] for key in keys),
            )
    connection.close()
    return definitions

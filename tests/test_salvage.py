"""A damaged database gives back what can be read of it, and nothing that can't be believed."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from test_database import library_of

from damaged import KINDS, PAGE, damage, make_library, tags
from store.checksums import checksum
from store.errors import FileRefused, LibraryNotFound
from store.frames import frame_digest
from store.library import DATABASE, Library
from store.rescue.salvage import salvage
from store.rescue.salvage_rows import SHAPES
from store.sql.dialect.sessions import add_functions
from store.sql.dialect.upgrades import SCHEMA_VERSION
from store.sql.schema import Base

TRIALS = int(os.environ.get("CLIPSEARCH_DAMAGES", "3"))  # of each kind
TABLES = ("root", "model", "content", "photo", "embedding", "concept_example", "saved_search")
SETTINGS = "SELECT key, value FROM setting WHERE key <> 'past' ORDER BY key"


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sound library: 500 pictures, 110 tags."""
    folder = tmp_path_factory.mktemp("whole")
    make_library(folder, 500, 110)
    return folder


CHECKS = ("integrity_check", "foreign_key_check", "user_version")


def rows(path: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return sorted(database.execute(f"SELECT * FROM {table}"), key=repr)


def is_sound(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as database:
        checks = [database.execute(f"PRAGMA {check}").fetchall() for check in CHECKS]
        bad = database.execute("SELECT count(*) FROM embedding WHERE length(vector) % 4").fetchone()
    return checks == [[("ok",)], [], [(SCHEMA_VERSION,)]] and bad == (0,)


def test_of_a_sound_library_everything_is_saved(whole: Path, tmp_path: Path) -> None:
    done = salvage(whole, tmp_path / "new")
    new = tmp_path / "new" / DATABASE
    assert [p.name for p in new.parent.iterdir()] == [DATABASE]
    for table in TABLES:
        assert rows(new, table) == rows(whole / DATABASE, table), table
    assert tags(new) == tags(whole / DATABASE)
    assert done.saved["tag"] == 110 and done.saved["photo"] == 500
    assert done.left_out.total() == 0
    for path in (new, whole / DATABASE):
        with closing(sqlite3.connect(path)) as database:
            settings = database.execute(SETTINGS).fetchall()
            assert settings == [("building_model_id", 1), ("model_id", 1)]
    assert is_sound(new)


def test_every_column_of_the_schema_is_known() -> None:
    tables = {name: list(table.columns.keys()) for name, table in Base.metadata.tables.items()}
    del tables["change"]  # for the index files, which are not saved
    assert {name: list(shape.columns) for name, shape in SHAPES.items()} == tables


@pytest.mark.parametrize("seed", range(TRIALS))
@pytest.mark.parametrize("kind", KINDS)
def test_what_damage_leaves_is_saved(kind: str, seed: int, whole: Path, tmp_path: Path) -> None:
    shutil.copy(whole / DATABASE, tmp_path)
    damage(tmp_path / DATABASE, kind, random.Random(f"{kind} {seed}"))
    before = (tmp_path / DATABASE).read_bytes()
    salvage(tmp_path, tmp_path / "new")
    assert (tmp_path / DATABASE).read_bytes() == before
    new = tmp_path / "new" / DATABASE
    assert is_sound(new)
    saved, had = tags(new), tags(whole / DATABASE)
    if kind in ("header", "first page"):
        assert saved == had
        for table in TABLES:
            assert rows(new, table) == rows(whole / DATABASE, table), table
    elif kind != "cut off":  # tags are in the table and in its index
        assert len(saved & had) >= 105
        assert len(rows(new, "content")) >= 400
    vectors = {row[:3] for row in rows(new, "embedding")}
    assert vectors <= {row[:3] for row in rows(whole / DATABASE, "embedding")}
    with closing(Library.open(tmp_path / "new")) as library:
        model = library.model()
        assert model is not None
        with library.writing() as writer:
            writer.save_index(model)
        assert library.check(model, library.index(model).index) == []


def test_single_pages_that_hold_a_whole_table(whole: Path, tmp_path: Path) -> None:
    """The folders, the models and the settings fit on a page each: all hangs on them."""
    for table in ("root", "model", "setting", "tag"):
        folder = tmp_path / table
        folder.mkdir()
        shutil.copy(whole / DATABASE, folder)
        with closing(sqlite3.connect(folder / DATABASE)) as database:
            query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
            (page,) = database.execute(query, (table,)).fetchone()
        content = bytearray((folder / DATABASE).read_bytes())
        starts = [(page - 1) * PAGE]
        if table == "tag":  # a few more: all that have rows of the table, but not of its index
            starts += [
                start
                for start in range(0, len(content), PAGE)
                if content[start] == 13 and b"favourite" in content[start : start + PAGE]
            ]
        for start in starts:
            content[start : start + PAGE] = bytes(PAGE)
        (folder / DATABASE).write_bytes(content)
        done = salvage(folder, folder / "new")
        new = folder / "new" / DATABASE
        assert done.saved["photo"] == done.saved["embedding"] == 500, table
        assert tags(new) == tags(whole / DATABASE), table
        with closing(Library.open(folder / "new")) as library:
            assert library.roots()[0].path == Path("/photos")
            model = library.model()
            assert model and (model.name, model.dim) == ("colours", 64)


def test_a_vector_with_a_changed_bit_is_left_out(whole: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(whole / DATABASE)) as database:
        query = "SELECT vector FROM embedding WHERE content_id = 7"
        (vector,) = database.execute(query).fetchone()
    content = bytearray((whole / DATABASE).read_bytes())
    content[content.index(vector) + 2] ^= 1  # a low bit: its length is still 1
    (tmp_path / DATABASE).write_bytes(content)
    done = salvage(tmp_path, tmp_path / "new")
    assert (done.saved["embedding"], done.left_out["embedding"]) == (499, 1)
    assert done.saved["content"] == 500


def test_what_belongs_to_a_lost_picture_is_left_out(tmp_path: Path) -> None:
    """Whatever table it is in; what belongs to others is saved."""
    make_library(tmp_path, 4, 2)
    with closing(sqlite3.connect(tmp_path / DATABASE)) as database, database:
        add_functions(database)
        query = "SELECT id, digest, vector FROM content JOIN embedding ON content_id = id"
        for id, digest, vector in database.execute(query).fetchall():
            frame = (id, 1, 1_000, vector, checksum(frame_digest(digest, 1_000), vector))
            database.execute("INSERT INTO frame VALUES (?, ?, ?, ?, ?)", frame)
            database.execute("INSERT INTO keyword VALUES (?, 'sea')", (id,))
            database.execute("INSERT INTO picture_text VALUES (?, '[]', '', 'r', NULL)", (id,))
        database.execute("UPDATE photo SET previous_id = 2 WHERE content_id = 1")
        database.execute("UPDATE content SET format = x'00' WHERE id = 2")
    belonging = {
        table.name
        for table in Base.metadata.tables.values()
        if any(key.column.table.name == "content" for key in table.foreign_keys)
    }
    assert belonging == {"photo", "embedding", "frame", "keyword", "picture_text"}
    done = salvage(tmp_path, tmp_path / "new")
    assert is_sound(tmp_path / "new" / DATABASE)
    left = dict.fromkeys(belonging | {"content"}, 1)
    assert {table: count for table, count in done.left_out.items() if count} == left
    assert {table: done.saved[table] for table in left} == dict.fromkeys(left, 3)


def test_what_is_in_the_log_only_is_saved_too(whole: Path, tmp_path: Path) -> None:
    shutil.copy(whole / DATABASE, tmp_path)
    copy = tmp_path / "copy"
    copy.mkdir()
    with closing(Library.open(tmp_path)) as library:
        library.user_data.add_tag([1, 2, 3], "late")
        shutil.copy(tmp_path / DATABASE, copy)
        shutil.copy(tmp_path / f"{DATABASE}-wal", copy)
    damage(copy / DATABASE, "header", random.Random(1))
    salvage(copy, copy / "new")
    assert {name for _, name in tags(copy / "new" / DATABASE)} == {"family", "favourite", "late"}
    log = bytearray((copy / f"{DATABASE}-wal").read_bytes())
    log[-1] ^= 1  # the last page of the log is not what was written: SQLite would stop there too
    (copy / f"{DATABASE}-wal").write_bytes(log)
    salvage(copy, copy / "other")
    assert len(tags(copy / "other" / DATABASE)) in range(110, 113)


def test_removed_tags_stay_removed(tmp_path: Path) -> None:
    make_library(tmp_path, 2_000, 440)
    with closing(sqlite3.connect(tmp_path / DATABASE)) as database:
        database.execute("PRAGMA secure_delete = OFF")
        database.execute("DELETE FROM tag WHERE name = 'family'")
        database.commit()
    salvage(tmp_path, tmp_path / "new")
    assert {name for _, name in tags(tmp_path / "new" / DATABASE)} == {"favourite"}
    assert len(tags(tmp_path / "new" / DATABASE)) == 220


@pytest.mark.parametrize("version", range(3, SCHEMA_VERSION))
@pytest.mark.parametrize("header", [False, True])
def test_earlier_formats(version: int, header: bool, tmp_path: Path) -> None:
    library_of(version, tmp_path)
    if header:
        damage(tmp_path / DATABASE, "header", random.Random(version))
    salvage(tmp_path, tmp_path / "new")
    with closing(Library.open(tmp_path / "new")) as library:
        assert library.user_data.tagged() == {"favourite": [1], "sea": [3]}
        examples = [(e.path, e.negative, e.content_id) for e in library.user_data.examples("warm")]
        assert examples == [("/photos/red.png", False, 1), ("/elsewhere/ice.png", True, None)]
        if version >= 4:
            assert library.user_data.saved_searches() == {"sea": "the sea"}
        model = library.model()
        assert model and library.searchable_count(model) == 2


@pytest.mark.parametrize("content", [b"", b"x", b"no database\n" * 10_000, bytes(40_960)])
def test_where_nothing_is_left_nothing_is_made(content: bytes, tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(content)
    with pytest.raises(FileRefused, match="Nothing could be saved"):
        salvage(tmp_path, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_only_into_a_new_folder(whole: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    with pytest.raises(FileRefused, match="not an empty folder"):
        salvage(whole, tmp_path)
    with pytest.raises(LibraryNotFound):
        salvage(tmp_path, tmp_path / "new")


@pytest.mark.parametrize("seed", range(TRIALS))
def test_random_bytes_never_break_it(seed: int, tmp_path: Path, whole: Path) -> None:
    chance = random.Random(seed)
    content = bytearray((whole / DATABASE).read_bytes())
    for _ in range(20_000):
        content[chance.randrange(len(content))] = chance.randrange(256)
    (tmp_path / DATABASE).write_bytes(content)
    (tmp_path / f"{DATABASE}-wal").write_bytes(chance.randbytes(5_000))
    salvage(tmp_path, tmp_path / "new")
    assert is_sound(tmp_path / "new" / DATABASE)

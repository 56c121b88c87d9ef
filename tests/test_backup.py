"""Backups are made while others work, and put back whole or not at all."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from test_crash import command, make_photos
from test_database import library_of

from app.gallery.pictures import Pictures
from app.query.parser import parse_query
from app.search.searcher import Searcher
from conftest import Index, draw
from fakes import ColourEncoder
from store.errors import FileRefused, LibraryBusy, LibraryDamaged, LibraryNotFound, LibraryTooNew
from store.files.label_files import save
from store.labels import Labels
from store.library import DATABASE, Library
from store.rescue.backup import back_up, check_backup, restore_backup
from store.rescue.copies import examine
from store.sql.dialect.upgrades import SCHEMA_VERSION
from store.states import State


@pytest.fixture
def filled(library: Library, index: Index, photos: Path) -> Library:
    """Five indexed photos, two tags."""
    index(photos)
    library.user_data.add_tag([1, 2], "family")
    return library


def dump(path: Path) -> list[str]:
    """Every row, except those that say which past it is."""
    with closing(sqlite3.connect(path)) as database:
        lines = list(database.iterdump())
    return sorted(x for x in lines if "'past'" not in x and "'generation'" not in x)


def names(searcher: Searcher, query: str) -> list[str]:
    return [hit.path.name for hit in searcher.search(parse_query(query)).hits]


def test_a_backup_has_everything_and_needs_no_lock(filled: Library, tmp_path: Path) -> None:
    with filled.writing():
        made = back_up(filled.folder, tmp_path / "backup.db")
    assert (made.facts.counts["photo"], made.facts.counts["tag"]) == (5, 2)
    assert dump(tmp_path / "backup.db") == dump(filled.folder / DATABASE)
    assert not list(tmp_path.glob("backup.db*tmp*")) + list(tmp_path.glob("backup.db-*"))


def test_what_is_there_stays_unless_asked(filled: Library, tmp_path: Path) -> None:
    target = tmp_path / "backup.db"
    target.write_text("mine")
    with pytest.raises(FileRefused, match="--force"):
        back_up(filled.folder, target)
    assert target.read_text() == "mine"
    back_up(filled.folder, target, replace=True)
    assert examine(target).counts["photo"] == 5
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileRefused):
        back_up(filled.folder, link)


def test_into_a_folder_and_into_the_library_itself(filled: Library, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    made = back_up(filled.folder, tmp_path / "disk")
    assert made.path.parent == tmp_path / "disk" and made.path.match("clipsearch-*-*.db")
    inside = back_up(filled.folder, filled.folder / "mine.db").path
    assert inside.is_file()
    for name in (DATABASE, f"{DATABASE}-wal"):
        with pytest.raises(FileRefused, match="another name"):
            back_up(filled.folder, filled.folder / name, replace=True)
    with pytest.raises(FileRefused, match="no folder"):
        back_up(filled.folder, tmp_path / "none" / "b.db")
    with pytest.raises(LibraryNotFound):
        back_up(tmp_path / "disk", tmp_path / "b.db")


def test_no_backup_of_damage(filled: Library, tmp_path: Path) -> None:
    filled.close()
    path = filled.folder / DATABASE
    content = bytearray(path.read_bytes())
    with closing(sqlite3.connect(path)) as database:
        query = "SELECT rootpage FROM sqlite_master WHERE name = 'photo'"
        (page,) = database.execute(query).fetchone()
    content[(page - 1) * 4096 : page * 4096] = bytes(4096)
    path.write_bytes(content)
    good = tmp_path / "good.db"
    good.write_text("the last good backup")
    with pytest.raises(LibraryDamaged, match=r"library\.db .*--salvage"):
        back_up(filled.folder, good, replace=True)
    assert good.read_text() == "the last good backup"


def test_a_bad_vector_is_said_but_does_not_keep_tags_from_being_saved(
    filled: Library, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(filled.folder / DATABASE)) as database:
        database.execute("UPDATE embedding SET vector = zeroblob(12) WHERE content_id = 3")
        database.commit()
    assert back_up(filled.folder, tmp_path / "b.db").facts.bad_vectors == 1


@pytest.mark.one_python
def test_backups_while_a_run_goes_on(tmp_path: Path) -> None:
    make_photos(tmp_path / "photos")
    folder = tmp_path / "library"
    run = subprocess.Popen(
        command(folder, "index", str(tmp_path / "photos")), stdout=subprocess.DEVNULL
    )
    counts, number = [], 0
    deadline = time.monotonic() + 60
    while run.poll() is None and time.monotonic() < deadline:
        if (folder / DATABASE).exists():
            try:
                made = back_up(folder, tmp_path / f"{number}.db")
            except FileRefused:  # its tables are not made yet
                continue
            counts.append(made.facts.counts["embedding"])
            number += 1
    assert run.wait(timeout=60) == 0
    assert number > 3 and counts == sorted(counts) and len(set(counts)) > 2
    for made_before, backup in enumerate(sorted(tmp_path.glob("*.db"), key=lambda p: int(p.stem))):
        assert examine(backup).counts["embedding"] == counts[made_before]


def test_restore_gives_what_the_backup_had(
    filled: Library, index: Index, encoder: ColourEncoder, photos: Path, tmp_path: Path
) -> None:
    model = filled.model()
    assert model
    searcher = Searcher(filled, model, encoder, tmp_path / "cache")
    before = names(searcher, "red")
    back_up(filled.folder, tmp_path / "b.db")
    kept = dump(tmp_path / "b.db")

    (photos / "red.png").unlink()
    for number in range(3):
        draw(photos / f"new{number}.png", "red", (40 + number, 20))
    index(photos)
    filled.user_data.remove_tag([1, 2], "family")
    filled.user_data.add_tag([6], "new")
    later = names(searcher, "red")
    assert later != before

    done = restore_backup(filled.folder, tmp_path / "b.db")
    assert dump(filled.folder / DATABASE) == kept
    assert filled.user_data.tagged() == {"family": [1, 2]}
    # The page and other processes have the library open, and see what it is now.
    assert names(searcher, "red") == before
    fresh = Searcher(filled, model, encoder, tmp_path / "cache")
    assert names(fresh, "red") == before
    assert filled.check(model, filled.index(model).index) == []

    assert done.aside and done.aside.name.startswith("library-before-restore-")
    restore_backup(filled.folder, done.aside)  # and back again
    assert names(searcher, "red") == later
    assert filled.user_data.tagged()["new"] == [6]


@pytest.mark.parametrize("changed", [False, True])
def test_who_has_the_library_open_notices_after_as_many_changes(
    changed: bool, filled: Library, encoder: ColourEncoder, tmp_path: Path
) -> None:
    model = filled.model()
    assert model
    back_up(filled.folder, tmp_path / "b.db")
    with filled.writing() as writer:
        writer.set_gone([1], "deleted")
    searcher = Searcher(filled, model, encoder, tmp_path / "cache")
    assert len(names(searcher, "red")) == 4
    restore_backup(filled.folder, tmp_path / "b.db")
    if changed:
        with filled.writing() as writer:
            writer.set_gone([2], "deleted")
    paths = {hit.path for hit in searcher.search(parse_query("red")).hits}
    gone = {photo.path for photo in filled.files([State.GONE])}
    assert len(paths) == 5 - changed and not paths & gone


def test_numbers_that_mean_other_pictures_after_a_restore(
    filled: Library, index: Index, encoder: ColourEncoder, photos: Path, tmp_path: Path
) -> None:
    """Ids go on from the backup's: labels of what had the same id before are not taken."""
    model = filled.model()
    assert model
    back_up(filled.folder, tmp_path / "b.db")
    draw(photos / "sixth.png", "red", (50, 20))
    index(photos)
    version = Searcher(filled, model, encoder, tmp_path / "cache").labels().version
    numbers = np.arange(1, 8)
    labels = Labels(version, numbers[:6], numbers - 1, np.zeros(6, np.int32), np.ones(6, "f4"))
    save(labels, filled.labels_file(model))
    searcher = Searcher(filled, model, encoder, tmp_path / "cache")
    assert searcher.labels().of(6) == [(0, 1.0)]
    restore_backup(filled.folder, tmp_path / "b.db")
    (photos / "sixth.png").unlink()
    draw(photos / "other.png", "blue", (50, 20))
    index(photos)
    assert filled.contents_at(photos / "other.png") == [6]
    for asked in (searcher, Searcher(filled, model, encoder, tmp_path / "cache")):
        assert asked.labels().of(6) == []


def test_refused_backups_change_nothing(filled: Library, tmp_path: Path) -> None:
    good = back_up(filled.folder, tmp_path / "b.db").path
    before = dump(filled.folder / DATABASE)
    files = {p.name for p in filled.folder.iterdir()}
    newer, damaged, foreign = (tmp_path / n for n in ("newer.db", "damaged.db", "foreign.db"))
    shutil.copy(good, newer)
    with closing(sqlite3.connect(newer)) as database:
        database.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    content = bytearray(good.read_bytes())
    content[4096 * 4 : 4096 * 6] = bytes(8192)
    damaged.write_bytes(content)
    with closing(sqlite3.connect(foreign)) as database:
        database.execute("CREATE TABLE song (title)")
        database.commit()
    refused = {
        newer: LibraryTooNew,
        damaged: LibraryDamaged,
        foreign: FileRefused,
        tmp_path / "none.db": FileRefused,
        tmp_path: FileRefused,
        filled.folder / DATABASE: FileRefused,
    }
    for path, error in refused.items():
        with pytest.raises(error) as raised:
            restore_backup(filled.folder, path)
        assert str(path) in str(raised.value) and "\n" not in str(raised.value)
    with filled.writing(), pytest.raises(LibraryBusy):
        restore_backup(filled.folder, good)
    assert dump(filled.folder / DATABASE) == before
    assert {p.name for p in filled.folder.iterdir()} == files


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION))
def test_a_backup_of_an_earlier_format(version: int, tmp_path: Path, filled: Library) -> None:
    (tmp_path / "old").mkdir()
    old = library_of(version, tmp_path / "old")
    before = old.read_bytes()
    for folder in (filled.folder, tmp_path / "fresh"):
        restore_backup(folder, old)
        assert examine(folder / DATABASE).version == SCHEMA_VERSION
        with closing(Library.open(folder)) as library:
            assert library.user_data.tagged() == (
                {"favourite": [1], "sea": [3]} if version > 2 else {}
            )
    assert old.read_bytes() == before and [p.name for p in old.parent.iterdir()] == [DATABASE]
    assert list((tmp_path / "fresh").glob("library-*")) == []


@pytest.mark.parametrize("content", [b"", b"text" * 3_000, b"SQLite format 3\0" + bytes(9_000)])
def test_over_a_library_that_can_not_be_opened(
    content: bytes, filled: Library, tmp_path: Path
) -> None:
    good = back_up(filled.folder, tmp_path / "b.db").path
    filled.close()
    for name in (DATABASE, f"{DATABASE}-wal"):
        (filled.folder / name).write_bytes(content)
    done = restore_backup(filled.folder, good)
    assert dump(filled.folder / DATABASE) == dump(good)
    assert done.aside and done.aside.read_bytes()[:16] == content[:16]


def test_over_a_library_that_is_damaged_inside(filled: Library, tmp_path: Path) -> None:
    good = back_up(filled.folder, tmp_path / "b.db").path
    filled.close()
    path = filled.folder / DATABASE
    content = bytearray(path.read_bytes())
    content[4096 * 4 :: 3] = bytes(len(content[4096 * 4 :: 3]))
    path.write_bytes(content)
    done = restore_backup(filled.folder, good)
    assert dump(path) == dump(good)
    assert done.aside and done.aside.read_bytes()[4096:] == content[4096:]


def test_check_backup_of_a_library_in_use(filled: Library) -> None:
    """Another library's own database is taken as a backup too, with what is in its log only."""
    assert (filled.folder / f"{DATABASE}-wal").stat().st_size
    assert check_backup(filled.folder / DATABASE).counts["tag"] == 2


def test_thumbnails_are_made_again(filled: Library, photos: Path, tmp_path: Path) -> None:
    good = back_up(filled.folder, tmp_path / "b.db").path
    restore_backup(tmp_path / "elsewhere", good)
    with closing(Library.open(tmp_path / "elsewhere")) as library:
        model = library.model()
        assert model and library.index(model).repaired
        (id,) = library.contents_at(photos / "red.png")
        assert Pictures(library).thumbnail(id)

"""Which model answers, as the file says it before anything opens it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.library import DATABASE, Library
from store.sql.dialect.first_look import answering_model


def test_it_is_the_model_that_answers_not_the_one_being_built(library: Library) -> None:
    assert answering_model(library.folder) is None
    with library.writing() as writer:
        first = writer.add_model("starter", "ab", 256)
        assert answering_model(library.folder) == first == library.model()  # from the log in use
        second = writer.add_model("ViT-B-32", "cd", 512)
    assert library.building_model() == second
    assert answering_model(library.folder) == first
    library.close()
    assert answering_model(library.folder) == first


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_the_log_of_a_database_behind_a_link_is_read(tmp_path: Path) -> None:
    """SQLite has it beside what the link leads to."""
    (folder := tmp_path / "library").mkdir()
    (disk := tmp_path / "disk").mkdir()
    Library.open(folder, create=True).close()
    (folder / DATABASE).rename(disk / DATABASE)
    (folder / DATABASE).symlink_to(disk / DATABASE)
    with Library.open(folder) as library, library.writing() as writer:
        model = writer.add_model("starter", "ab", 256)
        assert answering_model(folder) == model


def test_what_cannot_be_read_is_for_whoever_opens_it(tmp_path: Path) -> None:
    assert answering_model(tmp_path / "nowhere") is None
    (tmp_path / DATABASE).write_bytes(b"no database" * 1000)
    assert answering_model(tmp_path) is None
    (tmp_path / DATABASE).unlink()
    sqlite3.connect(tmp_path / DATABASE).close()
    assert answering_model(tmp_path) is None
    (tmp_path / DATABASE).unlink()
    (tmp_path / DATABASE).mkdir()
    assert answering_model(tmp_path) is None


@pytest.mark.parametrize("value", ["'starter'", "7", "2.5"])
def test_a_setting_that_names_no_model(library: Library, value: str) -> None:
    with library.writing() as writer:
        writer.add_model("starter", "ab", 256)
    folder = library.folder
    library.close()
    with closing(sqlite3.connect(folder / DATABASE)) as connection, connection:
        connection.execute(f"UPDATE setting SET value = {value} WHERE key = 'model_id'")
    assert answering_model(folder) is None


def test_it_writes_nothing(library: Library) -> None:
    with library.writing() as writer:
        model = writer.add_model("starter", "ab", 256)
    folder = library.folder
    library.close()
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    assert answering_model(folder) == model
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before

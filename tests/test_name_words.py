"""The index of names is what the rows say, whatever is done to them; doctor mends what is not."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from conftest import draw, index_into
from fakes import ColourEncoder
from store.library import DATABASE, Library
from store.sql import names
from store.sql.database import immediate, reading
from store.sql.dialect import name_words
from store.sql.mending import mend_rows

WORDS = ("red", "green", "beach", "sub", "rome", "trip", "sky")


@pytest.fixture
def indexed(library: Library, photos: Path) -> Iterator[Library]:
    index_into(library, ColourEncoder(), photos)
    yield library
    assert _different(library) == 0  # after every test


def _different(library: Library) -> int:
    with reading(library._engine) as connection:
        return name_words.different(connection)


def _with(library: Library, word: str) -> set[str]:
    """The names of the photos that have a word in a name."""
    (one,) = library.named([[word]], [], 100).words
    photos = library.photos_of(one.every.tolist()).values()
    return {photo.path.name for paths in photos for photo in paths}


def test_each_word_of_names_and_folders(indexed: Library, photos: Path) -> None:
    trip = photos / "RomeTrip 2019"
    trip.mkdir()
    draw(trip / "Été_à-la PLAGE.png", "red", (50, 20))
    index_into(indexed, ColourEncoder())
    for word in ("rome", "trip", "2019", "ete", "a", "la", "plage"):
        assert _with(indexed, word) == {"Été_à-la PLAGE.png"}, word
    assert _with(indexed, "png") == set()  # no word, but a format
    assert _with(indexed, "sub") == {"green.png", "yellow.png"}
    whole = indexed.named([], ["etealaplage"], 10).whole.tolist()
    assert whole == indexed.contents_at(trip)


def test_moves_edits_and_removals(indexed: Library, photos: Path) -> None:
    (photos / "red.png").rename(photos / "beach.png")
    (photos / "sub").rename(photos / "rome")
    index_into(indexed, ColourEncoder())
    assert _with(indexed, "red") == _with(indexed, "sub") == set()
    assert _with(indexed, "beach") == {"beach.png"}
    assert _with(indexed, "rome") == {"green.png", "yellow.png"}
    (photos / "beach.png").unlink()
    index_into(indexed, ColourEncoder())
    assert _with(indexed, "beach") == set()  # gone: it is in the rows, and in no search
    with indexed.writing() as writer:
        writer.prune()
    assert _different(indexed) == 0
    moved = photos.parent / "moved"
    photos.rename(moved)
    with indexed.writing() as writer:
        writer.relocate(photos, moved)
        writer.relocate(moved / "rome", photos.parent / "trip")
    assert _with(indexed, "trip") == {"green.png", "yellow.png"}  # the root's own name
    with indexed.writing() as writer:
        writer.forget(photos.parent / "trip")
    assert _with(indexed, "green") == set()


def test_tags_and_concepts(indexed: Library, photos: Path) -> None:
    (red,) = indexed.contents_at(photos / "red.png")
    indexed.user_data.add_tag([red], "Trip to Rome")
    assert _with(indexed, "rome") == {"red.png"}
    assert indexed.named([], ["triptorome"], 10).whole.tolist() == [red]
    indexed.user_data.remove_tag([red], "trip to rome")
    assert _with(indexed, "rome") == set()


def test_frequent_words_count_for_those_that_a_rare_one_names(indexed: Library) -> None:
    sub, green = indexed.named([["sub"], ["green"]], [], 1).words
    assert (sub.frequent, sub.folder.tolist()) == (True, green.name.tolist())
    assert not green.frequent


def test_a_frequent_word_alone_finds_what_it_names(
    indexed: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to ``MANY`` photos all of them; of more, those that are nearest by what they show."""
    (rare,) = indexed.named([["sub"]], [], 100).words
    (alone,) = indexed.named([["sub"]], [], 1).words
    assert alone.frequent
    assert alone.folder.tolist() == rare.folder.tolist()
    assert len(alone.folder) == 2
    monkeypatch.setattr(names, "MANY", 1)
    yellow = indexed.contents_at(indexed.roots()[0].path / "sub" / "yellow.png")
    red = indexed.contents_at(indexed.roots()[0].path / "red.png")
    (nearest,) = indexed.named([["sub"]], [], 1, lambda: np.array([*red, *yellow])).words
    assert (nearest.folder.tolist(), nearest.name.tolist()) == (yellow, [])
    assert len(indexed.named([["sub"]], [], 1).words[0].every) == 0


def test_frequent_words_that_no_name_has_together(indexed: Library) -> None:
    """Each counts for the nearest photos that have it."""
    every = [*indexed.contents_at(indexed.roots()[0].path)]
    sub, png = indexed.named([["sub"], ["red"]], [], 0, lambda: np.array(every)).words
    assert len(sub.folder) == 2
    assert png.name.tolist() == indexed.contents_at(indexed.roots()[0].path / "red.png")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM photo_words WHERE rowid = 2",
        "UPDATE photo_words SET name = 'sky' WHERE rowid = 2",
        "INSERT INTO photo_words (rowid, name, whole, folder) VALUES (99, 'a', 'a', '')",
        "DELETE FROM photo_words_data WHERE id > 10",  # what FTS5 itself needs
        "UPDATE photo_words_data SET block = x'00' WHERE id > 10",
    ],
)
def test_doctor_mends_it(indexed: Library, statement: str) -> None:
    with closing(sqlite3.connect(indexed.folder / DATABASE)) as database, database:
        database.execute(statement)
    with immediate(indexed._engine) as connection:
        mended = mend_rows(connection)
    assert "the index of names did not fit its rows, and was made anew" in mended
    assert _with(indexed, "green") == {"green.png"}
    with immediate(indexed._engine) as connection:
        assert mend_rows(connection) == []

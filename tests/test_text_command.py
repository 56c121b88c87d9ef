"""clipsearch text: all pictures are read, whatever happens on the way."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from test_json_schema import checked
from test_text_reader import written

import indexer.reading.unread_text
from conftest import Index, Run
from fakes import ColourEncoder
from indexer.pictures.read_photo import ReadPhoto, read_photo
from indexer.reading.text_reader import PictureTextReader
from indexer.reading.unread_text import likely_first, read_texts, unread
from store.errors import PhotoError
from store.library import DATABASE, Library
from store.picture_text import TextCounts
from store.sql.dialect.sessions import add_functions
from store.states import State

pytest.importorskip("rapidocr", reason="rapidocr, of the extra text, is not installed")


@pytest.fixture(autouse=True)
def _same_priority(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other tests run in this process, and nobody could raise it again."""
    monkeypatch.setattr(os, "nice", lambda _by: 0, raising=False)


@pytest.fixture
def signs(tmp_path: Path) -> Path:
    folder = tmp_path / "signs"
    folder.mkdir()
    written("MIAMI BEACH").save(folder / "beach.png")
    written("Restaurant").save(folder / "food.png")
    Image.new("RGB", (320, 240), "blue").save(folder / "blue.png")
    return folder


def test_it_stops_and_goes_on(library: Library, index: Index, signs: Path) -> None:
    index(signs)
    stop = threading.Event()
    for so_far in read_texts(library, PictureTextReader(), None, stop):
        if so_far.done == 1:
            stop.set()
    assert library.text_counts().read == 1  # what was read until then is kept
    *_, last = read_texts(library, PictureTextReader(), None, threading.Event())
    assert (last.total, last.done, last.with_text) == (2, 2, 2 - (last.with_text == 1))
    assert library.text_counts() == TextCounts(3, 3, 2, 0)
    assert [
        one.total for one in read_texts(library, PictureTextReader(), None, threading.Event())
    ] == [0]


def test_damage_to_what_a_picture_looks_like_costs_only_the_order(
    library: Library, index: Index, encoder: ColourEncoder, signs: Path
) -> None:
    index(signs)
    with closing(sqlite3.connect(library.folder / DATABASE)) as database, database:
        add_functions(database)
        database.execute("UPDATE embedding SET vector = zeroblob(12) WHERE content_id = 2")
    waiting = unread(library)
    assert likely_first(library, encoder, waiting).tolist() == waiting.tolist() == [1, 2, 3]
    *_, last = read_texts(library, PictureTextReader(), encoder, threading.Event())
    assert (last.done, last.with_text, last.problems) == (3, 2, 0)


def test_bad_and_missing_files(library: Library, index: Index, signs: Path) -> None:
    index(signs)
    beach, food = signs / "beach.png", signs / "food.png"
    (content,) = library.contents_at(food)
    shutil.move(food, signs.parent / "away.png")
    beach.write_bytes(beach.read_bytes()[:400])  # the next run of index is to see that
    *_, last = read_texts(library, PictureTextReader(), None, threading.Event())
    assert (last.done, last.problems, last.skipped) == (3, 0, 2)
    shutil.move(signs.parent / "away.png", signs / "food.png")
    *_, last = read_texts(library, PictureTextReader(), None, threading.Event())
    assert (last.total, last.with_text, last.skipped) == (2, 1, 1)
    assert [line.text for line in library.texts([content])[content].lines] == ["Restaurant"]


def test_a_picture_that_can_not_be_read_is_recorded(
    library: Library, index: Index, signs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(signs)
    (content,) = library.contents_at(signs / "food.png")

    def read(path: Path, *rest: Any) -> ReadPhoto:
        if path.name == "food.png":
            raise PhotoError(State.TOO_LARGE, "it does not fit into memory")
        return read_photo(path, *rest)

    monkeypatch.setattr(indexer.reading.unread_text, "read_photo", read)
    *_, last = read_texts(library, PictureTextReader(), None, threading.Event())
    assert (last.done, last.problems, last.with_text) == (3, 1, 1)
    assert library.texts([content])[content].problem == "it does not fit into memory"
    assert not len(unread(library))


def test_the_command_and_what_comes_after(run: Run, signs: Path) -> None:
    assert run("index", str(signs)).code == 0
    assert "Text" not in run("status").out
    refused = run("search", "text:miami")
    assert refused.code == 2 and "To read it: clipsearch text" in refused.err
    done = run("text")
    assert done.code == 0, done.err
    assert done.lines == ["3 pictures read, 2 with text."]
    assert "Text      looked for in 3 of 3 pictures, read in 2" in run("status").lines
    assert json.loads(run("status", "--json").out)["text"] == {
        **{"read": 3, "with_text": 2, "failed": 0}
    }
    assert run("search", "text:miam1", "--paths").lines == [str(signs / "beach.png")]
    assert run("search", "text:mountains").code == 3
    both = run("search", "--paths", "--", "-text:beach", "-text:rest").lines
    assert both == [str(signs / "blue.png")]
    written("Tokyo tower").save(signs / "tower.png")
    assert "1 picture read, 1 with text." in run("index").lines  # as text was asked for
    assert run("text", "--off").code == 0
    written("Lisbon").save(signs / "lisbon.png")
    assert "with text" not in run("index").out
    lines = checked("text", run("text", "--again", "--json").out)
    assert lines[-1] == {**{"event": "text", "pictures": 5, "read": 5, "with_text": 4, "failed": 0}}

"""Tags, concepts and saved searches as lines of JSON: out, and in again."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from conftest import Index, draw, index_into
from fakes import ColourEncoder
from store.errors import FileRefused
from store.library import DATABASE, Library
from store.outcomes import Imported
from store.rescue.mark_lines import FIRST_LINE, read_lines
from store.values import Example


@pytest.fixture
def marked(library: Library, index: Index, photos: Path) -> Library:
    """Five photos, of which three are marked; a concept, two searches."""
    index(photos)
    shutil.copy(photos / "red.png", photos / "copy.png")
    index(photos)
    ids = [library.contents_at(photos / name)[0] for name in ("red.png", "blue.png")]
    library.user_data.add_tag(ids, "favourite")
    library.user_data.add_tag(ids[:1], "Straße am Meer")
    model = library.model()
    assert model
    vector = np.array([0.6, 0.8, 0], np.float32)
    library.user_data.add_examples(
        "warm",
        [
            Example(str(photos / "red.png"), False, ids[0], model.id, vector),
            Example("/elsewhere/\udcff.png", True, None, model.id, vector[::-1]),
        ],
    )
    blue, red = ids[1], ids[0]
    library.user_data.add_to_album("By Colour", [blue, red])
    library.user_data.save_search("zoo", "animals")
    library.user_data.save_search("sea", "the sea, 2019")
    return library


def exported(library: Library) -> list[dict[str, Any]]:
    return list(library.user_data.exported())


def put(library: Library, lines: list[dict[str, Any]]) -> Imported:
    as_bytes = [json.dumps(line).encode() for line in lines]
    return library.user_data.import_marks(read_lines(as_bytes, "marks.jsonl"))


def marks_of(folder: Path) -> list[list[tuple[object, ...]]]:
    """All marks, without the export's own code."""
    queries = (
        "SELECT hex(digest), name FROM tag ORDER BY 1, 2",
        "SELECT album, hex(digest), place FROM album_photo ORDER BY 1, 2",
        "SELECT concept, path, negative, hex(e.digest), hex(vector), m.name, fingerprint "
        "FROM concept_example e JOIN model m ON m.id = e.model_id ORDER BY 1, 2",
        "SELECT name, query FROM saved_search ORDER BY 1",
    )
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        return [database.execute(query).fetchall() for query in queries]


def test_what_is_exported(marked: Library, photos: Path) -> None:
    first, *lines = exported(marked)
    assert first == {"format": "clipsearch marks", "version": 2}
    (red,) = [line for line in lines if "Straße am Meer".lower() in line.get("tags", [])]
    assert red["paths"] == [str(photos / "copy.png"), str(photos / "red.png")]
    assert len(bytes.fromhex(red["digest"])) == 32
    assert [line["path"] for line in lines if "concept" in line] == [
        str(photos / "red.png"),
        "/elsewhere/\udcff.png",
    ]
    assert [line for line in lines if "search" in line] == [
        {"search": "sea", "query": "the sea, 2019"},
        {"search": "zoo", "query": "animals"},
    ]


def test_there_and_back_again(
    marked: Library, encoder: ColourEncoder, photos: Path, tmp_path: Path
) -> None:
    lines = exported(marked)
    with closing(Library.open(tmp_path / "new", create=True)) as new:
        index_into(new, encoder, photos)
        done = put(new, lines)
        assert done == Imported(tags=3, albums=2, examples=2, searches=2, known=2)
        assert exported(new) == lines
        assert marks_of(new.folder) == marks_of(marked.folder)
        again = put(new, lines)
        assert again == Imported(known=2)
        assert marks_of(new.folder) == marks_of(marked.folder)


def test_marks_come_before_their_pictures(
    marked: Library, encoder: ColourEncoder, photos: Path, tmp_path: Path
) -> None:
    lines = exported(marked)
    with closing(Library.open(tmp_path / "new", create=True)) as new:
        assert put(new, lines) == Imported(tags=3, albums=2, examples=2, searches=2, waiting=2)
        assert marks_of(new.folder) == marks_of(marked.folder)
        assert [line["paths"] for line in exported(new) if "tags" in line] == [[], []]
        assert new.user_data.tagged() == {}
        index_into(new, encoder, photos)
        (red,) = new.contents_at(photos / "red.png")
        assert red in new.user_data.tagged()["favourite"]
        assert exported(new) == lines


def test_a_picture_that_was_changed_is_known_by_its_path(
    marked: Library, encoder: ColourEncoder, photos: Path, tmp_path: Path
) -> None:
    lines = exported(marked)
    (photos / "copy.png").unlink()
    draw(photos / "red.png", "red", (50, 50))
    with closing(Library.open(tmp_path / "new", create=True)) as new:
        index_into(new, encoder, photos)
        done = put(new, lines)
        assert (done.known, done.by_path, done.waiting) == (1, 1, 0)
        (red,) = new.contents_at(photos / "red.png")
        assert red in new.user_data.tagged()["favourite"]
        assert [e.content_id for e in new.user_data.examples("warm")] == [red, None]


def test_what_the_library_has_stays(marked: Library) -> None:
    lines = exported(marked)
    marked.user_data.save_search("zoo", "lions")
    marked.user_data.add_tag([3], "mine")
    model = marked.model()
    assert model
    path = next(line["path"] for line in lines if "concept" in line)
    other = np.array([1, 0, 0], np.float32)
    marked.user_data.add_examples("warm", [Example(path, True, 1, model.id, other)])
    before = marks_of(marked.folder)
    assert put(marked, lines) == Imported(known=2, kept=1)
    assert marks_of(marked.folder) == before


TAGGED = {"digest": "ab" * 32, "paths": ["/a.jpg"], "tags": ["x"]}
EXAMPLE = {
    "concept": "c",
    "path": "/a.jpg",
    "negative": False,
    "digest": None,
    "model": "m",
    "fingerprint": "f",
    "vector": "AACAPwAAAAA=",
}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "not JSON"),
        ('"\xff"', "not JSON"),
        ("[1]", "not an object"),
        ("{}", "none of"),
        (TAGGED | {"digest": "zz"}, "hexadecimal"),
        (TAGGED | {"digest": "ab"}, "32 bytes"),
        (TAGGED | {"digest": None}, '"digest"'),
        (TAGGED | {"tags": "x"}, '"tags" is not a list'),
        (TAGGED | {"tags": ["x", " "]}, '"tag" is empty'),
        (TAGGED | {"tags": ["\udcff"]}, '"tag" is not a text'),
        (TAGGED | {"paths": [1]}, '"path" is not a text'),
        (EXAMPLE | {"negative": 1}, "neither true nor false"),
        (EXAMPLE | {"vector": "??"}, "base64"),
        (EXAMPLE | {"vector": "AAAA"}, "32-bit"),
        (EXAMPLE | {"vector": "AAAAAAAAAAA="}, "length 1"),
        (EXAMPLE | {"vector": "AADAfwAAAAA="}, "length 1"),  # NaN
        (EXAMPLE | {"model": 5}, '"model"'),
        ({"search": "s"}, '"query"'),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_imported(
    line: dict[str, Any] | str, why: str, marked: Library
) -> None:
    before = marks_of(marked.folder)
    text = line if isinstance(line, str) else json.dumps(line)
    lines = [json.dumps(FIRST_LINE), "", json.dumps(TAGGED), text]
    with pytest.raises(FileRefused, match=r"marks\.jsonl, line 4.*Nothing was imported") as raised:
        marked.user_data.import_marks(
            read_lines([line.encode("latin-1") for line in lines], "marks.jsonl")
        )
    assert why in str(raised.value) and "\n" not in str(raised.value)
    assert marks_of(marked.folder) == before


@pytest.mark.parametrize(
    ("first", "why"),
    [
        ({"format": "other"}, "line 1"),
        (TAGGED, "line 1"),
        (FIRST_LINE | {"version": 3}, "Update|update"),
        (FIRST_LINE | {"version": "1"}, "version"),
    ],
)
def test_files_of_another_kind(first: dict[str, Any], why: str) -> None:
    with pytest.raises(FileRefused, match=why):
        read_lines([json.dumps(first).encode()], "x")
    with pytest.raises(FileRefused, match="empty"):
        read_lines([], "x")


def test_a_vector_that_its_model_can_not_have_made(marked: Library) -> None:
    before = marks_of(marked.folder)
    model = marked.model()
    assert model
    wrong = EXAMPLE | {"model": model.name, "fingerprint": model.fingerprint}
    with pytest.raises(FileRefused, match="different length"):
        put(marked, [FIRST_LINE, TAGGED, wrong])
    assert marks_of(marked.folder) == before

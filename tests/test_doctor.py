"""``doctor``: the copy whose checksum holds wins; what has no good copy is read again."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

import app.services
from app.config import Config, load_config
from app.doctor import Findings, examine
from conftest import Index
from fakes import COLOURS, ColourEncoder
from store.library import DATABASE, Library
from store.sql.dialect.sessions import add_functions
from store.states import State
from store.values import ModelInfo


@pytest.fixture(autouse=True)
def encoders(monkeypatch: pytest.MonkeyPatch) -> list[ColourEncoder]:
    """Every encoder that was loaded, so that tests see what it was used for."""
    loaded: list[ColourEncoder] = []

    def load(*_: object, **__: object) -> ColourEncoder:
        loaded.append(ColourEncoder())
        return loaded[-1]

    monkeypatch.setattr(app.services, "load_encoder", load)
    return loaded


@pytest.fixture
def config(library: Library) -> Config:
    return load_config(library=library.folder)


Change = Callable[[bytearray], None]


def damage(library: Library, content: int, change: Change | None = None, **columns: object) -> None:
    """Change a row of ``embedding`` behind everybody's back."""
    with closing(sqlite3.connect(library.folder / DATABASE)) as connection, connection:
        add_functions(connection)
        where = "WHERE content_id = ?"
        if change:
            query = f"SELECT vector FROM embedding {where}"
            vector = bytearray(connection.execute(query, (content,)).fetchone()[0])
            change(vector)
            columns["vector"] = bytes(vector)
        for name, value in columns.items():
            connection.execute(f"UPDATE embedding SET {name} = ? {where}", (value, content))


def rows(library: Library) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(library.folder / DATABASE)) as connection:
        add_functions(connection)
        query = "SELECT content_id, vector, checksum FROM embedding ORDER BY content_id"
        return connection.execute(query).fetchall()


def no_index(library: Library) -> None:
    for path in library.folder.glob("vectors-*"):
        path.unlink()


def flip(bit: int) -> Change:
    def change(vector: bytearray) -> None:
        vector[bit // 8] ^= 1 << bit % 8

    return change


def nan(vector: bytearray) -> None:
    vector[:4] = np.float32("nan").tobytes()


@pytest.mark.parametrize("bit", range(0, 96, 5))
def test_a_changed_bit_is_mended_from_the_index(
    library: Library, model: ModelInfo, config: Config, bit: int, encoders: list[ColourEncoder]
) -> None:
    before = rows(library)
    damage(library, 2, flip(bit))
    assert library.check(model, library.index(model).index) == [
        "1 stored vectors are not what was written"
    ]
    findings = examine(library, config)
    assert findings.problems == []
    assert findings.said == ["Mended: 1 damaged vector, from good copies in the index."]
    assert rows(library) == before
    assert encoders == []


def test_a_row_of_another_length_is_mended(
    library: Library, model: ModelInfo, config: Config
) -> None:
    before = rows(library)
    damage(library, 2, vector=b"short")
    damage(library, 3, vector="text")
    assert examine(library, config).problems == []
    assert rows(library) == before


@pytest.mark.parametrize("change", [flip(70), nan])
def test_without_a_good_copy_the_photo_is_read_again(
    library: Library,
    model: ModelInfo,
    config: Config,
    change: Change,
    encoders: list[ColourEncoder],
) -> None:
    before = rows(library)
    damage(library, 2, change)
    no_index(library)
    opened = library.index(model)
    assert (len(opened.index), opened.left_out) == (4, 1)
    assert "1 photos are left out" in (opened.repaired or "")
    assert library.index(model).left_out == 1  # also once the files are saved
    findings = examine(library, config)
    assert (findings.problems, findings.said[0]) == ([], "Read again: 1 photo.")
    assert [encoder.encoded for encoder in encoders] == [1]
    assert rows(library) == before
    opened = library.index(model)
    assert (len(opened.index), opened.left_out) == (5, 0)


def test_a_damaged_index_does_not_win_over_its_rows(
    library: Library, model: ModelInfo, config: Config
) -> None:
    before = rows(library)
    (saved,) = library.folder.glob("*.f32")
    content = bytearray(saved.read_bytes())
    content[5] ^= 64
    saved.write_bytes(content)
    findings = examine(library, config)
    assert (findings.problems, rows(library)) == ([], before)
    assert "rebuilt" in findings.said[0]


def test_one_damaged_row_of_the_index_file_leaves_its_others_to_mend_from(
    library: Library, model: ModelInfo, config: Config, encoders: list[ColourEncoder]
) -> None:
    before = rows(library)
    (saved,) = library.folder.glob("*.f32")
    content = bytearray(saved.read_bytes())
    content[0] ^= 64  # of another photo than the row
    saved.write_bytes(content)
    damage(library, 4, flip(70))
    assert examine(library, config).problems == []
    assert (rows(library), encoders) == (before, [])


def test_a_damaged_checksum_is_made_anew(
    library: Library, model: ModelInfo, config: Config, encoders: list[ColourEncoder]
) -> None:
    before = rows(library)
    damage(library, 2, checksum=12345)
    findings = examine(library, config)
    assert findings.problems == []
    assert "1 damaged checksum" in findings.said[0]
    assert rows(library) == before
    assert encoders == []


def test_a_damaged_digest_is_found_by_the_file(
    library: Library, model: ModelInfo, config: Config
) -> None:
    """The picture is known by its right digest again, on which its tags hang."""
    right = library.digest(2)
    assert right
    library.user_data.add_tag([2], "mine")
    with closing(sqlite3.connect(library.folder / DATABASE)) as connection, connection:
        add_functions(connection)
        wrong = bytes([right[0] ^ 1]) + right[1:]
        connection.execute("UPDATE content SET digest = ? WHERE id = 2", (wrong,))
    assert library.user_data.with_tag("mine") == set()
    assert examine(library, config).problems == []
    (content,) = library.user_data.with_tag("mine")
    assert library.digest(content) == right
    assert library.photos_of([content])
    assert len(library.index(model).index) == 5


def test_a_photo_whose_drive_is_away_stays_and_is_read_when_it_is_back(
    library: Library, model: ModelInfo, config: Config, photos: Path, index: Index
) -> None:
    before = rows(library)
    damage(library, 2, nan)
    no_index(library)
    away = photos.rename(photos.with_name("away"))
    findings = examine(library, config)
    assert any("Plug in their drive" in line for line in findings.said)
    assert findings.problems == ["1 stored vectors are not what was written"]
    assert len(library.index(model).index) == 4
    assert len(library.matching(model, None)) == 5  # filters still find it
    away.rename(photos)
    summary = index()
    assert (summary.embedded, summary.again) == (1, 1)
    assert rows(library) == before
    assert len(library.index(model).index) == 5
    assert examine(library, config) == Findings()


def test_a_photo_that_the_system_refuses_to_look_at_is_away(
    library: Library, model: ModelInfo, config: Config
) -> None:
    """For its long name here, or because its drive hangs: that is no reason to end."""
    damage(library, 2, nan)
    no_index(library)
    with closing(sqlite3.connect(library.folder / DATABASE)) as connection, connection:
        add_functions(connection)
        long = "x" * 300 + ".png"
        connection.execute("UPDATE photo SET name = ? WHERE content_id = 2", (long,))
    assert library.index(model).left_out == 1
    with library.writing() as writer:
        writer.let_damaged_go(model)
    findings = examine(library, config)
    assert any("Plug in their drive" in line for line in findings.said)
    assert findings.problems == ["1 stored vectors are not what was written"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE photo SET state = 'indfxed' WHERE content_id = 2",
        "UPDATE photo SET size = -5 WHERE content_id = 2",
        "UPDATE photo SET mtime_ns = 'soon' WHERE content_id = 2",
        "UPDATE photo SET content_id = NULL WHERE content_id = 2",
        "UPDATE photo SET content_id = 77 WHERE content_id = 2",
        "UPDATE photo SET previous_id = 77",
        "UPDATE content SET digest = x'00' WHERE id = 2",
        "UPDATE content SET width = 0 WHERE id = 2",
        "UPDATE content SET taken_at = 'yesterday' WHERE id = 2",
        "UPDATE content SET latitude = 1e300, longitude = 2 WHERE id = 2",
        "UPDATE content SET embedded = '{' WHERE id = 2",
        "UPDATE content SET rating = 'many' WHERE id = 2",
        "UPDATE photo SET sidecar = '[' WHERE content_id = 2",
        "INSERT INTO keyword VALUES (77, 'sea')",
        "INSERT INTO embedding VALUES (77, 1, x'00', 0)",
        "UPDATE setting SET value = '{' WHERE key = 'generation'",
        "UPDATE root SET excludes = '['",
    ],
)
def test_rows_that_can_not_be_are_mended(
    library: Library, model: ModelInfo, config: Config, photos: Path, statement: str
) -> None:
    names = {photo.path.name for photo in library.files([State.INDEXED])}
    with closing(sqlite3.connect(library.folder / DATABASE)) as connection, connection:
        add_functions(connection)
        connection.execute(statement)
    findings = examine(library, config)
    assert findings.problems == []
    assert findings.said[0].startswith("Mended: ")
    assert {photo.path.name for photo in library.files([State.INDEXED])} == names
    assert len(library.index(model).index) == len(COLOURS)
    assert examine(library, config) == Findings()


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE photo SET root_id = 9 WHERE content_id = 2", "in no folder of the library"),
        ("INSERT INTO tag VALUES (x'01', 'mine')", "tags are damaged"),
    ],
)
def test_what_only_the_user_can_know_is_said(
    library: Library, model: ModelInfo, config: Config, statement: str, problem: str
) -> None:
    with closing(sqlite3.connect(library.folder / DATABASE)) as connection, connection:
        add_functions(connection)
        connection.execute(statement)
    assert problem in " ".join(examine(library, config).problems)


def test_damaged_thumbnails_are_made_at_the_next_run(
    library: Library, model: ModelInfo, config: Config, index: Index
) -> None:
    digest = library.digest(2)
    assert digest
    kept = library.thumbnails.get(digest)
    with closing(sqlite3.connect(library.folder / "thumbnails.db")) as connection, connection:
        connection.execute("UPDATE thumbnail SET image = zeroblob(900) WHERE digest = ?", (digest,))
    assert library.thumbnails.get(digest) is None
    assert "1 damaged thumbnail" in examine(library, config).said[0]
    assert index().thumbnails == 1
    assert library.thumbnails.get(digest) == kept


def test_a_library_of_two_folders_keeps_what_is_not_damaged(
    library: Library, model: ModelInfo, config: Config, index: Index, tmp_path: Path
) -> None:
    shutil.copytree(tmp_path / "photos", tmp_path / "copies")
    index(tmp_path / "copies")
    damage(library, 2, nan)
    no_index(library)
    assert examine(library, config).problems == []
    assert len(library.photos_of([2])[2]) == 2

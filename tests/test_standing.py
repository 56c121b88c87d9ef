"""How a library stands: the same by Python's own sqlite3 as by the library itself."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from store.errors import LibraryDamaged
from store.library import DATABASE, Library
from store.picture_text import ReadText, TextCounts, TextLine
from store.sql import standing
from store.sql.dialect.first_look import standing_of
from store.states import State
from store.values import ModelInfo


def test_an_empty_library(library: Library) -> None:
    seen = library.standing()
    assert seen == standing_of(library.folder)
    assert (seen.model, seen.building, list(seen.roots)) == (None, None, [])
    assert (seen.searchable, seen.hidden, seen.damaged) == (0, 0, 0)


def test_what_is_counted(photos: Path, library: Library, model: ModelInfo) -> None:
    ids = library.matching(model, None).tolist()
    library.user_data.hide(ids[:2])
    box = (0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0)
    with library.writing() as writer:
        other = writer.add_model("next", "ff", model.dim)
        texts = {ids[0]: ReadText([TextLine("Bus", 0.9, box)], "r"), ids[1]: ReadText([], "r")}
        writer.set_texts(texts | {ids[2]: ReadText([], "r", "too dark")})
    seen = library.standing()
    assert seen == standing_of(library.folder)  # from the log in use
    library.close()
    assert seen == standing_of(library.folder)
    assert (seen.model, seen.building) == (model, other)
    assert (seen.searchable, seen.hidden) == (len(ids), 2)
    assert seen.texts == TextCounts(len(ids), 3, 1, 1)
    (root,) = seen.roots
    assert root.online and root.root.path == photos
    assert root.counts[State.INDEXED] >= len(ids)


def test_hidden_photos_are_counted_from_the_tags(library: Library, model: ModelInfo) -> None:
    """The page does so with every query: it may not look at every photo."""
    with closing(sqlite3.connect(library.folder / DATABASE)) as connection:

        def plan(statement: str, values: dict[str, Any]) -> list[tuple[str]]:
            rows = connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            steps.extend(row[3] for row in rows)
            return [("0",)]

        steps: list[str] = []
        standing.hidden_count(plan, model)
    assert "SEARCH tag USING INDEX tag_name (name=?)" in steps


def test_what_is_damaged(library: Library, model: ModelInfo) -> None:
    with closing(sqlite3.connect(library.folder / DATABASE)) as connection, connection:
        connection.execute("INSERT INTO setting VALUES (?, '[3, 4]')", (f"left_out:{model.id}",))
    assert library.standing().damaged == 2
    assert library.standing() == standing_of(library.folder)


@pytest.mark.parametrize(
    "statement",
    [
        "PRAGMA user_version = 3",
        "UPDATE photo SET state = 'lost'",
        "UPDATE root SET excludes = 'no JSON'",
        "UPDATE setting SET value = '[' WHERE key = 'model_id'",
        "UPDATE setting SET value = '[' WHERE key = 'building_model_id'",
        "DROP TABLE picture_text",
    ],
)
def test_what_is_odd_is_for_whoever_opens_it(
    library: Library, model: ModelInfo, statement: str
) -> None:
    library.close()
    assert standing_of(library.folder) is not None
    with closing(sqlite3.connect(library.folder / DATABASE)) as connection, connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(statement)
    assert standing_of(library.folder) is None


def test_a_setting_that_is_no_json_is_damage_and_not_an_empty_library(
    library: Library, model: ModelInfo
) -> None:
    with closing(sqlite3.connect(library.folder / DATABASE)) as connection, connection:
        connection.execute("UPDATE setting SET value = '[' WHERE key = 'model_id'")
    with pytest.raises(LibraryDamaged, match="can't be read"):
        library.model()


def test_a_file_that_lacks_its_last_bytes_is_for_whoever_opens_it(
    library: Library, model: ModelInfo
) -> None:
    """Less than a page: SQLite itself would read on."""
    library.close()
    path = library.folder / DATABASE
    os.truncate(path, path.stat().st_size - 100)
    assert standing_of(library.folder) is None

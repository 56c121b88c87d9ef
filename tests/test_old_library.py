"""A library of every earlier format can be searched, and today's is easily kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from store.library import DATABASE, Library
from store.sql.database import open_database
from store.sql.dialect.upgrades import SCHEMA_VERSION
from tools.old_library import as_sql, fill

KEPT = Path(__file__).parent / "libraries"


@pytest.mark.parametrize("version", range(1, SCHEMA_VERSION + 1))
def test_a_library_of_every_format_answers(tmp_path: Path, version: int) -> None:
    """Today's is what the tool makes now: it will be an earlier one."""
    if version == SCHEMA_VERSION:
        fill(tmp_path / "new")
        text = as_sql(tmp_path / "new")
    else:
        text = (KEPT / f"format-{version}.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(tmp_path / DATABASE)) as database:
        database.executescript(text)
        assert database.execute("PRAGMA user_version").fetchone() == (version,)
    with Library.open(tmp_path) as library:
        model = library.model()
        assert model is not None
        opened = library.index(model)
        ids, cosines = opened.index.search(np.array([1, 0, 0], np.float32), 3)
        assert ids.tolist() == [1, 2]  # blue is gone
        assert cosines.tolist() == [1, 0]
        paths = [photo.path for photo in library.photos_of([1])[1]]
        assert paths == [Path("/photos/red.png")]
        assert library.check(model, opened.index) == []
        if version >= 3:
            assert library.user_data.tagged() == {"favourite": [1], "sea": [3]}
            examples = [
                (e.path, e.negative, e.content_id) for e in library.user_data.examples("warm")
            ]
            assert examples == [("/photos/red.png", False, 1), ("/elsewhere/ice.png", True, None)]
        if version >= 4:
            assert library.user_data.saved_searches() == {"sea": "the sea"}
            assert library.user_data.history(5) == ["dog"]
        if version >= 9:
            assert library.user_data.album("summer") == [3, 1]
        if version >= 11:
            title, description = library.named([["ete"], ["retrievers"]], [], 9).words
            assert title.title.tolist() == description.description.tolist() == [1, 2, 3]


def test_what_the_tool_keeps_is_whole(tmp_path: Path) -> None:
    """Each table of the schema has a row in it, so that the next format can lose none unseen."""
    fill(tmp_path)
    tables = set(_counts(tmp_path / DATABASE))
    empty = {name for name, count in _counts(tmp_path / DATABASE).items() if not count}
    assert empty == set(), "let tools/old_library.py add some"
    open_database(tmp_path / "empty.db", create=True).dispose()
    assert tables == set(_counts(tmp_path / "empty.db"))


def _counts(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for (name,) in names
            if name != "sqlite_sequence"
        }

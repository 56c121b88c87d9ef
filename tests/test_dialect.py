"""What is SQLite's own is in one place, and the rest of the statements are PostgreSQL's too."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import ClauseElement, event
from sqlalchemy.dialects import registry
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import CompileError
from sqlalchemy.schema import CreateIndex, CreateTable

from conftest import Index, draw
from store import filters
from store.library import Library
from store.metadata import Metadata
from store.outcomes import Seen
from store.sql.dialect.expressions import among
from store.sql.schema import Base, Content
from store.states import Away, State
from store.values import Example, ModelInfo

pytestmark = pytest.mark.one_python

POSTGRESQL: Dialect = registry.load("postgresql")()
SQLITE: Dialect = registry.load("sqlite")()

TOP = Path(__file__).parent.parent
# SQLite files by nature, whatever the library's own database is.
ELSEWHERE = ("store/sql/dialect/", "store/rescue/", "store/files/thumbnails.py")
OTHERS = sorted(
    name
    for path in (TOP / "store").rglob("*.py")
    if not (name := path.relative_to(TOP).as_posix()).startswith(ELSEWHERE)
)
OWN = re.compile(
    r"sqlalchemy\.dialects|\bPRAGMA\b|\bpragma_|json_each|\bsqlite_(?!pages\b|log\b)|\bsqlite3\b|exec_driver_sql"
    r"|unixepoch|strftime|julianday|typeof|group_concat"
)
RAW = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE|VALUES|WHERE)\b[^?]*\?")
# The statements of an upgrade or of making a library, which ``store.sql.dialect`` gives.
RUNS_GIVEN_STATEMENTS = {"store/sql/database.py": "exec_driver_sql"}


def code_of(module: str) -> Iterator[str]:
    """The tokens of a module but its comments; strings as they are written."""
    text = (TOP / module).read_text(encoding="utf-8")
    line = ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NEWLINE:
            yield line
            line = ""
        elif token.type != tokenize.COMMENT:
            line += (
                token.string if token.string == "." or line.endswith(".") else f" {token.string}"
            )


@pytest.mark.parametrize("module", OTHERS)
def test_no_other_module_speaks_sqlite(module: str) -> None:
    said = {match for line in code_of(module) for match in OWN.findall(line)}
    raw = [line for line in code_of(module) if RAW.search(line)]
    assert said - {RUNS_GIVEN_STATEMENTS.get(module)} == set()
    assert raw == []


def test_what_is_looked_for_is_what_it_would_look_like() -> None:
    for line in (
        "from sqlalchemy.dialects.sqlite import insert",
        'connection.execute("PRAGMA user_version")',
        "func.json_each(values)",
        'Index("a", sqlite_where=b)',
        "import sqlite3",
    ):
        assert OWN.search(line)
    assert RAW.search('"SELECT 1 FROM content WHERE digest = ?"')


EVERY_FILTER: Sequence[filters.PhotoFilter] = (
    filters.InFolder(("p*",)),
    filters.Name("*.png"),
    filters.Taken(datetime(2019, 1, 1), datetime(2030, 1, 1)),
    filters.InMonth(7),
    filters.InMonth(7, 14),
    filters.InHours(5, 12),
    filters.Contains("camera", "fuji"),
    filters.Contains("place", "paris"),
    filters.Contains("place", "france", last=True),
    filters.Contains("title", "sea"),
    filters.Contains("creator", "ana"),
    filters.HasKeyword("sea"),
    filters.Rated(2, None),
    filters.ColourLabel("red"),
    filters.Format("PNG"),
    filters.Measure("width", 1, 9),
    filters.Measure("size", 1, None),
    filters.Measure("duration", 1, None),
    filters.Orientation("landscape"),
    filters.Near(48.8, 2.3, 10),
    filters.HasPlace(),
    filters.IsOffline(),
    filters.Tagged("cat"),
    filters.InAlbum("cats"),
    filters.OneOf((1, 2)),
    filters.Not(filters.HasPlace()),
    filters.HasText("miami"),
    filters.All((filters.HasPlace(), filters.IsOffline())),
    filters.Any(()),
)
ALL_KINDS = {type(filter) for filter in EVERY_FILTER}


def read_everything(library: Library, model: ModelInfo, photos: Path) -> None:
    ids = library.matching(model, None, "date").tolist()
    (root,) = library.roots()
    for filter in EVERY_FILTER:
        library.matching(model, filter, "name")
        library.matching_paths(ids, filter)
    library.columns(model)
    library.photos_of(ids)
    library.folders(root, "", model)
    library.folders(root, "inner", model)
    library.folder_names(root)
    library.files_in_folder(root, "", model)
    library.status()
    library.repeated(model)
    library.contents_at(photos / "red.png")
    library.unplaced(3)
    library.placed(0, 3)
    library.renaming(3)
    library.unread([root], 3)
    library.keywords(ids)
    library.without_thumbnail()
    library.marks_only_at(photos)
    library.marks_without_photo()
    library.vectors(model, np.array(ids[:2], np.int64))
    library.digest(ids[0])
    library.camera_times_around([datetime(2020, 1, 1)])
    library.models()
    list(library.files([State.INDEXED]))
    user = library.user_data
    user.tags(ids), user.tagged(), user.with_tag("cat"), user.concepts(), user.examples("warm")
    user.albums(), user.album("cats"), user.albums_of(ids[0])
    user.saved_searches(), user.history(3), list(user.exported())


def change_everything(library: Library, model: ModelInfo, photos: Path) -> None:
    ids = library.matching(model, None).tolist()
    paths = [photo.id for photo in library.photos_of(ids)[ids[0]]]
    user = library.user_data
    user.add_tag(ids, "cat")
    user.remove_tag(ids[:1], "cat")
    user.add_to_album("cats", ids), user.remove_from_album("cats", ids[:1])
    user.move_in_album("cats", ids[-1:], ids[1])
    user.rename_album("cats", "Cats")
    user.remove_album("cats")
    vector = library.vectors(model, np.array(ids[:1], np.int64))[0]
    user.add_examples("warm", [Example("/a.png", False, ids[0], model.id, vector)])
    user.save_search("a", "b")
    user.remember("c")
    with library.writing() as writer:
        writer.set_gone(paths, "missing")
        writer.set_returned(paths, writer.filesystem_id("disk"))
        writer.set_embedded(
            {ids[0]: Metadata(datetime(2020, 1, 1), title="sea", keywords=("sea",))}
        )
        writer.set_away(paths, Away.AT_ONCE)
        writer.accept_missing(photos)
        writer.settle_moves(writer.begin_run())
        writer.settle_edits(same)
        writer.set_places({ids[0]: "Paris"})
        writer.rename_places({ids[0]: ("Paris", "Rome")}, 3, ids[0])
        writer.set_place_edition(2)
        writer.switch_model(writer.add_model("other", "1", 3))
        writer.relocate(photos, photos.parent / "elsewhere")
        writer.add_root(photos.parent, [], replace=False)
        writer.save_index(model, rebuild=True)
        writer.prune(marks=True)
    user.remove_concept("warm")
    user.forget_search("a")
    user.clear_history()


def same(_before: Seen, _after: Seen) -> bool:
    return True


class Heard:
    """The statements that a library made, each with the names of its values."""

    def __init__(self, library: Library) -> None:
        self.statements: list[tuple[ClauseElement, list[str] | None]] = []
        event.listen(library._engine, "before_execute", self._hear)

    def _hear(self, _: Any, statement: Any, many: Any, one: Any, __: Any) -> None:
        if isinstance(statement, ClauseElement):
            values = (many or [one])[0]
            self.statements.append((statement, list(values) or None))

    def for_postgresql(self) -> tuple[list[str], list[str]]:
        """The statements as PostgreSQL gets them, and why the others can't be compiled for it."""
        compiled, why = [], []
        for statement, names in self.statements:
            try:
                text = statement.compile(dialect=POSTGRESQL, column_keys=names)
                compiled.append(str(text))
            except CompileError as error:
                why.append(str(error))
        return compiled, why


def test_the_statements_compile_for_postgresql(
    library: Library, index: Index, photos: Path
) -> None:
    """Those that a run, reading and changing make, upserts and filters of every kind."""
    heard = Heard(library)
    index(photos)
    (photos / "inner").mkdir(exist_ok=True)
    draw(photos / "inner" / "more.png", "red", (7, 7))
    index()
    model = library.model()
    assert model
    read_everything(library, model, photos)
    change_everything(library, model, photos)
    kinds = {type(statement).__name__ for statement, _ in heard.statements}
    assert {"Select", "Insert", "Update", "Delete"} <= kinds
    compiled, why = heard.for_postgresql()
    assert why == []
    (new_files, *_) = (one for one in compiled if "ON CONFLICT (root_id, folder, name)" in one)
    assert "IS NOT DISTINCT FROM" in new_files
    assert any("string_agg" in one and "ORDER BY" in one for one in compiled)
    assert any("to_timestamp" in one for one in compiled)


def test_every_kind_of_filter_is_tried() -> None:
    # The first never gets to SQL, the second only to a server's: see ``test_catalogues``.
    assert set(filters.PhotoFilter.__args__) - ALL_KINDS == {filters.Labelled, filters.Shows}


def test_the_tables_compile_for_postgresql() -> None:
    for table in Base.metadata.sorted_tables:
        made = str(CreateTable(table).compile(dialect=POSTGRESQL))
        assert "BLOB" not in made
        for index in table.indexes:
            assert str(CreateIndex(index).compile(dialect=POSTGRESQL))
            made = str(CreateIndex(index).compile(dialect=SQLITE))
            assert ("WHERE" in made) == (index.name in PARTIAL)


@pytest.mark.parametrize("part", ["dialects.postgresql", "orm"])
def test_no_command_loads_what_it_does_not_need(part: str) -> None:
    script = f"import sys, store.library; print('sqlalchemy.{part}' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=TOP, check=True
    )
    assert done.stdout == "False\n"


PARTIAL = {
    *("content_unplaced", "content_unread"),
    *("photo_away", "photo_previous", "photo_sidecar"),
}


def test_a_list_of_any_length_is_one_value() -> None:
    condition = among(Content.id, list(range(100_000)))
    in_sqlite = condition.compile(dialect=SQLITE)
    in_postgresql = condition.compile(dialect=POSTGRESQL)
    assert str(in_sqlite) == "content.id IN (SELECT value FROM json_each(?))"
    assert len(in_sqlite.params) == len(in_postgresql.params) == 1
    assert "= ANY (" in str(in_postgresql)

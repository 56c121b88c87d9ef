"""Write a small library of today's format as SQL, to be kept when the format changes.

    python -m tools.old_library tests/libraries/format-N.sql

Three pictures (one of them gone), a video that is gone too, a text file, and all that a person can
add. It is made through the doors, as every library is. Where the schema gains a table, a row of it
is to be added here.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import numpy as np

from store.frames import SeenFrame
from store.library import DATABASE, Library
from store.metadata import Metadata
from store.picture_text import ReadText, TextLine
from store.sql.dialect.upgrades import SCHEMA_VERSION
from store.states import State
from store.values import ContentFacts, Example, FileRecord, ModelInfo, Picture
from store.writer import LibraryWriter

_WHEN_NS = 1_600_000_000_000_000_000
_TOLD = Metadata(
    title="Plage d'Été",
    description="Two GoldenRetrievers",
    rating=3,
    keywords=("sea", "Places|Rome"),
)
_FACTS = ContentFacts(width=32, height=24, format="PNG", told=_TOLD)
_INDEXES = {
    "photo_words": "rowid, name, whole, folder",
    "picture_trigrams": "rowid, folded",
    "content_words": "rowid, title, whole, description",
}
_INDEX = re.compile(
    rf"""^(PRAGMA writable_schema|(CREATE TABLE|INSERT INTO) ['"]({"|".join(_INDEXES)})"""
    r"""|INSERT INTO sqlite_master)"""
)
_AXES = np.eye(3, dtype=np.float32)  # red, green, blue


def fill(folder: Path) -> None:
    """Make the small library in ``folder``."""
    with Library.open(folder, create=True) as library:
        with library.writing() as writer:
            model = writer.add_model("fake", "1", 3)
            _add_files(writer, model)
            sign = TextLine("MIAMI 2020", 0.98, (0.1, 0.2, 0.9, 0.2, 0.9, 0.4, 0.1, 0.4))
            writer.set_texts({1: ReadText([sign], "drawn"), 2: ReadText([], "drawn")})
        user_data = library.user_data
        user_data.add_tag([1], "favourite")
        user_data.add_tag([3], "sea")
        user_data.add_to_album("Summer", [3, 1])
        red = Example("/photos/red.png", False, 1, model.id, _AXES[0])
        ice = Example("/elsewhere/ice.png", True, None, model.id, _AXES[2])
        user_data.add_examples("warm", [red, ice])
        user_data.save_search("sea", "the sea")
        user_data.remember("dog")


def _add_files(writer: LibraryWriter, model: ModelInfo) -> None:
    root = writer.add_root(Path("/photos"), ["*.tmp"], replace=True)
    run = writer.begin_run()
    disk = writer.filesystem_id("disk")
    names = (("", "red.png"), ("", "green.png"), ("sub", "blue.png"))
    files = [
        FileRecord(
            root_id=root.id,
            folder=folder,
            name=name,
            size=101 + number,
            mtime_ns=_WHEN_NS,
            state=State.INDEXED,
            picture=Picture(
                hashlib.sha256(name.encode()).digest(),
                _FACTS,
                _AXES[number],
            ),
            filesystem_id=disk,
        )
        for number, (folder, name) in enumerate(names)
    ]
    video = Picture(
        hashlib.sha256(b"film.mp4").digest(),
        ContentFacts(width=64, height=48, format="MP4", duration_ms=8_000),
        _AXES[0],
        (SeenFrame(0, _AXES[0]), SeenFrame(4_000, _AXES[2])),
    )
    film = FileRecord(
        root.id, "", "film.mp4", 90, 5, State.INDEXED, picture=video, filesystem_id=disk
    )
    text = FileRecord(root.id, "", "notes.txt", 9, 5, State.OTHER, filesystem_id=disk)
    writer.record([*files, film, text], model, run)
    writer.set_gone([3, 4], "no longer there, or excluded since")


def as_sql(folder: Path) -> str:
    """The database of the library in ``folder`` as a script that makes it."""
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        # What a full-text index consists of can't be written by a script, only the index itself.
        lines = [line for line in database.iterdump() if not _INDEX.search(line)]
        rows: list[str] = []
        for name, columns in _INDEXES.items():
            index = database.execute("SELECT sql FROM sqlite_schema WHERE name = ?", (name,))
            listed = database.execute(f"SELECT {columns} FROM {name}").fetchall()
            lines.insert(1, f"{index.fetchone()[0]};")
            rows += [f"INSERT INTO {name} ({columns}) VALUES {row};" for row in listed]
    whole = "\n".join([*lines[:-1], *rows, lines[-1]])  # the first and last are of a transaction
    return f"PRAGMA user_version = {SCHEMA_VERSION};\n{whole}\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as work:
        fill(Path(work))
        Path(sys.argv[1]).write_text(as_sql(Path(work)), encoding="utf-8")
    print(f"{sys.argv[1]}: a library of format {SCHEMA_VERSION}")

"""Saving what can be read of a damaged library into a new one."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from store.checksums import checksum
from store.errors import FileRefused, LibraryNotFound
from store.files.atomic import written_whole
from store.frames import frame_digest
from store.library import DATABASE
from store.rescue.salvage_rows import SHAPES, Row, indexed_tag, lost_row, row_of
from store.rescue.sqlite_pages import Cell, Pages, Value
from store.sql import key_values, stack_states
from store.sql.database import immediate, open_database
from store.states import LIVING


@dataclass
class Salvaged:
    """How many rows of each table were saved, and how many were read but could not be believed."""

    saved: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)


def salvage(folder: Path, target: Path) -> Salvaged:
    """Make a library in ``target`` (a new or empty folder) of what can be read in ``folder``.

    The damaged database is read only. Every row has to be what its table holds, and every vector
    to match its checksum.

    Raises:
        LibraryNotFound: there is no database in ``folder``.
        FileRefused: ``target`` is not empty, or nothing could be saved.
        OSError: the disk is full, or can't be read.
    """
    source = folder / DATABASE
    if not source.exists():
        raise LibraryNotFound(f"There is no library in {folder}.")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FileRefused(f"{target} is not an empty folder: choose another name.")
    rows = _Rows()
    with Pages(source) as pages:
        rows.read(pages)
    if not any(rows.of.values()):
        raise FileRefused(f"Nothing could be saved: no row of a library is left in {source}.")
    target.mkdir(parents=True, exist_ok=True)
    with written_whole(target / DATABASE) as beside:
        engine = open_database(beside, create=True)
        try:
            with immediate(engine) as connection:
                return _Writer(connection, rows).write()
        finally:
            engine.dispose()


class _Rows:
    """The rows of every table, as they come out of the pages; the better copy of a row first."""

    def __init__(self) -> None:
        self.of: dict[str, list[Row]] = {table: [] for table in SHAPES}
        self.left_out: Counter[str] = Counter()
        self.digests: dict[Value, Value] = {}  # of contents by id, also of those that are lost
        self._tags: dict[int, list[Row]] = {}  # by number, from the table and from its index
        self._earlier = True  # whether it may be of a format before that with keywords

    def read(self, pages: Pages) -> None:
        names = {root: name for _, name, root in pages.schema()}
        self._earlier = bool(names) and "keyword" not in names.values()
        # Indexes that are not needed are followed too, or their pages would count as lost.
        for cell in pages.cells(names):
            if cell.root is None:
                self._take_lost(cell)
            elif cell.rowid is None:
                self._take_entry(cell, names[cell.root])
            else:
                self._take_row(cell, cell.rowid, names[cell.root])
        contents = {row["digest"] for row in self.of["content"]}
        for same in self._tags.values():
            # Where the table and its index differ, the picture that there is tells which is right.
            known = [row for row in same if row.get("digest") in contents]
            self.of["tag"] += known or same
        self.digests.update((row["id"], row["digest"]) for row in self.of["content"])

    def _take_row(self, cell: Cell, number: int, table: str) -> None:
        row = row_of(cell, table, earlier=self._earlier) if table in SHAPES else None
        if row is not None:
            self._add(number, table, row)
        elif lost := lost_row(cell, earlier=self._earlier):  # it was the name that is damaged
            self._add(*lost)
        elif table in SHAPES:
            self.left_out[table] += 1

    def _take_lost(self, cell: Cell) -> None:
        of_shape = indexed_tag if cell.rowid is None else lost_row
        lost = of_shape(cell, earlier=self._earlier)
        if lost is not None:
            number, table, row = lost
            if table != "tag" or number not in self._tags:
                self._add(number, table, row)

    def _take_entry(self, cell: Cell, index: str) -> None:
        """Small tables are on one page: an index may have all that matters of it again."""
        match index, cell.values:
            case "sqlite_autoindex_tag_1", _:
                lost = indexed_tag(cell, earlier=self._earlier)
                if lost is not None:
                    self._add(*lost)
            case "sqlite_autoindex_content_1", (digest, number):
                self.digests[number] = digest
            case "sqlite_autoindex_root_1", (path, number):
                self.of["root"].append({"id": number, "path": path, "excludes": "[]"})
            case "sqlite_autoindex_model_1", (name, fingerprint, number):
                row = {"id": number, "name": name, "fingerprint": fingerprint, "dim": None}
                self.of["model"].append(row)

    def _add(self, number: int, table: str, row: Row) -> None:
        if table == "setting" and str(row["key"]).startswith(("taken_in:", "facts_taken_in:")):
            return  # the index files are of the damaged library
        if table != "tag":
            self.of[table].append(row)
        elif row not in (same := self._tags.setdefault(number, [])):
            same.append(row)


class _Writer:
    """Puts rows into a new library, in an order in which each finds what it refers to."""

    def __init__(self, connection: Connection, rows: _Rows) -> None:
        self._connection, self._rows = connection, rows
        self._done = Salvaged(left_out=rows.left_out)
        self._roots: set[Value] = set()
        self._filesystems: set[Value] = set()
        self._digests: dict[Value, bytes] = {}  # of the contents that are saved
        self._dims: dict[Value, int] = {}  # of the models that are saved

    def write(self) -> Salvaged:
        for table in SHAPES:
            rows = self._rows.of[table]
            fitting = [row for row in (self._fitted(table, row) for row in rows) if row]
            self._done.left_out[table] += len(rows) - len(fitting)
            self._insert(table, fitting)
            self._done.saved[table] = self._all(f'SELECT count(*) FROM "{table}"')[0][0]
            if table == "root":
                self._roots = {id for (id,) in self._all("SELECT id FROM root")}
            elif table == "model":
                self._dims = dict(self._all("SELECT id, dim FROM model"))
            elif table == "filesystem":
                self._filesystems = {id for (id,) in self._all("SELECT id FROM filesystem")}
            elif table == "content":
                self._digests = dict(self._all("SELECT id, digest FROM content"))
        self._choose_model()
        stack_states.release(self._connection)  # of those whose picture is lost
        key_values.put(self._connection, "past", secrets.token_hex(8))
        return self._done

    def _all(self, query: str) -> list[Any]:
        return list(self._connection.exec_driver_sql(query).all())

    def _insert(self, table: str, rows: list[Row]) -> None:
        """Put rows in, the better copy of each first: the others are ignored."""
        for names, same in groupby(rows, tuple):  # of one format, most likely
            columns, values = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
            statement = f'INSERT OR IGNORE INTO "{table}" ({columns}) VALUES ({values})'
            self._connection.exec_driver_sql(statement, [tuple(row.values()) for row in same])

    def _fitted(self, table: str, row: Row) -> Row | None:
        """A row as it can be put in; None if what it needs is not there, or it is damaged."""
        match table:
            case "root" | "model":
                if table == "model":
                    row = {**row, "dim": row["dim"] or self._dim_of_vectors(row["id"])}
                fits = all(check(row[name]) for name, check in SHAPES[table].columns.items())
            case "photo":
                if row.get("previous_id") not in self._digests:
                    row = {**row, "previous_id": None}
                if row.get("filesystem_id") not in self._filesystems:
                    row = {**row, "filesystem_id": None}
                fits = row["root_id"] in self._roots and (
                    row["content_id"] in self._digests
                    or (row["content_id"] is None and row["state"] not in LIVING)
                )
            case "embedding" | "frame":
                return self._fitted_vector(row)
            case "concept_example":
                row = self._with_digest(row)
                fits = self._has_dim(row)
            case "tag":
                row = self._with_digest(row)
                fits = row["digest"] is not None
            case "keyword" | "picture_text":
                fits = row["content_id"] in self._digests
            case "setting":
                fits = self._fits_setting(str(row["key"]), str(row["value"]))
            case _:
                fits = True
        return row if fits else None

    def _fitted_vector(self, row: Row) -> Row | None:
        """Of an embedding, or of a video's frame."""
        digest, vector, at_ms = (
            self._digests.get(row["content_id"]),
            row["vector"],
            row.get("at_ms"),
        )
        if digest is None or not isinstance(vector, bytes) or not self._has_dim(row):
            return None
        right = checksum(frame_digest(digest, at_ms) if isinstance(at_ms, int) else digest, vector)
        return {**row, "checksum": right} if row.get("checksum", right) == right else None

    def _has_dim(self, row: Row) -> bool:
        vector, dim = row["vector"], self._dims.get(row["model_id"])
        return isinstance(vector, bytes) and dim is not None and len(vector) == 4 * dim

    def _with_digest(self, row: Row) -> Row:
        """A row of an earlier format as it is now."""
        if "content_id" not in row:
            return row
        row = dict(row)
        row["digest"] = self._rows.digests.get(row.pop("content_id"))
        return row

    def _dim_of_vectors(self, model_id: Value) -> int:
        lengths = Counter(
            len(row["vector"]) // 4
            for row in self._rows.of["embedding"]
            if row["model_id"] == model_id and isinstance(row["vector"], bytes)
        )
        return lengths.most_common(1)[0][0] if lengths else -1

    def _fits_setting(self, key: str, value: str) -> bool:
        if key in ("model_id", "building_model_id"):
            model_id = json.loads(value)
            return isinstance(model_id, int) and model_id in self._dims
        return True

    def _choose_model(self) -> None:
        if key_values.get(self._connection, "model_id") is None:
            query = "SELECT model_id FROM embedding GROUP BY model_id ORDER BY count(*) DESC"
            for (model_id,) in self._all(query)[:1]:
                key_values.put(self._connection, "model_id", model_id)

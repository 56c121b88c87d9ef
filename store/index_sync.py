"""The vector index as something derived from the rows: trusted only while it matches them.

Index files that are missing, damaged or of different rows are never an error: the rows replace what
differs, or everything.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, Engine

from store.index.faiss_index import FaissIndex
from store.index.index_files import IndexFiles, SavedIndex
from store.index.vector_rows import VectorRows
from store.sql import changes, embeddings, key_values, searchable
from store.sql.database import immediate, reading
from store.values import ModelInfo
from store.vectors import Ids, Vectors, VectorSearch

_PART = 20_000  # vectors in memory at once

Texts = Callable[[], Vectors | None]
"""Gives the embeddings (t, dim) of texts that people may search for; None without the model."""


@dataclass(frozen=True)
class OpenedIndex:
    """An index that equals the rows, and what it took: ``repaired`` is None if nothing.

    ``generation`` is the library's when the two were compared. ``left_out`` contents are not in
    it, because their rows are damaged.
    """

    index: VectorSearch
    generation: int
    repaired: str | None
    left_out: int = 0


def is_current(
    engine: Engine,
    folder: Path,
    model: ModelInfo,
    *,
    trained: bool = False,
    with_texts: bool = False,
) -> bool:
    """Whether the files, as far as a glance tells, hold just what the rows do.

    Args:
        trained: ask as well that their approximate part be made, and measured, where it is due;
        with_texts: by texts too.
    """
    seen = IndexFiles(folder, model).glance()
    if seen is None or (trained and seen.needs_training):
        return False
    if with_texts and seen.effort is not None and not seen.effort.by_texts:
        return False
    with reading(engine) as connection:
        number = changes.taken_in(connection, _name(model), seen.token)
        return number is not None and number == changes.latest(connection)


def open_index(engine: Engine, folder: Path, model: ModelInfo) -> OpenedIndex:
    """The index of all visible contents, caught up in memory; the files stay as they are."""
    with reading(engine) as connection:
        return _Update(connection, folder, model).opened()


def update_index(
    engine: Engine,
    folder: Path,
    model: ModelInfo,
    *,
    rebuild: bool = False,
    train: bool = False,
    texts: Texts | None = None,
    check: bool = False,
) -> OpenedIndex:
    """As ``open_index``, with the files brought up to date; the caller holds the library's lock.

    Args:
        rebuild: take nothing from the files.
        train: also make the approximate part where it is due (a minute for a million vectors), and
            measure how much of it a search has to look at.
        texts: gives what to measure that by, beside pictures.
        check: measure it also where that is not due.
    """
    with reading(engine) as connection:
        update = _Update(connection, folder, model, write=True, rebuild=rebuild)
        if train:
            update.train(texts, check)
        opened = update.opened()
        if not opened.repaired:
            return opened
    fresh = (_name(model), secrets.token_hex(8), update.number)
    with immediate(engine) as connection:
        changes.announce(connection, *fresh)
        embeddings.set_left_out(connection, model.id, update.left_out)
    update.files.save(update.index, fresh[1])
    with immediate(engine) as connection:
        changes.settle(connection, *fresh)
    return opened


class _Update:
    """Takes from the rows what the files lack; all of it from one state of the database."""

    def __init__(
        self,
        connection: Connection,
        folder: Path,
        model: ModelInfo,
        *,
        write: bool = False,
        rebuild: bool = False,
    ) -> None:
        self._connection, self._model, self._write = connection, model, write
        self.files = IndexFiles(folder, model)
        saved, taken = (None, None) if rebuild else self._load()
        self._generation = key_values.generation(connection)
        self.number = changes.latest(connection)
        self._why: str | None = None
        self.left_out = embeddings.left_out(connection, model.id)
        if saved and taken is not None:
            self.index = saved.index
            self._catch_up(taken)
        else:
            self._why = self._reason(rebuild)
            self.index = FaissIndex(VectorRows(model.dim))
            self.left_out = self.left_out[:0]
            if write:
                self.files.begin()
            self._add(searchable.visible_ids(connection, model.id))
        if write and self.index.is_wasteful():
            self._compact()

    def _load(self) -> tuple[SavedIndex | None, int | None]:
        """The saved index, and the last change that it has taken in if it is of these rows.

        Without the lock, a writer may save a new one at any moment: between reading two of the
        files, or between the files and the rows.
        """
        while True:
            before = self.files.glance()
            saved = self.files.load()
            self._connection.rollback()  # to see the rows as they are now, not before
            token = saved.token if saved else ""
            taken = changes.taken_in(self._connection, _name(self._model), token)
            if taken is not None or self.files.glance() == before:
                return saved, taken

    def opened(self) -> OpenedIndex:
        why = self._why
        if why and len(self.left_out):
            why += (
                f"; {len(self.left_out)} photos are left out, because their vectors are damaged "
                "(mend them with: clipsearch doctor)"
            )
        return OpenedIndex(self.index, self._generation, why, len(self.left_out))

    def train(self, texts: Texts | None, check: bool) -> None:
        if self.index.needs_training():
            self.index.train()
            self._why = self._why or "laid out anew for faster searches"
        if not self.index.approximate:
            return
        before = self.index.effort
        lacks_texts = texts is not None and not before.by_texts
        check = check and (texts is not None or not before.by_texts)
        if self.index.needs_measuring() or lacks_texts or check:
            self.index.measure(texts and texts())
            if self.index.effort != before:
                self._why = self._why or "measured again: how much of it a search has to look at"

    def _reason(self, rebuild: bool) -> str:
        if rebuild:
            return "rebuilt (as asked)"
        if self.files.exist():
            return "rebuilt (the index files were damaged, or of a different library or version)"
        return "built from the library (there was no index file)"

    def _catch_up(self, taken: int) -> None:
        if taken == self.number:
            return
        changed = changes.since(self._connection, taken)
        wanted = searchable.visible_among(self._connection, self._model.id, changed)
        had = np.intersect1d(self.index.ids(), changed, assume_unique=True)
        surplus = np.setdiff1d(had, wanted, assume_unique=True)
        missing = np.setdiff1d(wanted, had, assume_unique=True)
        self.index.remove(surplus)
        self.left_out = np.setdiff1d(self.left_out, changed)
        self._add(missing)
        self._why = f"caught up with the library ({len(missing)} added, {len(surplus)} removed)"

    def _add(self, ids: Ids) -> None:
        for start in range(0, len(ids), _PART):
            part = ids[start : start + _PART]
            rows = embeddings.read(self._connection, self._model, part)
            self.index.add(rows.ids[rows.sound], rows.vectors[rows.sound])
            self.left_out = np.union1d(self.left_out, rows.ids[~rows.sound])
            if self._write:
                self.files.flush(self.index)

    def _compact(self) -> None:
        """Leave removed rows behind, in a new file."""
        old = self.index
        self.index = FaissIndex(VectorRows(self._model.dim))
        self.files.begin()
        for start, block in old.rows.blocks():
            ids = old.row_ids[start : start + len(block)]
            self.index.add(ids[ids >= 0], block[ids >= 0])
            self.files.flush(self.index)
        if old.approximate:
            self.index.train()
        self._why = self._why or "written anew without removed photos"


def _name(model: ModelInfo) -> str:
    return f"vectors-{model.id}"

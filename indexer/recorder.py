"""Writes what a run learns: records are gathered in a buffer, and written in transactions.

The buffer is written at least every ``COMMIT_FILES`` files or ``COMMIT_S`` seconds, so that a kill
loses no more than that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from indexer.batch_failures import record_each
from indexer.events import Event, FileFailed, PhotosMissing
from indexer.folders.steps import MissingFiles, Settled
from indexer.place_names import name_new
from indexer.tally import Kind, Tally
from store.index_sync import Texts
from store.library import Library
from store.outcomes import SamePicture
from store.states import Away, State
from store.values import FileRecord, ModelInfo
from store.writer import LibraryWriter

COMMIT_FILES = 256
COMMIT_S = 5.0
SAVE_FILES = 10_000
"""After this many files a run saves the index, so that a search has little to catch up."""

_GONE = "no longer there, or excluded since"


class Recorder:
    """Writes what one run learns, and counts it in ``tally``; used by one thread.

    ``unwritten`` holds the digests of pictures that are not in the library yet.

    Args:
        run: the number of a run that another process began, and that this one helps; a new one
            begins by default.
        keep_thumbnails: takes thumbnails, (digest, JPEG file), instead of the library.
        texts: what searches of the model may be for; see ``LibraryWriter.save_index``.
    """

    def __init__(
        self,
        library: Library,
        writer: LibraryWriter,
        model: ModelInfo,
        tally: Tally,
        *,
        run: int | None = None,
        keep_thumbnails: Callable[[Sequence[tuple[bytes, bytes]]], None] | None = None,
        texts: Texts | None = None,
    ) -> None:
        self._library, self._writer, self._model, self._tally = library, writer, model, tally
        self._texts = texts
        self.run = writer.begin_run() if run is None else run
        self._keep_thumbnails = keep_thumbnails or library.thumbnails.put
        self.unwritten: set[bytes] = set()
        self._buffer: list[FileRecord] = []
        self._kinds: list[Kind] = []  # what each record was counted as
        self._thumbnails: list[tuple[bytes, bytes]] = []  # of pictures in the buffer
        self._unsaved = 0  # files written since the index was saved
        self._committed = time.monotonic()
        self._missing: list[Path] = []  # folders where photos are away since this run

    def accept_missing(self, folders: Sequence[Path]) -> None:
        """Count photos that are away at or below ``folders`` (absolute) as gone."""
        for folder in folders:
            self._tally.summary.gone += self._writer.accept_missing(folder)

    def keep(self, record: FileRecord, kind: Kind) -> None:
        """Add a record to the buffer; ``kind``: what it is counted as."""
        self._tally.add_file(record, kind)
        self._buffer.append(record)
        self._kinds.append(kind)

    def keep_unusable(self, record: FileRecord, root: Path) -> list[Event]:
        """``keep`` a file that holds no usable picture; returns the events to report."""
        if record.state is State.OTHER:
            self.keep(record, "other")
            return [self._tally.progress()]
        self.keep(record, "failed")
        return [_failure(record, root), self._tally.progress()]

    def keep_thumbnail(self, digest: bytes, image: bytes) -> None:
        """Add a thumbnail (a JPEG file) to the buffer."""
        self._thumbnails.append((digest, image))

    def settle(self, settled: Settled) -> None:
        """Write the new state of known paths that need not be read."""
        self._tally.add_settled(settled)
        if settled.returned:
            self._writer.set_returned(settled.returned, settled.filesystem_id)
        if settled.elsewhere and settled.filesystem_id is not None:
            self._writer.set_filesystem(settled.elsewhere, settled.filesystem_id)
        if settled.dropped:
            self._writer.drop(settled.dropped)

    def miss(self, missing: MissingFiles) -> None:
        """Write which of the missing photos are gone, and which are away."""
        missed = missing.missed
        self._tally.add_missed(missed)
        if missed.gone:
            self._writer.set_gone(missed.gone, _GONE)
        for ids, why in ((missed.unplugged, Away.UNPLUGGED), (missed.at_once, Away.AT_ONCE)):
            if ids:
                self._writer.set_away(ids, why)
        self._missing += [missing.root.path / folder for folder in missed.folders]

    def commit_if_due(self) -> list[Event]:
        """``commit``, if the buffer is full or its records have waited long enough."""
        late = time.monotonic() - self._committed > COMMIT_S
        due = len(self._buffer) >= COMMIT_FILES or (self._buffer and late)
        return self.commit() if due else []

    def commit(self) -> list[Event]:
        """Write the buffer; returns an event for each file that the library refuses."""
        refused: list[Event] = []
        if self._buffer:
            try:
                self._write(self._buffer)
            except Exception as error:  # perhaps because of one of them
                refused = self._record_each(error)
            self._keep_thumbnails(self._thumbnails)
            self._thumbnails = []
            self.unwritten -= {f.picture.digest for f in self._buffer if f.picture}
            self._unsaved += len(self._buffer)
            self._buffer, self._kinds = [], []
        if self._unsaved >= SAVE_FILES and self._writer.saves_on_the_way:
            self._save_index()
        self._committed = time.monotonic()
        return refused

    def settle_moves(self) -> None:
        """Tell photos that moved from new and missing ones, once everything was met.

        Until then a photo that is new may still be missed at its old place: a run that ends before
        leaves its new paths to the next one, as a run that was killed does.
        """
        self._tally.set_moves(self._writer.settle_moves(self.run))

    def finish(self, same: SamePicture, *, saves_index: bool = True) -> None:
        """Decide what can only be decided at the end: edits, and the model that answers.

        Args:
            same: tells whether one picture is an edit of another.
            saves_index: bring the index files up to the rows.
        """
        summary = self._tally.summary
        if not summary.stopped:  # a stopped run may not have seen a picture under its new name yet
            edits = self._writer.settle_edits(same)
            summary.marks_followed, summary.replaced = len(edits.followed), edits.replaced
            summary.waiting_for = self._writer.switch_model(self._model)
        counted = [PhotosMissing(f, self._library.away_count(f)) for f in self._missing]
        summary.missing = [missing for missing in counted if missing.photos]
        name_new(self._library, self._writer)
        if saves_index:
            self._save_index()

    def _write(self, files: Sequence[FileRecord]) -> None:
        self._writer.record(files, self._model, self.run)

    def _record_each(self, error: Exception) -> list[Event]:
        events: list[Event] = []
        roots = {root.id: root.path for root in self._library.roots()}
        refused = record_each(self._write, self._buffer, error)
        for number, record in refused.items():
            self._tally.turn_into_failure(self._buffer[number], self._kinds[number], record)
            events.append(_failure(record, roots[record.root_id]))
        lost = {f.picture.digest for n, f in enumerate(self._buffer) if n in refused and f.picture}
        self._thumbnails = [pair for pair in self._thumbnails if pair[0] not in lost]
        return events

    def _save_index(self) -> None:
        self._unsaved = 0
        if answering := self._library.model():
            texts = self._texts if answering == self._model else None
            self._writer.save_index(answering, texts=texts)


def _failure(record: FileRecord, root: Path) -> FileFailed:
    return FileFailed(root / record.folder / record.name, record.state, record.reason or "")

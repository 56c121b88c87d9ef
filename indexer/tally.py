"""Counts what a run has done so far."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from indexer.events import Progress, Summary
from indexer.folders.missing import Missed
from indexer.folders.steps import Settled
from indexer.reader import ReadResult
from indexer.videos.video_files import NEEDS_EXTRA
from store.outcomes import Moves
from store.states import State
from store.values import FileRecord

Kind = Literal["new", "copies", "changed", "again", "other", "failed"]
"""The field of ``Summary`` in which a file is counted."""


def kind_of(read: ReadResult, *, embedded: bool) -> Kind:
    """What a picture is counted as; ``embedded``: whether the model ran on this very file."""
    if read.step.why in ("changed", "altered"):
        return "changed"
    if read.step.why == "again":
        return "again"
    return "new" if embedded else "copies"


class Tally:
    """Counts what happens in one run; used by one thread.

    ``summary`` holds the counts, up to date at any moment.
    """

    def __init__(self) -> None:
        self.summary = Summary()

    def progress(self) -> Progress:
        """How far the run is."""
        return Progress(self.summary.seen, self.summary.embedded)

    def add_file(self, record: FileRecord, kind: Kind) -> None:
        """Count a file that is about to be recorded."""
        self.summary.seen += 1
        self._count(record, kind, 1)

    def turn_into_failure(self, record: FileRecord, kind: Kind, failure: FileRecord) -> None:
        """Count ``failure`` instead of a file that was counted before."""
        self._count(record, kind, -1)
        self._count(failure, "failed", 1)
        self.summary.failed = +self.summary.failed  # without counts that are 0 now

    def add_batch(self, batch: Summary) -> None:
        """Add what another process counted while it read files.

        Roots that it could not see are left to ``add_offline``.
        """
        summary = self.summary
        for name in ("seen", "new", "copies", "changed", "again", "unchanged", "other"):
            setattr(summary, name, getattr(summary, name) + getattr(batch, name))
        summary.embedded += batch.embedded
        summary.videos += batch.videos
        summary.opened += batch.opened
        summary.failed += batch.failed
        summary.altered += batch.altered

    def add_settled(self, settled: Settled) -> None:
        """Count files that need not be read."""
        for state, count in settled.unchanged.items():
            self.summary.seen += count
            if state.is_failure:
                self.summary.failed[state] += count
            elif state is State.OTHER:
                self.summary.other += count
            else:
                self.summary.unchanged += count
        self.summary.seen += len(settled.returned)
        self.summary.returned += len(settled.returned)
        self.summary.away += settled.away

    def add_verified(self) -> None:
        """Count a file that was read only to see that nothing has changed."""
        self.summary.seen += 1
        self.summary.unchanged += 1

    def add_missed(self, missed: Missed) -> None:
        """Count photos that are gone or away."""
        self.summary.gone += len(missed.gone)
        self.summary.away += len(missed.unplugged) + len(missed.at_once)

    def add_offline(self, root: Path) -> None:
        """Note a root that can't be seen."""
        self.summary.offline.append(root)

    def set_moves(self, moves: Moves) -> None:
        """Count moved files as moved, not as new, copied, gone or away; once, at the end.

        A moved file was met twice: at its new path, and as missing at its old one, either maybe in
        an earlier run. What one that did not come to its end met as new is unchanged in this one,
        where this one looks at it.
        """
        summary = self.summary
        summary.moved = moves.total
        summary.gone = max(0, summary.gone - moves.from_gone)
        summary.away = max(0, summary.away - moves.from_away)
        left = moves.total - moves.met_before
        for kind in ("copies", "new", "again"):
            counted = getattr(summary, kind)
            setattr(summary, kind, max(0, counted - left))
            left = max(0, left - counted)
        summary.unchanged = max(0, summary.unchanged - moves.met_before)

    def _count(self, record: FileRecord, kind: Kind, by: int) -> None:
        if record.reason == NEEDS_EXTRA:
            self.summary.videos += by
        if kind == "failed":
            self.summary.failed[record.state] += by
        else:
            setattr(self.summary, kind, getattr(self.summary, kind) + by)

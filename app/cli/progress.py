"""An index run's events as a progress bar, and its summary as words."""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer

from app import nothing_new
from app.cli.bars import Bar
from app.cli.common import note, print_json, show
from app.config import Config
from app.text import counted, plural
from indexer import events
from indexer.events import Event, Summary

_EVERY_S = 0.2  # between two reports of progress
_NAMED = 20  # files named in a line at most


def said_again(config: Config, folders: Sequence[Path]) -> bool:
    """Print what a run over ``folders`` (absolute; none: all) would say that finds nothing new.

    Returns False where it takes a run to know that.
    """
    summary = nothing_new.again(config, folders)
    if summary is None:
        return False
    for line in summary_lines(summary, engine=""):
        typer.echo(show(line))
    return True


def follow(run: Iterator[Event]) -> Summary:
    """Show a run's progress on a terminal (nothing elsewhere), and return its summary."""
    summary = Summary()
    with Bar("Indexing", "photos") as bar:
        for event in run:
            match event:
                case events.Progress(seen=seen):
                    bar.update(completed=seen)
                case events.Counted(total=total):
                    bar.update(total=total)
                case events.PlacesNamed(done=done, total=total):
                    bar.update(description="Naming places", completed=done, total=total)
                case events.RootOffline(root=root):
                    note(f"{root} can't be seen now: its photos are left as they are.")
                case events.NodeLost(node=node, reason=reason):
                    note(f"The node {node} is given up: {reason}. Others do its part.")
                case events.FileAltered():
                    pass  # the summary names them
                case events.FileFailed() | events.PhotosMissing():
                    pass  # the ledger has them; the summary says how to see it
                case events.Finished():
                    summary = event.summary
    return summary


class Reports:
    """Runs' events as lines of JSON, except the last of a run, which only ends it.

    Progress is told every 0.2 seconds at most, and once more at the end of its part of the run:
    the last line has all that the run dealt with.
    """

    def __init__(self) -> None:
        self._told = 0.0
        self._held_back: events.Progress | None = None

    def take(self, event: Event) -> None:
        """Print ``event``, or hold it back until it is time for it."""
        if isinstance(event, events.Progress):
            self._held_back = event
            if time.monotonic() - self._told >= _EVERY_S:
                self.tell_progress()
            return
        if not isinstance(event, events.FileFailed | events.FileAltered):  # in between
            self.tell_progress()
        if not isinstance(event, events.Finished):
            print_json(as_json(event))

    def tell_progress(self) -> None:
        """Print the progress that was held back, if any."""
        if self._held_back is not None:
            print_json(as_json(self._held_back))
            self._told, self._held_back = time.monotonic(), None


def report(run: Iterator[Event]) -> Summary:
    """Print a run's events as lines of JSON, and return its summary."""
    summary = Summary()
    reports = Reports()
    try:
        for event in run:
            reports.take(event)
            if isinstance(event, events.Finished):
                summary = event.summary
    finally:
        reports.tell_progress()
    return summary


def as_json(event: Event) -> dict[str, Any]:
    """An event as an object of JSON; of the last one, only that it is the last."""
    match event:
        case events.Progress(seen=seen, embedded=embedded):
            return {"event": "progress", "seen": seen, "embedded": embedded}
        case events.Counted(total=total):
            return {"event": "counted", "total": total}
        case events.PlacesNamed(done=done, total=total):
            return {"event": "places", "named": done, "of": total}
        case events.RootOffline(root=root):
            return {"event": "offline", "path": str(root)}
        case events.PhotosMissing(folder=folder, photos=photos):
            return {"event": "missing", "path": str(folder), "photos": photos}
        case events.FileFailed(path=path, state=state, reason=reason):
            return {"event": "failed", "path": str(path), "state": str(state), "reason": reason}
        case events.FileAltered(path=path):
            return {"event": "altered", "path": str(path)}
        case events.NodeLost(node=node, reason=reason):
            return {"event": "node-lost", "node": node, "reason": reason}
        case events.Finished():
            return {"event": "finished"}


def summary_lines(summary: Summary, engine: str) -> list[str]:
    """What a run did, in a few lines; ``engine`` is what computed the vectors."""
    parts = [
        (summary.new, "new"),
        (summary.changed, "changed"),
        (summary.again, "read again"),
        (summary.moved, "moved"),
        (summary.copies, "copies"),
        (summary.returned, "back again"),
        (summary.unchanged, "unchanged"),
        (sum(summary.failed.values()), "failed"),
        (summary.other, "not pictures"),
        (summary.gone, "gone"),
        (summary.away, "away"),
    ]
    said = counted(parts)
    if summary.offline:
        said = ", ".join(filter(None, [said, f"{plural(len(summary.offline), 'folder')} offline"]))
    begin = "Stopped; all of this is kept" if summary.stopped else plural(summary.seen, "file")
    lines = [f"{begin}: {said or 'nothing to index'}."]
    rate = f"{summary.embedded / summary.seconds:,.0f} a second, " if summary.seconds > 1 else ""
    if summary.embedded:
        lines.append(
            f"{plural(summary.embedded, 'picture')} embedded in {summary.seconds:.1f} s "
            f"({rate}{engine})."
        )
    if summary.altered:
        lines.append(
            f"{plural(len(summary.altered), 'file')} changed although size and time did not: the "
            "disk has damaged them, or a program replaced them and kept the time; nothing here "
            f"can tell. Compare with a backup: {_named(summary.altered)}"
        )
    if summary.thumbnails:
        lines.append(f"{plural(summary.thumbnails, 'lost thumbnail')} made again.")
    if summary.videos:
        lines.append(
            f"{plural(summary.videos, 'video')} passed over. To search videos too: "
            "pip install 'clipsearch[video]', then: clipsearch index"
        )
    if summary.failed:
        reasons = ", ".join(f"{n:,} {state}" for state, n in summary.failed.most_common())
        lines.append(f"Failed: {reasons}. See: clipsearch files --state failed")
    if summary.gone:
        lines.append("What is gone is kept until: clipsearch prune")
    for missing in summary.missing:
        lines.append(
            f"{plural(missing.photos, 'photo')} in {missing.folder} could not be seen, but may be "
            "on a drive that is not plugged in: kept, still found, shown as offline. If they were "
            f"deleted: clipsearch index --accept-missing {shlex.quote(str(missing.folder))}"
        )
    if summary.marks_followed:
        lines.append(f"{plural(summary.marks_followed, 'edited photo')} kept their marks.")
    if summary.replaced:
        lines.append(
            f"{plural(len(summary.replaced), 'marked photo')} became a different picture: "
            f"{_named(summary.replaced)}. Their marks stay with the old pictures, and come back "
            "with them."
        )
    if summary.waiting_for:
        lines.append(
            f"The old model answers until {plural(summary.waiting_for, 'more picture')} can be "
            "read (offline folders, perhaps): index again then."
        )
    return lines


def _named(paths: Sequence[Path]) -> str:
    """The first of ``paths`` by name, and how many more there are."""
    more = len(paths) - _NAMED
    shown = ", ".join(str(path) for path in paths[:_NAMED])
    return f"{shown} and {more:,} more" if more > 0 else shown

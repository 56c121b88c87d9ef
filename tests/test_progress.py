"""A run's events as lines of JSON: progress now and then, and always the last of it."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.cli import progress
from app.cli.progress import Reports
from indexer.events import Event, FileFailed, Finished, PhotosMissing, Progress, Summary
from store.states import State

MISSING = PhotosMissing(Path("/pictures"), 2)


def told(capsys: pytest.CaptureFixture[str]) -> list[int | str]:
    """What was printed since the last look: files dealt with, or the kind of another event."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line.get("seen", line["event"]) for line in lines]


def take(reports: Reports, *events: Event) -> None:
    for event in events:
        reports.take(event)


def test_progress_is_told_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reports = Reports()
    for number in range(9):
        now = 100 + number / 8
        monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda now=now: now))
        take(reports, Progress(number, 0))
    assert told(capsys) == [0, 2, 4, 6, 8]


@pytest.mark.parametrize(
    ("last", "lines"), [(Finished(Summary()), [28]), (MISSING, [28, "missing", "missing"])]
)
def test_the_last_progress_is_told_before_anything_else(
    last: Event,
    lines: list[int | str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: 100.0))
    reports = Reports()
    take(reports, Progress(0, 0), Progress(1, 0), Progress(28, 28))
    assert told(capsys) == [0]
    take(reports, last, last)
    assert told(capsys) == lines


def test_of_many_failures_progress_is_told_as_ever(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: 100.0))
    reports = Reports()
    for number in range(1, 4):
        failed = FileFailed(Path(f"/pictures/{number}.jpg"), State.EMPTY, "the file is empty")
        take(reports, failed, Progress(number, 0))
    take(reports, Finished(Summary()))
    assert told(capsys) == ["failed", 1, "failed", "failed", 3]

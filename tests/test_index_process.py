"""Indexing from the page: the real command in its own process, watched and stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from app.cli.progress import as_json
from app.config import load_config
from app.web.indexing import IndexRun, RunProgress, _take
from indexer import events
from store.library import Library


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 400 pictures and a broken one, which tests only read."""
    folder = tmp_path_factory.mktemp("many")
    for number in range(400):
        Image.effect_noise((300, 300 + number % 7), 60 + number / 10).convert("RGB").save(
            folder / f"{number}.jpg", quality=90
        )
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    return folder


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not true():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.02)


def test_a_run_is_watched_to_its_end(real_photos: Path) -> None:
    run = IndexRun(load_config())
    assert not run.is_running()
    run.start([real_photos])
    assert run.is_running()
    run.start([Path("/elsewhere")])  # one at a time
    assert run.wait(120)
    until(lambda: bool(run.result))
    count = len(list(real_photos.iterdir()))
    assert run.progress.seen == count and run.progress.seconds > 0
    assert run.progress.total in (0, count)  # 0: at the end before the files were counted
    assert run.result[0].startswith(f"{count} files: ")
    library = Library.open(load_config().library)
    assert [root.path for root in library.roots()] == [real_photos]
    library.close()


@pytest.mark.one_python
def test_a_run_is_stopped_and_keeps_what_it_has(many: Path) -> None:
    run = IndexRun(load_config())
    run.start([many])
    library_file = load_config().library / "library.db"
    until(lambda: run.progress.embedded > 0)
    library = Library.open(library_file.parent)
    run.stop()
    assert run.wait(60)
    until(lambda: bool(run.result))
    assert run.result[0].startswith("Stopped; all of this is kept")
    model = library.model()
    assert model
    kept = library.searchable_count(model)
    assert 0 < kept <= 400
    run.start([])
    assert run.wait(120)
    assert library.searchable_count(model) == 400
    until(lambda: run.progress.failed == 1)
    library.close()


def test_what_went_wrong_is_told(tmp_path: Path) -> None:
    run = IndexRun(load_config())
    run.start([tmp_path / "nowhere"])
    assert run.wait(60)
    until(lambda: bool(run.result))
    assert run.failed and len(run.result) == 1
    assert "There is no folder" in run.result[0]


def test_a_run_is_stopped_before_it_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = IndexRun(load_config())
    with monkeypatch.context() as patch:  # it takes long to load its model
        loading = [sys.executable, "-c", "import time; time.sleep(600)"]
        patch.setattr("app.web.indexing.processes.command", lambda *_: loading)
        run.start([tmp_path])
        run.stop()
        assert run.wait(60)
    until(lambda: not run.is_running())
    assert (run.failed, run.result) == (False, ["Stopped; what it had read is kept."])
    run.start([tmp_path / "nowhere"])
    until(lambda: not run.is_running())
    assert run.failed  # nobody has stopped this one


@pytest.mark.one_python
@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_run_that_is_killed_says_so(many: Path, number: signal.Signals) -> None:
    run = IndexRun(load_config())
    run.start([many])
    until(lambda: run.progress.seen > 0)
    assert run._process
    os.kill(run._process.pid, number)
    until(lambda: not run.is_running())
    assert run.failed
    assert f"killed by signal {number.value}, {number.name}" in run.result[0]
    assert "kept" in run.result[0]
    run.start([])
    assert run.wait(120)
    until(lambda: not run.is_running())
    assert (run.failed, run.result[0][:9]) == (False, "401 files")


def test_what_a_run_said_last_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = "import sys; print('first', file=sys.stderr); print('last', file=sys.stderr); exit(7)"
    monkeypatch.setattr(
        "app.web.indexing.processes.command", lambda *_: [sys.executable, "-c", script]
    )
    run = IndexRun(load_config())
    run.start([tmp_path])
    until(lambda: not run.is_running())
    assert "code 7" in run.result[0] and run.result[1:] == ["first", "last"]


def test_a_run_that_can_not_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    run = IndexRun(load_config())
    run.start([])
    assert not run.is_running() and run.failed
    assert "can't be started" in run.result[0]


def test_events_as_json(real_photos: Path) -> None:
    command = [sys.executable, "-m", "app.cli", "index", str(real_photos), "--json"]
    done = subprocess.run(
        [*command, "--model", "starter"],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
        check=True,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert told[-1]["event"] == "finished" and told[-1]["stopped"] is False
    last = [event for event in told if event["event"] == "progress"][-1]
    assert last["seen"] == len(list(real_photos.iterdir()))


def test_loading_the_model_is_not_counted_as_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    progress = RunProgress(started=0.0)
    told: list[tuple[float, dict[str, Any]]] = [
        (10.0, {"total": 100}),
        (20.0, {"seen": 0, "embedded": 0}),
        (22.0, {"seen": 40, "embedded": 40}),
    ]
    for now, event in told:
        clock = SimpleNamespace(monotonic=lambda now=now: now)
        monkeypatch.setattr("app.web.indexing.time", clock)
        _take(progress, event)
    assert progress.rate == 20
    assert progress.seconds_left == 3


def test_that_places_are_named_is_told_while_they_are() -> None:
    progress = RunProgress()
    for event, told in (
        (events.PlacesNamed(3, 10), (3, 10)),
        (events.PlacesNamed(10, 10), (10, 10)),
        (events.Progress(1, 0), None),
    ):
        _take(progress, as_json(event))
        assert progress.naming == told

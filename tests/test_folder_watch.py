"""Watching from the page: the real command in its own process, which ends with whoever began it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from app import processes
from app.config import load_config
from app.web.folder_watch import FolderWatch, end_watches, watch_of
from benchmarks.samples import index_photos
from indexer.watching.pause import BUSY
from store import locks
from store.library import Library
from store.states import State
from watching import until


@pytest.fixture
def some(tmp_path: Path, real_photos: Path) -> Path:
    """A folder of two photos, which the starter model has indexed."""
    folder = tmp_path / "some"
    folder.mkdir()
    for photo in sorted(real_photos.glob("*.jpg"))[:2]:
        shutil.copy(photo, folder)
    index_photos(load_config().library, [folder], "starter")
    return folder


def test_it_is_begun_and_ended(some: Path) -> None:
    config = load_config()
    watch = watch_of(config)
    assert watch_of(config) is watch
    watch.start()
    watch.start()  # no second one
    until(lambda: watch.is_on and locks.is_watched(config.library))
    new = some / "new.png"
    Image.effect_noise((300, 300), 70).convert("RGB").save(new)
    until(lambda: any("1 new" in line for line in watch.said), str(watch.said))
    with Library.open(config.library) as library:
        assert new in {photo.path for photo in library.files([State.INDEXED])}
    end_watches()
    assert not watch.is_on and not locks.is_watched(config.library)
    watch.stop()  # of what is not on


@pytest.mark.one_python
def test_that_it_waits_is_said_only_while_it_does(some: Path) -> None:
    config = load_config()
    watch = watch_of(config)
    watch.start()
    until(lambda: locks.is_watched(config.library))
    new = some / "new.png"
    with locks.locked(config.library):
        Image.new("RGB", (99, 99)).save(new)
        until(lambda: BUSY in watch.said, str(watch.said))
        new.unlink()  # as if whoever holds the lock had taken it in: nothing is new any more
    until(lambda: BUSY not in watch.said, str(watch.said))
    end_watches()


@pytest.mark.one_python
def test_why_it_ended_is_said(some: Path) -> None:
    config = load_config()
    watch = FolderWatch(config)
    with locks.watching(config.library):
        watch.start()
        until(lambda: not watch.is_on)
        until(lambda: any("watches the folders" in line for line in watch.said), str(watch.said))


def test_what_can_not_be_started_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    watch = FolderWatch(load_config())
    watch.start()
    assert not watch.is_on and "can't be started" in watch.said[0]


@pytest.mark.one_python
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_it_ends_with_a_server_that_is_killed(some: Path) -> None:
    code = (
        "import time; from app.config import load_config; from app.web import folder_watch as f; "
        "f.watch_of(load_config()).start(); time.sleep(600)"
    )
    server = subprocess.Popen([sys.executable, "-c", code], env=processes.environment())
    library = load_config().library
    until(lambda: locks.is_watched(library))
    server.send_signal(signal.SIGKILL)
    server.wait()
    until(lambda: not locks.is_watched(library))


@pytest.mark.one_python
@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_signal_ends_it_without_a_crash(some: Path) -> None:
    with subprocess.Popen(
        processes.command("app.cli", "watch", "--json", "--until-input-ends"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=processes.environment(),
        text=True,
    ) as process:
        assert process.stderr
        until(lambda: locks.is_watched(load_config().library))
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0, process.stderr.read()

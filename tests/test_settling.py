"""Files that are being written, and those that are not."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from indexer.folders.scan import ScannedFile
from indexer.watching import settling
from indexer.watching.settling import CLOSED_S, OPEN_S, QUIET_S, Settling


def scanned(path: Path) -> ScannedFile:
    facts = path.stat()
    return ScannedFile(path.name, facts.st_size, facts.st_mtime_ns)


@pytest.fixture
def young(tmp_path: Path) -> Path:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"begun")
    return path


def test_an_old_file_is_read_at_once(young: Path) -> None:
    os.utime(young, (time.time() - 60,) * 2)
    seen = Settling()
    assert not seen.is_unsettled(young, scanned(young))
    assert seen.take_held() == {}


def test_a_young_one_once_it_has_stayed_the_same(young: Path) -> None:
    seen = Settling()
    assert seen.is_unsettled(young, scanned(young))
    (when,) = seen.take_held().values()
    assert 0 < when - time.monotonic() <= QUIET_S
    time.sleep(QUIET_S + 0.05)
    assert not seen.is_unsettled(young, scanned(young))
    young.write_bytes(b"begun, and gone on with")
    assert seen.is_unsettled(young, scanned(young))


def test_what_its_writer_has_closed_sooner_and_what_is_open_later(young: Path) -> None:
    seen = Settling()
    assert seen.note(young, is_open=True) == OPEN_S
    time.sleep(QUIET_S + 0.05)
    assert seen.is_unsettled(young, scanned(young))
    assert seen.note(young, is_open=False) == CLOSED_S
    assert not seen.is_unsettled(young, scanned(young))  # for a second already


def test_what_changes_all_the_time_is_read_less_and_less(
    young: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    clock = SimpleNamespace(monotonic=lambda: now[0], time=time.time)
    monkeypatch.setattr(settling, "time", clock)
    seen = Settling()
    waits = []
    for number in range(14):
        young.write_bytes(b"x" * (number + 1))
        waits.append(seen.note(young, is_open=False))
        now[0] += 61
        assert not seen.is_unsettled(young, scanned(young))
    assert waits[:4] == [CLOSED_S] * 4
    assert waits == sorted(waits) and waits[-1] == 60


def test_it_forgets(young: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = Settling()
    seen.note(young, is_open=True)
    later = time.monotonic() + 700
    clock = SimpleNamespace(monotonic=lambda: later, time=time.time)
    monkeypatch.setattr(settling, "time", clock)
    seen.forget_old()
    os.utime(young, (time.time() - 60,) * 2)
    assert not seen.is_unsettled(young, scanned(young))


def test_a_file_that_has_gone_is_nothing_to_wait_for(tmp_path: Path) -> None:
    seen = Settling()
    assert seen.note(tmp_path / "gone.jpg", is_open=True) == CLOSED_S

"""Battery and mains power, and the words for a batch of news."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

import pytest

from app import watching
from app.watching import news_line, on_battery
from conftest import Run
from indexer.events import PhotosMissing, Summary
from indexer.watching.small_runs import NewsBatch
from store.errors import ConfigError

linux = pytest.mark.skipif(sys.platform != "linux", reason="/sys")


@pytest.fixture
def supplies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A laptop's power supplies as Linux shows them, and the battery of its mouse."""
    folder = tmp_path / "power_supply"
    for name, facts in {
        "AC": {"type": "Mains", "online": "1"},
        "BAT0": {"type": "Battery", "status": "Charging"},
        "hidpp_battery_0": {"type": "Battery", "scope": "Device", "status": "Discharging"},
    }.items():
        (folder / name).mkdir(parents=True)
        for fact, value in facts.items():
            (folder / name / fact).write_text(f"{value}\n")
    monkeypatch.setattr(watching, "_SUPPLIES", folder)
    return folder


@linux
def test_battery(supplies: Path) -> None:
    assert not on_battery()
    (supplies / "BAT0" / "status").write_text("Discharging\n")
    assert on_battery()


def test_a_machine_without_a_battery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_SUPPLIES", tmp_path / "nowhere")
    monkeypatch.setattr(watching, "_SYSTEM", "linux")
    assert not on_battery()


def test_where_it_can_not_be_told_that_is_said(
    run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "_SYSTEM", "win32")
    with pytest.raises(ConfigError):
        on_battery()
    done = run("watch", photos, "--not-on-battery")
    assert done.code == 2 and "can't tell" in done.err


def test_news_in_a_line() -> None:
    one, two = Path("/photos/a"), Path("/photos/b")
    summary = Summary(new=3, gone=1, unchanged=500, away=40, other=7)
    assert news_line(NewsBatch(summary, [one]), 0) == f"3 new, 1 gone in {one}"
    assert news_line(NewsBatch(summary, [one, two]), 2) == "3 new, 2 failed, 1 gone in 2 folders"
    missing = Summary(missing=[PhotosMissing(one, 12)], away=12)
    assert news_line(NewsBatch(missing, [one]), 0) == f"12 away in {one}"
    assert news_line(NewsBatch(Summary(unchanged=9, other=2), [one]), 0) is None


def test_signals_are_as_they_were(run: Run, tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    assert run("watch", tmp_path / "nowhere").code == 2
    assert signal.getsignal(signal.SIGTERM) is before

"""The log of the last runs: enough for a report, and nothing that is nobody's business."""

from __future__ import annotations

import logging
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import app.services
from app.cli import run_log
from conftest import Run, draw
from fakes import ColourEncoder
from store.library import Library

TOP = Path(__file__).parent.parent


def log_of(tmp_path: Path) -> str:
    return (tmp_path / "log" / run_log.FILE).read_text(encoding="utf-8")


def test_a_run_is_two_lines(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos, "--model", "a/b")
    run("status", "--json")
    lines = [re.sub(r"^\S+ \S+ \[\d+\] |\d+\.\d s", "", line) for line in _lines(tmp_path)]
    assert lines == [
        "index began: folders, model",
        "ended with 0 after ",
        "status began: json",
        "ended with 0 after ",
    ]


def test_no_query_path_or_message_is_kept(run: Run, photos: Path, tmp_path: Path) -> None:
    secret = draw(photos / "secretfile.png", "red", (7, 7))
    run("index", photos, "--exclude", "secretfolder")
    run("search", "red, in:secretword")
    run("search", "red", "nosuchfilter:secretword")
    run("search", "red", "-secretword")
    run("search", "red", "--secretword")
    run("tag", "add", "secrettag", secret)
    run("tag", "add", "secrettag", tmp_path / "secretplace")
    run("similar", secret)
    run("explain", secret, "secretword")
    text = log_of(tmp_path)
    assert "secret" not in text and str(tmp_path) not in text
    assert "search began: query" in text
    assert "ended with 2 after" in text and "QueryError" in text


def test_an_error_is_its_kind_and_its_places(
    run: Run, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("index", photos)

    def fail(*_: object, **__: object) -> ColourEncoder:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(app.services, "load_encoder", fail)
    assert "Please report it" in run("search", "red").err
    ended, places = _lines(tmp_path)[-2:]
    assert ended.endswith("ZeroDivisionError") and "ended with 1" in ended
    assert re.search(r"app/services\.py:\d+ > tests/test_run_log\.py:\d+$", places)
    assert "secret" not in log_of(tmp_path)


def test_verbose_says_and_keeps_all(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    result = run("search", "red", "nosuch:secretword", "--verbose")
    assert result.code == 2
    assert "Traceback" in result.err and "there is no filter nosuch" in result.err
    assert "there is no filter nosuch" in log_of(tmp_path)
    assert "Traceback" in log_of(tmp_path)
    before = log_of(tmp_path)
    assert "Traceback" not in run("search", "red", "nosuch:secretword").err  # one run only
    assert "nosuch" not in log_of(tmp_path).removeprefix(before)


@pytest.mark.parametrize("place", ["before", "behind"])
def test_verbose_goes_to_stderr(run: Run, photos: Path, tmp_path: Path, place: str) -> None:
    run("index", photos)
    plain = run("search", "red", "--json")
    typed = ["-v", "search", "red", "--json"]
    result = run(*typed) if place == "before" else run(*typed[1:], "-v")
    assert result.out == plain.out
    assert str(tmp_path / "library") in result.err  # which one is meant
    assert "arithmetic" in result.err  # what computes
    assert "ended with 0" in result.err


def test_a_log_is_small_and_for_its_user_only(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_log, "_BYTES", 2_000)
    Library.open(tmp_path / "library", create=True).close()
    for _ in range(60):
        run("status")
    files = sorted((tmp_path / "log").iterdir())
    assert [path.name for path in files] == [run_log.FILE, f"{run_log.FILE}.1"]
    assert all(0 < path.stat().st_size <= 2_000 for path in files)
    if os.name == "posix":
        assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)
        assert stat.S_IMODE((tmp_path / "log").stat().st_mode) == 0o700


def test_a_log_that_can_not_be_written_stops_nothing(
    run: Run, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        monkeypatch.setenv("CLIPSEARCH_LOG", str(place))
        result = run("index", photos)
        assert result.code == 0 and "Traceback" not in result.err
    (tmp_path / "log" / run_log.FILE).mkdir(parents=True)
    monkeypatch.setenv("CLIPSEARCH_LOG", str(tmp_path / "log"))
    result = run("status")
    assert (result.code, result.err) == (0, "")


def test_the_real_process(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "status", "-v"],
        cwd=TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and done.stdout == ""
    assert "typed: status -v" in done.stderr
    assert "typed: status -v" in log_of(tmp_path)
    assert "\nclipsearch: There is no library" in done.stderr


def test_nothing_is_left_behind(run: Run, photos: Path) -> None:
    run("index", photos, "-v")
    kept = [type(one).__module__ for one in logging.getLogger("clipsearch").handlers]
    assert set(kept) <= {"_pytest.logging"}


def _lines(tmp_path: Path) -> list[str]:
    return log_of(tmp_path).splitlines()

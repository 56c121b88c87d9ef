"""clipsearch --version: what a report of a bug needs."""

from __future__ import annotations

import platform
import re
import tomllib
from pathlib import Path

import pytest

from app import __version__
from app.cli import run_log
from conftest import Run
from store.library import DATABASE

TOP = Path(__file__).parent.parent
COMMANDS = (
    *("index", "search", "ui", "similar", "explain", "duplicates", "status", "files", "label"),
    *("tag", "favourite", "concept", "relocate", "forget", "prune", "doctor", "backup"),
    *("restore", "marks", "cache", "eval", "eval retrieval", "eval zeroshot", "eval probe"),
)


def facts(run: Run) -> dict[str, str]:
    shown = run("--version")
    assert (shown.code, shown.err) == (0, "")
    return dict(line.split(maxsplit=1) for line in shown.lines)


def test_all_that_a_report_needs(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos, "--model", "a/b")
    said = facts(run)
    assert said["clipsearch"] == __version__
    assert platform.python_version() in said["Python"]
    assert platform.machine() in said["System"]
    assert re.search(r"torch \d.*openvino \d.*faiss-cpu \d.*SQLite 3", said["Packages"])
    assert said["Model"] == "a/b, 3 dimensions"
    assert said["Engine"] == "auto, device auto"
    assert said["Library"] == str(tmp_path / "library")
    assert said["Settings"] == str(tmp_path / "config.toml")
    assert said["Log"] == str(tmp_path / "log" / run_log.FILE)
    assert "CLIPSEARCH_OFFLINE" in said["Set"]


def test_it_answers_however_broken_things_are(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "There is no library" in facts(run)["Model"]
    assert facts(run)["Library"].endswith("(not there)")
    assert not (tmp_path / "library").exists()
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / DATABASE).write_bytes(b"not a database" * 100)
    assert "not a library" in facts(run)["Model"]
    (tmp_path / "config.toml").write_text("library = 7")
    assert "must be text" in facts(run)["Settings"]
    monkeypatch.setenv("CLIPSEARCH_CONFIG", str(tmp_path / "none.toml"))
    assert "does not exist" in facts(run)["Settings"]


def test_one_source_for_the_number() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" not in project["project"] and project["project"]["dynamic"] == ["version"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "app.__version__"}
    changes = (TOP / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## (\S+)", changes, re.MULTILINE)[1] == __version__  # type: ignore[index]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_has_a_short_name_everywhere(run: Run, command: str) -> None:
    short, long = run(*command.split(), "-h"), run(*command.split(), "--help")
    assert (short.code, short.out) == (0, long.out)
    assert (
        "Usage: " in short.out and "-h, --help" in short.out and "-v, --verbose" in short.out
    ) or (
        command == "eval"  # it has only commands below it
    )

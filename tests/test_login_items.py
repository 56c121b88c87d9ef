"""What is written so that watching begins at login, and taken away again."""

from __future__ import annotations

import os
import plistlib
import subprocess
import sys
from pathlib import Path

import pytest

from app import login_items
from app.config import load_config
from conftest import Run
from store.errors import ConfigError

linux = pytest.mark.skipif(sys.platform != "linux", reason="systemd")


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a ``systemctl`` and a ``launchctl`` were told, a line each."""
    programs, log = tmp_path / "bin", tmp_path / "calls"
    programs.mkdir()
    log.touch()
    for name in ("systemctl", "launchctl"):
        (programs / name).write_text(f'#!/bin/sh\necho {name} "$@" >> "{log}"\n')
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    return log


@linux
def test_a_unit_is_written_and_removed(run: Run, tmp_path: Path, calls: Path) -> None:
    library = tmp_path / 'a "library" of 100 % $HOME'
    done = run("watch", "--install", "--not-on-battery", "--library", library)
    assert done.code == 0
    (unit,) = (tmp_path / "config" / "systemd" / "user").iterdir()
    assert done.lines == [f"Written: {unit}"]
    written = unit.read_text()
    (start,) = [line for line in written.splitlines() if line.startswith("ExecStart=")]
    assert f'"{sys.executable}" "-P" "-m" "app.cli" "watch" "--not-on-battery"' in start
    quoted = str(library).replace('"', '\\"').replace("%", "%%")
    assert f'Environment="CLIPSEARCH_LIBRARY={quoted}"' in written
    assert calls.read_text().splitlines() == [
        "systemctl --user daemon-reload",
        f"systemctl --user enable --now {unit.name}",
    ]
    other = run("watch", "--uninstall", "--library", tmp_path / "other")
    assert other.code == 2 and "Nothing is installed" in other.err
    assert run("watch", "--uninstall", "--library", library).lines == [f"Removed: {unit}"]
    assert not unit.exists()
    assert f"systemctl --user disable --now {unit.name}" in calls.read_text()


@linux
def test_the_unit_has_absolute_paths_and_where_models_are(
    run: Run, tmp_path: Path, calls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("settings.toml").write_text('device = "cpu"')
    monkeypatch.setenv("CLIPSEARCH_CONFIG", "settings.toml")
    monkeypatch.setenv("HF_HOME", "models")
    monkeypatch.setenv("PGPASSWORD", "secret")
    assert run("watch", "--install").code == 0
    (unit,) = (tmp_path / "config" / "systemd" / "user").iterdir()
    written = unit.read_text()
    assert f'Environment="CLIPSEARCH_CONFIG={tmp_path / "settings.toml"}"' in written
    assert f'Environment="HF_HOME={tmp_path / "models"}"' in written
    assert "secret" not in written


@linux
def test_a_folder_is_added_before_it_is_watched(run: Run, photos: Path, calls: Path) -> None:
    assert run("watch", photos, "--install").code == 0
    assert str(photos) in run("status").out
    wrong = run("watch", photos, "--uninstall")
    assert wrong.code == 2 and "--uninstall" in wrong.err


@linux
def test_the_command_of_the_unit_runs(tmp_path: Path, calls: Path) -> None:
    """From another folder, in the unit's own environment, which says little else."""
    login_items.install(load_config(), [])
    (unit,) = (tmp_path / "config" / "systemd" / "user").iterdir()
    lines = unit.read_text().splitlines()
    start = next(line for line in lines if line.startswith("ExecStart=")).partition("=")[2]
    settings = [line[13:-1] for line in lines if line.startswith('Environment="')]
    words = [word.strip('"') for word in start.split('" "')]
    environment = dict(setting.split("=", 1) for setting in settings)
    done = subprocess.run(
        words, env=environment, cwd="/", capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 2 and "Which folder?" in done.stderr


@linux
def test_what_the_system_does_not_do_is_left_to_the_user(
    tmp_path: Path, calls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin" / "systemctl").write_text("#!/bin/sh\nexit 1\n")
    written, *left = login_items.install(load_config(), [])
    assert written.startswith("Written: ")
    assert [line.rpartition(": ")[2] for line in left] == [
        "systemctl --user daemon-reload",
        "systemctl --user enable --now " + Path(written[9:]).name,
    ]


def test_an_agent_on_a_mac(tmp_path: Path, calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login_items, "_SYSTEM", "darwin")
    (said,) = login_items.install(load_config(), ["--poll"])
    agent = Path(said.removeprefix("Written: "))
    assert agent.parent == tmp_path / "Library" / "LaunchAgents"
    facts = plistlib.loads(agent.read_bytes())
    assert facts["Label"] == agent.stem and facts["RunAtLoad"] is True
    assert facts["ProgramArguments"][1:6] == ["-P", "-m", "app.cli", "watch", "--poll"]
    assert facts["EnvironmentVariables"]["CLIPSEARCH_LIBRARY"] == str(tmp_path / "library")
    assert login_items.uninstall(load_config()) == [f"Removed: {agent}"]
    assert [line.split()[1] for line in calls.read_text().splitlines()] == ["load", "unload"]


def test_elsewhere_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login_items, "_SYSTEM", "win32")
    with pytest.raises(ConfigError, match="Let your system start this"):
        login_items.install(load_config(), [])


@linux
def test_the_default_library_has_the_plain_name(tmp_path: Path, calls: Path) -> None:
    config = load_config(environment={})
    assert login_items.install(config, [])[0].endswith("/clipsearch-watch.service")


def test_no_password_is_written_to_a_file(tmp_path: Path, calls: Path) -> None:
    for url in ("postgresql://me:secret@host/photos", "postgres://me@host/photos?password=secret"):
        with pytest.raises(ConfigError, match="password"):
            login_items.install(load_config(library=url), [])
    if sys.platform == "linux":
        assert login_items.install(load_config(library="postgres://me@host/photos"), [])

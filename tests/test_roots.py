"""Folders by several names, in the real command: each photo is in the library once."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

import apart
from app.roots import known_as
from conftest import draw

COMMANDS = """
import json, sys
from typer.testing import CliRunner
import app.services
from app.cli import cli
from fakes import ColourEncoder
app.services.load_encoder = lambda name, *_, **__: ColourEncoder(name)
for line in json.loads(sys.argv[1]):
    done = CliRunner().invoke(cli, line)
    print(json.dumps([done.exit_code, done.stdout, done.stderr]))
"""


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "home" / "Pictures"
    (folder / "2019" / "Easter").mkdir(parents=True)
    draw(folder / "red.png", "red")
    draw(folder / "2019" / "blue.png", "blue")
    draw(folder / "2019" / "Easter" / "green.png", "green")
    return folder


def clipsearch(*lines: list[object], mounts: str = "") -> list[tuple[int, str, str]]:
    asked = json.dumps([[str(word) for word in line] for line in lines])
    command = [sys.executable, "-c", COMMANDS, asked]
    done = apart.run(
        apart.mounted(mounts, *command) if mounts else command,
        PYTHONPATH=os.pathsep.join([str(apart.TOP), str(apart.TOP / "tests")]),
    )
    assert done.returncode == 0, done.stderr
    return [tuple(json.loads(line)) for line in done.stdout.splitlines()]


def paths_after(*lines: list[object], mounts: str = "") -> tuple[list[str], list[str]]:
    """Which paths the library has in the end, and what the commands said beside."""
    answers = clipsearch(*lines, ["files", "--state", "indexed", "--json"], mounts=mounts)
    assert [code for code, _, _ in answers] == [0] * len(answers), answers
    said = [line for _, _, err in answers for line in err.splitlines() if "same folder" in line]
    return sorted(json.loads(line)["path"] for line in answers[-1][1].splitlines()), said


def of(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*.png"))


def test_a_link_to_a_root_is_that_root(pictures: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(pictures)
    paths, said = paths_after(["index", pictures], ["index", link], ["index", link / "2019"])
    assert paths == of(pictures)
    assert [line.split(" is the same folder as ")[0] for line in said] == [
        str(link),
        str(link / "2019"),
    ]


def test_a_root_that_was_given_by_a_link_keeps_that_name(pictures: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(pictures)
    paths, said = paths_after(["index", link], ["index", pictures], ["index", pictures / "2019"])
    assert paths == sorted(path.replace(str(pictures), str(link)) for path in of(pictures))
    assert len(said) == 2


def test_both_at_once(pictures: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(pictures)
    paths, _ = paths_after(["index", tmp_path / "link", pictures])
    assert len(paths) == 3


def test_a_link_to_a_folder_above_a_root(pictures: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(pictures)
    paths, said = paths_after(["index", pictures / "2019"], ["index", tmp_path / "link"])
    assert paths == of(pictures) and len(said) == 1


def test_a_root_within_another_by_a_link(pictures: Path, tmp_path: Path) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    draw(drive / "white.png", "white")
    (pictures / "drive").symlink_to(drive)
    paths, _ = paths_after(["index", drive], ["index", pictures])
    assert paths == sorted([*of(pictures), str(drive / "white.png")])


@pytest.mark.parametrize("what", ["", "2019", "2019/Easter"])
def test_a_second_mount(pictures: Path, tmp_path: Path, what: str) -> None:
    mount = tmp_path / "mount"
    mount.mkdir()
    mounts = f"mount --bind '{pictures / what}' '{mount}'"
    paths, said = paths_after(["index", pictures], ["index", mount], mounts=mounts)
    assert paths == of(pictures)
    assert said == [
        f"{mount} is the same folder as {pictures / what}, which is what the library calls it."
    ]


def test_a_second_mount_of_a_folder_above(pictures: Path, tmp_path: Path) -> None:
    mount = tmp_path / "mount"
    mount.mkdir()
    mounts = f"mount --bind '{pictures}' '{mount}'"
    paths, _ = paths_after(["index", pictures / "2019"], ["index", mount], mounts=mounts)
    assert paths == of(pictures)
    paths, _ = paths_after(["index", mount / "2019" / "Easter"], mounts=mounts)
    assert paths == of(pictures)


def test_another_folder_is_another(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other, one / "below"):
        folder.mkdir()
    (one / "out").symlink_to(other)
    for folder in (other, one, one / "below", tmp_path, tmp_path / "none", one / "out"):
        assert known_as(folder, [one, tmp_path / "unplugged"], lambda root: ["", "below"]) == folder

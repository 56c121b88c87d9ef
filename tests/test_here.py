"""``--here``: the current folder only, by paths relative to it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from conftest import Run, draw


def test_only_what_is_here(run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (photos / "sub" / "deep").mkdir()
    draw(photos / "sub" / "deep" / "more.png", "red", (9, 9))
    (photos / "sub2").mkdir()
    draw(photos / "sub2" / "no.png", "red", (8, 8))
    run("index", photos)
    monkeypatch.chdir(photos / "sub")
    paths = run("search", "red", "--here", "--paths").lines
    assert paths[0] == str(Path("deep", "more.png"))
    assert sorted(paths[1:]) == ["green.png", "yellow.png"]
    assert run("search", "red", "--here").lines[0].endswith(f"  {Path('deep', 'more.png')}")
    assert run("search", "red", "--here", "-0", "-n", "1").raw == b"deep/more.png\0"
    assert f"in {photos / 'sub'}" in run("search", "red", "--here").err
    assert len(run("search", "red", "--paths").lines) == 7  # unchanged without it
    assert all(Path(line).is_absolute() for line in run("search", "red", "--paths").lines)


def test_with_filters_and_like_a_picture(
    run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("index", photos)
    monkeypatch.chdir(photos / "sub")
    assert run("search", "name:green", "--here", "--paths").lines == ["green.png"]
    assert run("search", "name:red", "--here", "--paths").code == 3
    similar = run("similar", photos / "red.png", "--here", "--paths").lines
    assert sorted(similar) == ["green.png", "yellow.png"]


def test_json_stays_absolute(run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("index", photos)
    monkeypatch.chdir(photos / "sub")
    (line,) = run("search", "green", "--here", "--json", "-n", "1").lines
    assert json.loads(line)["path"] == str(photos / "sub" / "green.png")


def test_files_here(run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (photos / "empty.jpg").touch()
    (photos / "sub" / "empty too.jpg").touch()
    run("index", photos)
    monkeypatch.chdir(photos / "sub")
    assert run("files", "--here").lines == ["empty        empty too.jpg: the file is empty"]
    assert len(run("files").lines) == 2


def test_the_copy_that_is_here_is_the_one_that_is_named(
    run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (photos / "sub" / "zz.png").write_bytes((photos / "red.png").read_bytes())
    run("index", photos)
    monkeypatch.chdir(photos / "sub")
    assert run("search", "red", "--here", "--paths", "-n", "1").lines == ["zz.png"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs names that are not UTF-8")
def test_in_a_folder_whose_name_is_no_text(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / os.fsdecode(b"\xe9t\xe9 [2019]")
    (folder / "inside").mkdir(parents=True)
    draw(folder / "inside" / "red.png", "red")
    run("index", tmp_path)
    monkeypatch.chdir(folder)
    assert run("search", "red", "--here", "--paths").lines == [str(Path("inside", "red.png"))]
    assert run("search", "type:photo", "--here", "--paths").code == 0


def test_a_folder_that_the_library_does_not_know(
    run: Run, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("index", photos)
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    for command in (["search", "red"], ["similar", photos / "red.png"], ["files"]):
        result = run(*command, "--here")
        assert (result.code, result.out) == (2, "")
        assert result.err.endswith("To read what is there: clipsearch index .\n")


@pytest.mark.skipif(os.name != "posix", reason="needs links and such names")
@pytest.mark.parametrize("name", ["a [b] *", "-n", "Grüße"])
def test_names_and_links(
    run: Run, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (photos / name).mkdir()
    draw(photos / name / "-rf.png", "red", (9, 9))
    run("index", photos)
    monkeypatch.chdir(photos / name)
    assert run("search", "red", "--here", "--paths").lines == ["./-rf.png"]
    (tmp_path / "link").symlink_to(photos)
    monkeypatch.chdir(tmp_path / "link" / name)
    assert run("search", "red", "--here", "--paths").lines == ["./-rf.png"]
